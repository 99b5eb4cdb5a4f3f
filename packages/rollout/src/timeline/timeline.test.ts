import { definePredictor, systemEnvironment } from "@mlops/core";
import { describe, expect, test } from "vitest";

import { errorRate } from "../guardrail/kinds/error-rate.ts";
import { latency } from "../guardrail/kinds/latency.ts";
import { definePolicy } from "../policy/define-policy.ts";
import { createRollout } from "../rollout/create-rollout.ts";
import type { RolloutChange } from "../rollout/change.ts";
import { createMemoryStore } from "../store/memory-store.ts";
import { timeline } from "./timeline.ts";

const policy = definePolicy({
  seed: "timeline",
  tickMs: 5_000,
  guardrails: [latency({ limitMs: 500 }), errorRate({ limit: 0.05 })],
  stages: [
    { weight: 0.25, holdMs: 20_000 },
    { weight: 1, holdMs: 60_000 },
  ],
});

/** A rollout of a version that begins to fail after a while, with all that was told of it. */
async function play() {
  let now = 1_700_000_000_000;
  let fails = false;
  const version = (name: string) =>
    definePredictor({
      name: "root",
      version: name,
      predict(input: number) {
        if (fails && name === "2") throw new Error("it fails");
        return Math.sqrt(input);
      },
    });
  const rollout = createRollout({
    name: "root",
    versions: { "1": version("1"), "2": version("2") },
    stable: "1",
    store: createMemoryStore({ now: () => now }),
    pollMs: 0,
    environment: { ...systemEnvironment, now: () => now },
  });
  const changes: RolloutChange[] = [];
  const stop = rollout.subscribe((change) => changes.push(change));
  rollout.subscribe(() => {
    throw new Error("a broken listener");
  });
  await rollout.start("2", policy, { actor: "ada" });
  for (let tick = 0; tick < 10 && rollout.state.run !== null; tick += 1) {
    for (let user = 0; user < 200; user += 1) {
      await rollout.predict(4, { key: `user-${tick}-${user}` }).catch(() => {});
    }
    now += 5_000;
    fails = tick > 4;
    await rollout.tick();
  }
  return { rollout, changes, stop };
}

describe("subscribe", () => {
  test("tells each change and each verdict, whatever another listener does", async () => {
    const { rollout, changes, stop } = await play();
    const types = changes.map(({ type }) => type);
    expect(types[0]).toBe("started");
    expect(types).toContain("judged");
    expect(types.filter((type) => type === "stage-entered")).toHaveLength(1);
    expect(types.at(-1)).toBe("rolled-back");
    expect(changes.map(({ state }) => state.revision)).toEqual(changes.map((_, index) => index + 1));
    expect(changes.at(-1)!.status.summary).toBe(rollout.status().summary);
    stop();
    await rollout.start("2", policy, { actor: "bob" });
    await rollout.pause({ actor: "bob", reason: "later" });
    expect(changes).toHaveLength(types.length);
  });

  test("tells pauses, and where one candidate takes another's place", async () => {
    const { rollout, changes } = await play();
    const before = changes.length;
    await rollout.start("2", { ...policy, onNewCandidate: "replace" }, { actor: "ada" });
    await rollout.pause({ actor: "ada", reason: "later" });
    await rollout.start("1.5", policy, { actor: "ada" });
    expect(changes.slice(before).map(({ type }) => type)).toEqual(["started", "phase-changed", "replaced"]);
  });
});

describe("a timeline", () => {
  test("of an audit log shows what changed", async () => {
    const { rollout } = await play();
    expect(await timeline(rollout.audit())).toMatchInlineSnapshot(`
      "1 → 2, canary; guardrails: p95 latency, error rate
      ✓ pass  ✗ fail  ? inconclusive  · no-data  ! error
              +0 s  ███░░░░░░░    25 %   1/2      ada started 2
             +20 s  ██████████   100 %   2/2  ✓✓  every guardrail passed
             +35 s  ░░░░░░░░░░     0 %   end  ✓✗  rolled-back by guardrail:error rate: 33.3 % of the requ…"
    `);
  });

  test("of the changes also shows how it came about, and says once what stays the same", async () => {
    const { changes } = await play();
    expect(await timeline(changes, { ascii: true, columns: 80 })).toMatchInlineSnapshot(`
      "1 -> 2, canary; guardrails: p95 latency, error rate
      + pass  x fail  ? inconclusive  . no-data  ! error
              +0 s  ###-------    25 %   1/2      ada started 2
              +5 s  ###-------    25 %   1/2  ??  waits for p95 latency: 0 % of the...
             +10 s  ###-------    25 %   1/2  ++  waits for p95 latency has judged ...
             +15 s  ###-------    25 %   1/2  ++  waits for its time to pass
             +20 s  ##########   100 %   2/2      every guardrail passed
             +25 s  ##########   100 %   2/2  ++  waits for its time to pass
                    ... 1 more like it
             +35 s  ----------     0 %   end      rolled-back by guardrail:error ra..."
    `);
  });

  test("of nothing is nothing", async () => {
    expect(await timeline([])).toBe("");
  });

  test("has a heading for each rollout", async () => {
    const { rollout } = await play();
    await rollout.start("2", policy, { actor: "bob" });
    const text = await timeline(rollout.audit());
    expect(text.match(/1 → 2, canary/g)).toHaveLength(2);
    expect(text).toContain("\n\n");
  });

  test("keeps to its columns, and to one line, whatever a reason is", async () => {
    const { rollout } = await play();
    await rollout.start("2", policy, { actor: "bob" });
    await rollout.abort({ actor: "bob", reason: `a\nb\u001b[2J ${"🦊".repeat(200)}` });
    const text = await timeline(rollout.audit(), { columns: 90 });
    for (const line of text.split("\n").slice(2)) expect(Array.from(line).length).toBeLessThanOrEqual(120);
    const last = text.split("\n").at(-1)!;
    expect(Array.from(last)).toHaveLength(90);
    expect(last).toContain("bob: a b [2J 🦊");
  });
});
