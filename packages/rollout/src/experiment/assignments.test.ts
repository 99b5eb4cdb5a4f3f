import { definePredictor, systemEnvironment } from "@mlops/core";
import { afterEach, describe, expect, test } from "vitest";

import { verifyAudit } from "../audit/verify-audit.ts";
import { errorRate } from "../guardrail/kinds/error-rate.ts";
import { definePolicy } from "../policy/define-policy.ts";
import type { RolloutPolicy } from "../policy/policy.ts";
import type { CreateRolloutOptions } from "../rollout/create-rollout-options.ts";
import { createRollout } from "../rollout/create-rollout.ts";
import type { Rollout } from "../rollout/rollout.ts";
import { createMemoryStore } from "../store/memory-store.ts";
import type { AssignmentStore } from "./assignment-store.ts";
import { createAssignments } from "./create-assignments.ts";
import { createMemoryAssignmentStore } from "./memory-assignment-store.ts";
import { meanOf, shareOf } from "./metrics.ts";
import { abTest, bandit } from "./strategies.ts";

const ada = { actor: "ada" };
const keys = Array.from({ length: 1_000 }, (_, user) => `user-${user}`);
const opened: Rollout<string, string>[] = [];

afterEach(async () => {
  await Promise.all(opened.splice(0).map((rollout) => rollout.close()));
});

/** What time it is, for the store and all replicas. */
interface Clock {
  now: number;
}

function open(
  clock: Clock,
  change: Partial<CreateRolloutOptions<string, string>> = {},
): Rollout<string, string> {
  const answer = (version: string) =>
    definePredictor<string, string>({ name: "name", version, predict: () => version });
  const rollout = createRollout<string, string>({
    name: "name",
    versions: { a: answer("a"), b: answer("b"), c: answer("c") },
    stable: "a",
    store: createMemoryStore({ now: () => clock.now }),
    pollMs: 0,
    environment: { ...systemEnvironment, now: () => clock.now },
    assignments: createAssignments(),
    attributes: (input) => (input === "" ? {} : { device: input }),
    ...change,
  });
  opened.push(rollout);
  return rollout;
}

const base = {
  seed: "assignments",
  metric: shareOf("bought", { attributionMs: 1_000 }),
  guardrails: [errorRate({ limit: 0.5 })],
  tickMs: 10,
  minimumKeys: 20,
  minimumSamples: 10,
  onWinner: "promote",
} as const;

async function ask(rollout: Rollout<string, string>, input = ""): Promise<string[]> {
  return Promise.all(keys.map((key) => rollout.predict(input, { key })));
}

describe("an A/B test in replicas", () => {
  test("promotes the version whose keys do better, by outcomes told to any of them", async () => {
    const clock = { now: 1_000_000 };
    const store = createMemoryStore({ now: () => clock.now });
    const assignments = createMemoryAssignmentStore();
    const replicas = ["1", "2"].map((replica) =>
      open(clock, { replica, store, assignments: createAssignments({ store: assignments }) }),
    );
    const [one, two] = replicas as [Rollout<string, string>, Rollout<string, string>];
    await one.start("b", abTest({ ...base, variants: { b: 0.25, c: 0.25 } }), ada);
    await two.tick();
    const versions = await ask(one);
    expect(await ask(two)).toEqual(versions);
    for (const [index, key] of keys.entries()) {
      // Nearly all of c's keys buy; each replica is told of every other one.
      const value = versions[index] === "c" ? index % 10 !== 0 : index % 10 === 0;
      const told = replicas[index % 2]!;
      expect(await told.reportOutcome({ key, metric: "bought", value })).toBe("counted");
      expect(await one.reportOutcome({ key, metric: "bought", value: true })).toBe("repeated");
    }
    clock.now += 500;
    await two.tick();
    expect(two.state.run?.experiment?.findings?.variants).toMatchObject([
      { version: "b", verdict: { status: "no-data" } },
      { version: "c", verdict: { status: "no-data" } },
    ]);
    await one.tick();
    for (let turn = 0; turn < 3; turn += 1) {
      clock.now += 1_000;
      for (const replica of replicas) await replica.tick();
    }
    expect(two.state).toMatchObject({ stable: "c", last: { result: "completed", candidate: "c" } });
    expect(two.state.last?.reason).toContain("bought is better by");
    expect(await verifyAudit(one.audit())).toMatchObject({ isValid: true });
  });

  test("counts an outcome once, in time, of keys that took part", async () => {
    const clock = { now: 1_000_000 };
    const rollout = open(clock);
    const report = (key: string, value: boolean | number = true) =>
      rollout.reportOutcome({ key, metric: "bought", value });
    expect(await report("user-1")).toBe("no-experiment");
    await rollout.start("b", abTest({ ...base, variants: { b: 0.5 } }), ada);
    expect(await report("user-1")).toBe("unknown-key");
    await rollout.predict("", { key: "user-1" });
    await rollout.predict("", { key: "user-2" });
    expect(await rollout.reportOutcome({ key: "user-1", metric: "sold", value: true })).toBe("no-experiment");
    expect(await report("user-1")).toBe("counted");
    expect(await report("user-1", false)).toBe("repeated");
    clock.now += 1_001;
    expect(await report("user-2")).toBe("late");
    await expect(report("user-2", 0.5)).rejects.toMatchObject({ code: "INVALID_OPTIONS" });
    await expect(report("user-2", Number.NaN)).rejects.toMatchObject({ code: "INVALID_OPTIONS" });
  });

  test("takes no number whose square is none", async () => {
    const rollout = open({ now: 1_000_000 });
    const metric = meanOf("revenue", { attributionMs: 1_000 });
    await rollout.start("b", abTest({ ...base, metric, variants: { b: 0.5 } }), ada);
    await rollout.predict("", { key: "user-1" });
    const report = (value: number) => rollout.reportOutcome({ key: "user-1", metric: "revenue", value });
    await expect(report(-1e160)).rejects.toMatchObject({ code: "INVALID_OPTIONS", option: "value" });
    expect(await report(-1e100)).toBe("counted");
  });

  test("needs assignments, a version to compare with, and versions of its own", async () => {
    const policy = abTest({ ...base, variants: { b: 0.5 } });
    const clock = { now: 1_000_000 };
    await expect(open(clock, { assignments: undefined }).start("b", policy, ada)).rejects.toMatchObject({
      code: "INVALID_OPTIONS",
      option: "assignments",
    });
    await expect(open(clock).start("c", policy, ada)).rejects.toMatchObject({ reason: "not-a-variant" });
    const own = abTest({ ...base, variants: { a: 0.3, b: 0.3 } });
    await expect(open(clock).start("b", own, ada)).rejects.toMatchObject({ reason: "not-a-variant" });
  });

  test("may be ended by hand with either of its versions", async () => {
    const rollout = open({ now: 1_000_000 });
    await rollout.start("b", abTest({ ...base, variants: { b: 0.3, c: 0.3 } }), ada);
    const reason = "the users asked for it";
    await expect(rollout.promote({ ...ada, reason, version: "a" })).rejects.toMatchObject({
      reason: "not-a-variant",
    });
    await rollout.promote({ ...ada, reason, version: "c" });
    expect(rollout.state).toMatchObject({ stable: "c", run: null });
  });
});

describe("a bandit in replicas", () => {
  test("moves its weights once, in all of them, and nobody who has asked before", async () => {
    const clock = { now: 1_000_000 };
    const store = createMemoryStore({ now: () => clock.now });
    const assignments = createMemoryAssignmentStore();
    const replicas = ["1", "2", "3"].map((replica) =>
      open(clock, { replica, store, assignments: createAssignments({ store: assignments }) }),
    );
    const [one] = replicas as [Rollout<string, string>];
    const policy = bandit({ ...base, variants: ["b", "c"], falseWinnerRate: 1e-9, everyMs: 10_000 });
    await one.start("b", policy, ada);
    for (const replica of replicas) await replica.tick();
    expect(one.status().weights).toEqual({ b: 0.3333, c: 0.3333, a: 0.3334 });
    const versions = await ask(one);
    for (const [index, key] of keys.entries()) {
      const value = index % 100 < (versions[index] === "c" ? 30 : 20);
      await one.reportOutcome({ key, metric: "bought", value });
    }
    clock.now += 20_000;
    await Promise.all(replicas.map((replica) => replica.tick()));
    for (const replica of replicas) await replica.tick();
    const types: string[] = [];
    for await (const { type } of one.audit()) types.push(type);
    expect(types).toEqual(["started", "reweighted"]);
    const { weights } = one.status();
    for (const replica of replicas) expect(replica.status().weights).toEqual(weights);
    expect(weights!["c"]).toBeGreaterThan(0.5);
    expect(await ask(replicas[2]!)).toEqual(versions);
    expect(one.status().summary).toMatch(
      /^b answers [\d.]+ %, c answers [\d.]+ %, a answers [\d.]+ % of the keys/,
    );
  });
});

describe("a version that a guardrail fails", () => {
  test.each([
    ["an A/B test", abTest({ ...base, variants: { b: 0.3, c: 0.3 } })],
    ["a bandit", bandit({ ...base, variants: ["b", "c"] })],
  ])(
    "is dropped from %s at once: its keys have the stable version, everybody else stays",
    async (_, policy) => {
      const clock = { now: 1_000_000 };
      const broken = definePredictor<string, string>({
        name: "name",
        version: "b",
        predict: () => {
          throw new Error("it broke");
        },
      });
      const answer = (version: string) =>
        definePredictor<string, string>({ name: "name", version, predict: () => version });
      const rollout = open(clock, { versions: { a: answer("a"), b: broken, c: answer("c") } });
      await rollout.start("b", policy, ada);
      const before = await Promise.allSettled(keys.map((key) => rollout.predict("", { key })));
      clock.now += 20;
      await rollout.tick();
      expect(rollout.state.run).toMatchObject({
        candidate: "c",
        experiment: { dropped: [{ version: "b" }] },
      });
      const after = await ask(rollout);
      for (const [index, result] of before.entries()) {
        expect(after[index]).toBe(result.status === "fulfilled" ? result.value : "a");
      }
      const types: string[] = [];
      for await (const { type } of rollout.audit()) types.push(type);
      expect(types).toEqual(["started", "variant-dropped"]);
    },
  );
});

describe("keys keep what they were given", () => {
  const stages = [{ weight: 0.2, holdMs: null }];
  const sticky = { bucketVersion: 1, minimumBucketVersion: 0, fallbackAttribute: null };
  const keeping = (change: Partial<Parameters<typeof definePolicy>[0]> = {}): RolloutPolicy =>
    definePolicy({ seed: "sticky", unguarded: true, onNewCandidate: "replace", stages, sticky, ...change });

  test("when an experiment is started anew with other weights; with another bucket version they are drawn again", async () => {
    const rollout = open({ now: 1_000_000 });
    const policy = abTest({ ...base, onNewCandidate: "replace", variants: { b: 0.2 }, sticky });
    await rollout.start("b", policy, ada);
    const first = await ask(rollout);
    const wider = { ...base, onNewCandidate: "replace", variants: { b: 0.7 } } as const;
    await rollout.start("b", abTest({ ...wider, sticky }), ada);
    expect(await ask(rollout)).toEqual(first);
    await rollout.start("b", abTest({ ...wider, sticky: { ...sticky, bucketVersion: 2 } }), ada);
    expect((await ask(rollout)).filter((version) => version === "b").length).toBeGreaterThan(650);
  });

  test.each([
    ["another version", { c: 0.3 }],
    ["another order", { c: 0.1, b: 0.3 }],
  ])("but not in an experiment of %s, whose split is as planned", async (_, variants) => {
    const clock = { now: 1_000_000 };
    const rollout = open(clock);
    const replacing = { ...base, onNewCandidate: "replace", minimumKeys: 10_000 } as const;
    await rollout.start("b", abTest({ ...replacing, variants: { b: 0.6, c: 0.1 } }), ada);
    await ask(rollout);
    await rollout.start("c", abTest({ ...replacing, variants }), ada);
    await ask(rollout);
    clock.now += 2_000;
    await rollout.tick();
    const { evidence, status } = rollout.state.run!.experiment!.findings!.sampleRatio;
    expect({ status, samples: evidence.samples }).toEqual({ status: "pass", samples: keys.length });
  });

  test("when the cohort does not fit any more, in a canary too", async () => {
    const rollout = open({ now: 1_000_000 });
    const cohort = { attribute: "device", isOneOf: ["phone"] } as const;
    await rollout.start("b", keeping({ stages: [{ weight: 0.5, holdMs: null, cohort }] }), ada);
    const onPhone = await ask(rollout, "phone");
    expect(onPhone.filter((version) => version === "b").length).toBeGreaterThan(400);
    expect(await ask(rollout, "desktop")).toEqual(onPhone);
    await rollout.abort({ ...ada, reason: "enough" });
    expect(new Set(await ask(rollout, "phone"))).toEqual(new Set(["a"]));
  });

  test("and are out below the minimum bucket version", async () => {
    const rollout = open({ now: 1_000_000 });
    await rollout.start("b", keeping(), ada);
    const first = await ask(rollout);
    await rollout.start(
      "b",
      keeping({ sticky: { ...sticky, bucketVersion: 2, minimumBucketVersion: 2 } }),
      ada,
    );
    const second = await ask(rollout);
    expect(first.filter((version) => version === "b").length).toBeGreaterThan(100);
    // Who had it is out; the others of these buckets are the same, and so none are left.
    expect(new Set(second)).toEqual(new Set(["a"]));
  });

  test("by an attribute before they have a key of their own", async () => {
    const rollout = open({ now: 1_000_000 });
    const policy = abTest({
      ...base,
      variants: { b: 0.5 },
      sticky: { ...sticky, fallbackAttribute: "device" },
    });
    await rollout.start("b", policy, ada);
    const devices = Array.from({ length: 50 }, (_, device) => `device-${device}`);
    const anonymous = await Promise.all(devices.map((device) => rollout.predict(device)));
    expect(new Set(anonymous)).toEqual(new Set(["a", "b"]));
    const known = await Promise.all(
      devices.map((device, index) => rollout.predict(device, { key: `user-${index}` })),
    );
    expect(known).toEqual(anonymous);
  });
});

describe("where assignments cannot be had", () => {
  const failing: AssignmentStore = {
    read: () => Promise.reject(new Error("no connection")),
    claim: () => Promise.reject(new Error("no connection")),
    report: () => Promise.reject(new Error("no connection")),
    tally: () => Promise.reject(new Error("no connection")),
  };

  test("everybody is answered by their hash, guardrails go on, and nobody is promoted", async () => {
    const clock = { now: 1_000_000 };
    const rollout = open(clock, { assignments: createAssignments({ store: failing }) });
    await rollout.start("b", abTest({ ...base, variants: { b: 0.5 } }), ada);
    expect(new Set(await ask(rollout))).toEqual(new Set(["a", "b"]));
    expect(rollout.status().replica.problem).toContain("no connection");
    clock.now += 20;
    await rollout.tick();
    expect(rollout.state.run?.reason).toBe("waits for the outcomes to be read");
  });

  test("keys beyond the room for them are answered, and do not count", async () => {
    const clock = { now: 1_000_000 };
    const store = createMemoryAssignmentStore({ maxKeys: 100 });
    const rollout = open(clock, { assignments: createAssignments({ store, cachedKeys: 0 }) });
    await rollout.start("b", abTest({ ...base, variants: { b: 0.5 } }), ada);
    await ask(rollout);
    const tallies = await store.tally("name/assignments", { generation: 1, before: clock.now + 1 });
    expect(tallies.reduce((sum, tally) => sum + tally.keys, 0)).toBe(100);
    expect(await rollout.reportOutcome({ key: "user-999", metric: "bought", value: true })).toBe(
      "unknown-key",
    );
  });
});
