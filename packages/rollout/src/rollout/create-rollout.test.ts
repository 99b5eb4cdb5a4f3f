import { definePredictor, type Environment, type Predictor, systemEnvironment } from "@mlops/core";
import { afterEach, describe, expect, test } from "vitest";

import type { Attributes } from "../cohort/attributes.ts";
import type { GuardrailKind } from "../guardrail/guardrail.ts";
import { pairedKind, pairedTruth } from "../guardrail/kinds/paired.ts";
import { definePolicy, type PolicyDefinition } from "../policy/define-policy.ts";
import { createMemoryStore } from "../store/memory-store.ts";
import type { CreateRolloutOptions } from "./create-rollout-options.ts";
import { createRollout } from "./create-rollout.ts";
import type { Rollout } from "./rollout.ts";

interface Counts {
  readonly candidate: number;
  readonly control: number;
  readonly failures: number;
  readonly disagreements: number;
}

/** Passes on 20 requests of the candidate, and fails with its first failure or disagreement. */
const counting: GuardrailKind<unknown, Counts> = {
  kind: "counting",
  parseOptions: (options) => options,
  createCounter() {
    const counts = { candidate: 0, control: 0, failures: 0, disagreements: 0 };
    return {
      observe(event, arm) {
        counts[arm] += 1;
        if (arm !== "candidate") return;
        if (event.outcome === "failure") counts.failures += 1;
        if ("live" in event && event.live !== event.output) counts.disagreements += 1;
      },
      counts: () => ({ ...counts }),
    };
  },
  merge: (a, b) => ({
    candidate: a.candidate + b.candidate,
    control: a.control + b.control,
    failures: a.failures + b.failures,
    disagreements: a.disagreements + b.disagreements,
  }),
  judge({ candidate, control, failures, disagreements }) {
    const evidence = { samples: candidate, controlSamples: control };
    if (failures + disagreements > 0) return { status: "fail", reason: "it went wrong", evidence };
    if (candidate < 20) return { status: "no-data", reason: `${candidate} of 20 requests`, evidence };
    return { status: "pass", reason: `${candidate} requests went well`, evidence };
  },
};

function version(
  name: string,
  predict: (input: number) => number | Promise<number>,
): Predictor<number, number> {
  return definePredictor({ name: "double", version: name, predict });
}

const policy = (change: Partial<PolicyDefinition> = {}): ReturnType<typeof definePolicy> =>
  definePolicy({
    seed: "test",
    tickMs: 1,
    stages: [
      { weight: 0.5, minimumSamples: 20 },
      { weight: 1, minimumSamples: 20 },
    ],
    guardrails: [{ name: "counting", kind: "counting" }],
    ...change,
  });

const ada = { actor: "ada" };
const keys = Array.from({ length: 100 }, (_, user) => `user-${user}`);
const opened: Rollout<number, number>[] = [];

afterEach(async () => {
  await Promise.all(opened.splice(0).map((rollout) => rollout.close()));
});

function open(change: Partial<CreateRolloutOptions<number, number>> = {}): Rollout<number, number> {
  let now = 1_000_000;
  const rollout = createRollout<number, number>({
    name: "double",
    versions: {
      "1": version("1", (input) => input * 2),
      "2": version("2", (input) => input + input),
      broken: version("broken", () => {
        throw new Error("it broke");
      }),
      wrong: version("wrong", (input) => input * 3),
    },
    stable: "1",
    store: createMemoryStore({ now: () => (now += 10) }),
    guardrails: [counting],
    pollMs: 0,
    ...change,
  });
  opened.push(rollout);
  return rollout;
}

/** Asks for every key; what failed is its error's code. */
async function askAll(rollout: Rollout<number, number>): Promise<unknown[]> {
  return Promise.all(
    keys.map((key) =>
      rollout.predict(21, { key }).catch((error: unknown) => Reflect.get(error as object, "code")),
    ),
  );
}

describe("a rollout is a predictor", () => {
  test("that answers from the stable version, when nothing is under way", async () => {
    const rollout = open();
    expect(new Set(await askAll(rollout))).toEqual(new Set([42]));
    expect(rollout.health()).toMatchObject({ status: "ready" });
    expect(rollout.status()).toMatchObject({ phase: "idle", summary: "1 answers everybody." });
  });

  test("that moves to a candidate whose guardrails pass", async () => {
    const rollout = open();
    await rollout.start("2", policy(), ada);
    for (let round = 0; round < 2; round += 1) {
      await askAll(rollout);
      await rollout.tick();
    }
    expect(rollout.state).toMatchObject({ stable: "2", last: { result: "completed" } });
    const types: string[] = [];
    for await (const { type } of rollout.audit()) types.push(type);
    expect(types).toEqual(["started", "stage-entered", "completed"]);
  });

  test("that goes back at the first failure, and answers everybody from the stable version then", async () => {
    const rollout = open();
    await rollout.start("broken", policy(), ada);
    expect(new Set(await askAll(rollout))).toEqual(new Set([42, "BACKEND_FAILED"]));
    await rollout.tick();
    expect(rollout.state).toMatchObject({ stable: "1", last: { result: "rolled-back" } });
    expect(new Set(await askAll(rollout))).toEqual(new Set([42]));
  });

  test("whose keys stay where they are", async () => {
    const rollout = open();
    await rollout.start(
      "wrong",
      policy({ guardrails: [], unguarded: true, stages: [{ weight: 0.5, holdMs: null }] }),
      ada,
    );
    const first = await askAll(rollout);
    expect(await askAll(rollout)).toEqual(first);
    expect(new Set(first)).toEqual(new Set([42, 63]));
  });
});

/** Waits until shadowed requests have run. */
const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 20));

describe("a shadow", () => {
  const shadowing = policy({ stages: [{ weight: 0, shadow: 1, minimumSamples: 20, holdMs: null }] });

  test("never answers, and is compared with what did, request by request", async () => {
    const rollout = open();
    await rollout.start("wrong", shadowing, ada);
    expect(new Set(await askAll(rollout))).toEqual(new Set([42]));
    await settle();
    await rollout.tick();
    expect(rollout.state.last).toMatchObject({ result: "rolled-back", actor: "guardrail:counting" });
  });

  test("that breaks fails nobody, and is rolled back", async () => {
    const rollout = open();
    await rollout.start("broken", shadowing, ada);
    expect(new Set(await askAll(rollout))).toEqual(new Set([42]));
    await settle();
    await rollout.tick();
    expect(rollout.state.last?.result).toBe("rolled-back");
  });

  test("that never answers delays nobody; what there is no room for is left out", async () => {
    let asked = 0;
    const slow = definePredictor<number, number>({
      name: "double",
      version: "slow",
      predict: (_, { signal }) => {
        asked += 1;
        return new Promise((__, reject) =>
          signal?.addEventListener("abort", () => reject(new Error("given up"))),
        );
      },
    });
    const versions = { "1": version("1", (input) => input * 2), slow };
    const rollout = open({ versions, shadow: { maxConcurrent: 5, timeoutMs: 50 } });
    await rollout.start("slow", shadowing, ada);
    expect(new Set(await askAll(rollout))).toEqual(new Set([42]));
    await settle();
    expect(asked).toBe(5);
  });

  test("sees the input as it was when it was asked, though the caller changes it", async () => {
    const seen: number[] = [];
    const first = definePredictor({ name: "sum", version: "1", predict: ([a]: number[]) => a! });
    const second = definePredictor({
      name: "sum",
      version: "2",
      predict: ([a]: number[]) => {
        seen.push(a!);
        return a!;
      },
    });
    const rollout = createRollout({
      name: "sum",
      versions: { "1": first, "2": second },
      stable: "1",
      store: createMemoryStore(),
      guardrails: [counting],
      pollMs: 0,
    });
    await rollout.start("2", shadowing, ada);
    const input = [1];
    await rollout.predict(input, { key: "user-1" });
    input[0] = 99;
    await settle();
    expect(seen).toEqual([1]);
    await rollout.close();
  });
});

describe("a shadow whose answers are compared with the truth", () => {
  const paired = policy({
    stages: [{ weight: 0, shadow: 1, minimumSamples: 20, holdMs: null }],
    guardrails: [pairedTruth({ tolerance: 0.02 })],
  });

  test("is rolled back when it is wrong where the live version is right", async () => {
    const rollout = open({ guardrails: [pairedKind], shadow: { maxConcurrent: 100 } });
    await rollout.start("wrong", paired, ada);
    expect(rollout.reportTruth({ key: "user-1", truth: 42 })).toBe(false);
    await askAll(rollout);
    await settle();
    for (const key of keys) {
      expect(rollout.reportTruth({ key, truth: 42 })).toBe(true);
      expect(rollout.reportTruth({ key, truth: 42 })).toBe(false);
    }
    await rollout.tick();
    expect(rollout.state.last).toMatchObject({
      result: "rolled-back",
      actor: "guardrail:paired truth",
      reason: expect.stringContaining("of 100 pairs, 100 were right only live and 0 only shadowed"),
    });
  });

  test("keeps as many pairs as it is told, the latest", async () => {
    const rollout = open({ guardrails: [pairedKind], shadow: { maxPairs: 2 } });
    await rollout.start("2", paired, ada);
    for (const key of ["user-1", "user-2", "user-3"]) await rollout.predict(21, { key });
    await settle();
    const known = ["user-1", "user-2", "user-3"].map((key) => rollout.reportTruth({ key, truth: 42 }));
    expect(known).toEqual([false, true, true]);
  });
});

describe("who has the candidate", () => {
  const attributesOf = (input: number): Attributes => ({ size: input });

  test("is a cohort, where the stage is for one", async () => {
    const rollout = open({ attributes: attributesOf });
    const stages = [{ weight: 1, holdMs: null, cohort: { attribute: "size", atLeast: 10 } }];
    await rollout.start("wrong", policy({ guardrails: [], unguarded: true, stages }), ada);
    expect(await rollout.predict(5, { key: "user-1" })).toBe(10);
    expect(await rollout.predict(10, { key: "user-1" })).toBe(30);
  });

  test.each(["stable", "random", "reject"] as const)(
    "without a key is decided by onMissingKey: %s",
    async (onMissingKey) => {
      let drawn = 0;
      const rollout = open({ random: () => (drawn += 0.01) });
      const stages = [{ weight: 0.5, holdMs: null }];
      await rollout.start("wrong", policy({ guardrails: [], unguarded: true, onMissingKey, stages }), ada);
      const answers = await Promise.all(keys.map(() => rollout.predict(1).catch(() => "refused")));
      const expected = { stable: [2], random: [2, 3], reject: ["refused"] }[onMissingKey];
      expect(new Set(answers)).toEqual(new Set<unknown>(expected));
    },
  );

  test("is everybody, where there was no version before", async () => {
    const rollout = open({ stable: "1" });
    await rollout.start(
      "2",
      policy({ strategy: "single-model", stages: [{ weight: 1, holdMs: null, minimumSamples: 20 }] }),
      ada,
    );
    await askAll(rollout);
    await rollout.tick();
    expect(rollout.status().summary).toBe(
      "2 answers 100 % of the keys (stage 1 of 1): stays until it is promoted.",
    );
  });
});

describe("replicas", () => {
  test("that share a store follow one another, and their requests count together", async () => {
    let now = 0;
    const store = createMemoryStore({ now: () => (now += 10) });
    const [a, b] = [open({ store, replica: "a" }), open({ store, replica: "b" })];
    await a.start("2", policy(), ada);
    await b.tick();
    for (const key of keys.slice(0, 30)) {
      await a.predict(1, { key });
      await b.predict(1, { key: `${key}-b` });
    }
    await b.tick();
    expect(a.state.run?.stage).toBe(0);
    await a.tick();
    await b.tick();
    expect([a.state.run?.stage, b.state.run?.stage]).toEqual([1, 1]);
  });

  test("that do not reach the store go on with what they know, and say so", async () => {
    const memory = createMemoryStore();
    let isCut = false;
    const store = {
      ...memory,
      read: async (name: string) => {
        if (isCut) throw new Error("no route to the store");
        return memory.read(name);
      },
    };
    let now = 1_000;
    const environment: Environment = { ...systemEnvironment, now: () => now };
    const make = (onStale: "keep" | "stable"): Rollout<number, number> =>
      open({ store, environment, onStale, staleAfterMs: 100, replica: onStale });
    const [keeps, returns] = [make("keep"), make("stable")];
    await keeps.start(
      "wrong",
      policy({ guardrails: [], unguarded: true, stages: [{ weight: 1, holdMs: null }] }),
      ada,
    );
    await returns.tick();
    isCut = true;
    await expect(keeps.tick()).rejects.toThrow("no route to the store");
    now += 101;
    expect(keeps.status().replica).toMatchObject({ problem: "no route to the store", stalenessMs: 101 });
    expect(await keeps.predict(1, { key: "user-1" })).toBe(3);
    expect(await returns.predict(1, { key: "user-1" })).toBe(2);
  });

  test("that lack the version they are asked for say which they have", async () => {
    const rollout = open();
    await rollout.start(
      "3",
      policy({ guardrails: [], unguarded: true, stages: [{ weight: 1, holdMs: null }] }),
      ada,
    );
    await expect(rollout.predict(1, { key: "user-1" })).rejects.toThrow(/version "3".*"1", "2"/);
  });
});

test("a stable version that is none of the versions is refused", () => {
  expect(() => open({ stable: "0" })).toThrow(
    expect.objectContaining({ code: "INVALID_OPTIONS", option: "stable" }),
  );
});
