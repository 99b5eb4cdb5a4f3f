import { describe, expect, test } from "vitest";

import { simulate } from "../simulation/simulate.ts";
import { definePolicy } from "./define-policy.ts";
import { parsePolicy } from "./policy-schema.ts";
import { canaryDefault, shadowThenCanary, singleModel } from "./presets.ts";
import { blueGreen, canary, cohort, direct, shadow } from "./strategies.ts";
import { latency } from "../guardrail/kinds/latency.ts";

const seed = "presets";
const guardrails = [latency({ limitMs: 500 })];
const who = { attribute: "team", isOneOf: ["beta"] } as const;

describe("every strategy", () => {
  test.each([
    ["direct", direct({ seed })],
    ["blue-green", blueGreen({ seed, guardrails })],
    ["canary", canary({ seed, guardrails })],
    ["canary", canary({ seed, guardrails, control: "matched" })],
    ["shadow", shadow({ seed, guardrails })],
    ["cohort", cohort({ seed, guardrails, who })],
    ["single-model", singleModel({ seed, cells: { by: "class" }, reference: { a: 0.5, b: 0.5 } })],
    ["canary", canaryDefault({ seed, p95LimitMs: 500, cells: { by: "class" } })],
    ["shadow-then-canary", shadowThenCanary({ seed, p95LimitMs: 500 })],
  ])("%s is plain data: JSON and back is the same policy", (strategy, policy) => {
    expect(policy.strategy).toBe(strategy);
    expect(parsePolicy(JSON.parse(JSON.stringify(policy)))).toEqual(policy);
  });
});

describe("a healthy candidate gets through", () => {
  const healthy = { p95Ms: 200, errorRate: 0.001, classes: { joy: 0.5, anger: 0.5 } };
  const traffic = { stable: healthy, candidate: healthy, requestsPerSecond: 100, runs: 2 };
  const steps = [0.1, 0.5, 1].map((weight) => ({ weight, holdMs: 60_000 }));

  test.each([
    ["canaryDefault", canaryDefault({ seed, p95LimitMs: 500, cells: { by: "class" }, steps })],
    [
      "shadowThenCanary",
      shadowThenCanary({ seed, p95LimitMs: 500, steps, shadowMs: 60_000, disagreement: 0.9 }),
    ],
    ["blueGreen", blueGreen({ seed, guardrails, keepWarmMs: 60_000 })],
  ])("%s", (_, policy) => {
    expect(simulate(policy, { ...traffic, maxDurationMs: 1_800_000 })).toMatchObject({ completed: 2 });
  });
});

describe("the emotion classifier's rule", () => {
  const reference = { joy: 0.3, sadness: 0.3, anger: 0.2, fear: 0.2 };
  const policy = singleModel({ seed, cells: { by: "class" }, reference, fallback: "rules" });
  const base = { requestsPerSecond: 20, runs: 5, maxDurationMs: 600_000 };
  const healthy = { p95Ms: 400, classes: reference };

  test("keeps a healthy model", () => {
    expect(simulate(policy, { ...base, stable: healthy, candidate: healthy })).toMatchObject({
      undecided: 5,
    });
  });

  test.each([
    ["slow", { ...healthy, p95Ms: 700 }, "p95 latency"],
    [
      "changed",
      { ...healthy, classes: { joy: 0.9, sadness: 0.04, anger: 0.03, fear: 0.03 } },
      "output distribution",
    ],
  ])("takes a %s one back", (_, candidate, by) => {
    const { rolledBack, rolledBackBy } = simulate(policy, { ...base, stable: healthy, candidate });
    expect([rolledBack, rolledBackBy[by]]).toEqual([5, 5]);
  });
});

describe("a policy that cannot be meant is refused", () => {
  const stage = { weight: 0.5 };
  test.each<[string, Parameters<typeof definePolicy>[0], string]>([
    ["without guardrails", { seed, stages: [stage] }, "guardrails"],
    ["unguarded, with guardrails", { seed, stages: [stage], guardrails, unguarded: true }, "unguarded"],
    ["without stages", { seed, stages: [], guardrails }, "stages"],
    ["with a percentage", { seed, stages: [{ weight: 50 }], guardrails }, "stages[0].weight"],
    ["with a stage that nobody can judge", { seed, stages: [{ weight: 0 }], guardrails }, "stages[0].weight"],
    [
      "with a matched control of more than half",
      { seed, stages: [{ weight: 0.6, control: "matched" }], guardrails },
      "stages[0].weight",
    ],
    [
      "with an endless stage in the middle",
      { seed, stages: [{ weight: 0.1, holdMs: null }, stage], guardrails },
      "stages[0].holdMs",
    ],
    [
      "with one name twice",
      { seed, stages: [stage], guardrails: [...guardrails, ...guardrails] },
      "guardrails[1].name",
    ],
    [
      "with a name for the prototype",
      { seed, stages: [stage], guardrails: [{ name: "__proto__", kind: "latency" }] },
      "guardrails[0].name",
    ],
    [
      "with a stage in which no guardrail counts",
      { seed, stages: [{ weight: 1 }], guardrails: [{ ...guardrails[0]!, stages: "compared" }] },
      "stages[0]",
    ],
    ["without a seed", { seed: "", stages: [stage], guardrails }, "seed"],
  ])("%s", (_, definition, field) => {
    expect(() => definePolicy(definition)).toThrow(
      expect.objectContaining({ code: "INVALID_POLICY", field }),
    );
  });

  test.each([null, [], "canary", { schemaVersion: 2 }])("from outside: %j", (value) => {
    expect(() => parsePolicy(value)).toThrow(expect.objectContaining({ code: "INVALID_POLICY" }));
  });
});
