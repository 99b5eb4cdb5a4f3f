import { binomialInterval, createRandom } from "@mlops/stats";
import { describe, expect, test } from "vitest";

import { errorRate } from "../guardrail/kinds/error-rate.ts";
import { sampleRatio } from "../guardrail/kinds/sample-ratio.ts";
import { latency } from "../guardrail/kinds/latency.ts";
import { parsePolicy } from "../policy/policy-schema.ts";
import { shareOf } from "./metrics.ts";
import { playExperiment } from "./play.fixtures.ts";
import { abTest, bandit } from "./strategies.ts";

const metric = shareOf("bought", { attributionMs: 1_000 });
const guardrails = [errorRate({ limit: 0.05 })];
const base = { seed: "play", metric, guardrails, tickMs: 1_000, onWinner: "promote" } as const;
const abTestOfTwo = abTest({ ...base, variants: { b: 0.25, c: 0.25 } });
const banditOfTwo = bandit({ ...base, variants: ["b", "c"], everyMs: 5_000 });

describe("a policy", () => {
  test.each([abTestOfTwo, banditOfTwo])("of $strategy is plain data: JSON and back is the same", (policy) => {
    expect(parsePolicy(JSON.parse(JSON.stringify(policy)))).toEqual(policy);
    expect(policy.guardrails.map(({ name, variant }) => [name, variant])).toEqual([
      ["error rate of b", "b"],
      ["error rate of c", "c"],
    ]);
  });

  test.each([
    ["v1+a", "v1/a"],
    ["2026-11-01", "2026-11-02"].map((day) => `registry.example.com/models/fraud-detector/production@${day}`),
  ])("names the guardrails of %s and %s apart", (one, other) => {
    const { guardrails: rules } = abTest({ ...base, variants: { [one!]: 0.25, [other!]: 0.25 } });
    expect(rules.map(({ variant }) => variant)).toEqual([one, other]);
  });

  test.each([
    [
      "leaves the stable version nothing",
      () => abTest({ ...base, variants: { b: 0.5, c: 0.5 } }),
      "variants",
    ],
    ["has a floor of more than its part", () => bandit({ ...base, variants: ["b"], floor: 0.51 }), "floor"],
    [
      "splits requests by a guardrail",
      () => abTest({ ...base, variants: { b: 0.5 }, guardrails: [sampleRatio()] }),
      "stages",
    ],
    [
      "compares arms whose weights move",
      () => bandit({ ...base, variants: ["b"], guardrails: [latency({ limitMs: 5, tolerance: 0.1 })] }),
      "fixed limit",
    ],
    [
      "has a guardrail of none of its versions",
      () => parsePolicy({ ...abTestOfTwo, guardrails: [{ ...abTestOfTwo.guardrails[0]!, variant: "d" }] }),
      "variant",
    ],
    [
      "is an A/B test and moves weights",
      () =>
        parsePolicy({
          ...abTestOfTwo,
          experiment: { ...abTestOfTwo.experiment!, reweighting: banditOfTwo.experiment!.reweighting },
        }),
      "reweighting",
    ],
  ])("that %s is refused", (_, make, named) => {
    expect(make).toThrow(named);
  });
});

describe("an A/B test", () => {
  test("of versions that are no better promotes one at most as often as it says, over 100 looks", () => {
    const random = createRandom(21);
    const runs = 100;
    let won = 0;
    for (let run = 0; run < runs; run += 1) {
      const { state } = playExperiment({
        policy: abTestOfTwo,
        random,
        looks: 100,
        keysPerLook: 400,
        rates: () => [0.1, 0.1, 0.1],
      });
      won += Number(state.last?.result === "completed");
    }
    expect(binomialInterval({ successes: won, trials: runs }).lower).toBeLessThanOrEqual(0.05);
    expect(won / runs).toBeLessThanOrEqual(0.05);
  });

  test("of one that is better promotes it, and drops one that is worse", () => {
    const { state, transitions } = playExperiment({
      policy: abTestOfTwo,
      random: createRandom(22),
      looks: 300,
      keysPerLook: 400,
      rates: () => [0.07, 0.12, 0.1],
    });
    expect(state).toMatchObject({ stable: "c", run: null, last: { result: "completed", candidate: "c" } });
    expect(transitions.map(({ type }) => type)).toEqual(["started", "variant-dropped", "completed"]);
    expect(transitions[1]!.reason).toMatch(/^b: bought is better by -/);
  });

  test("drops the version that a guardrail fails, and is rolled back with the last of them", () => {
    const failing = playExperiment({
      policy: abTestOfTwo,
      random: createRandom(23),
      looks: 4,
      keysPerLook: 400,
      rates: () => [0.2, 0.1, 0.1],
      says: (version) => (version === "b" ? "fail" : "pass"),
    });
    expect(failing.state.run).toMatchObject({ candidate: "c", experiment: { dropped: [{ version: "b" }] } });
    const all = playExperiment({
      policy: abTestOfTwo,
      random: createRandom(23),
      looks: 4,
      keysPerLook: 400,
      rates: () => [0.2, 0.2, 0.1],
      says: () => "fail",
    });
    expect(all.state).toMatchObject({ stable: "stable", run: null, last: { result: "rolled-back" } });
  });

  test("promotes no winner whose guardrails do not pass, nor without the approval that it asks for", () => {
    const options = {
      random: createRandom(24),
      looks: 100,
      keysPerLook: 400,
      rates: () => [0.3, 0.1, 0.1],
    };
    const unsure = playExperiment({ ...options, policy: abTestOfTwo, says: () => "inconclusive" });
    expect(unsure.state.run?.reason).toMatch(/^waits for error rate of b/);
    const policy = abTest({ ...base, variants: { b: 0.25, c: 0.25 }, onWinner: "approval" });
    const waiting = playExperiment({ ...options, policy });
    expect(waiting.state.run).toMatchObject({ phase: "awaiting-approval", candidate: "b" });
  });

  test("keeps the stable version where nothing is decided in time", () => {
    const policy = abTest({ ...base, variants: { b: 0.5 }, deadlineMs: 60_000 });
    const { state } = playExperiment({
      policy,
      random: createRandom(25),
      looks: 100,
      keysPerLook: 50,
      rates: () => [0.1, 0.1],
    });
    expect(state.last).toMatchObject({ result: "rolled-back", reason: "nothing was decided in 60000 ms" });
  });
});

describe("a bandit", () => {
  test("costs fewer keys of worse versions than equal weights do", () => {
    const random = createRandom(31);
    const rates = [0.1, 0.14, 0.1];
    const regretOf = (keys: readonly number[]): number =>
      keys.reduce((sum, count, arm) => sum + count * (0.14 - rates[arm]!), 0);
    // Nobody wins, so that all of them last as long.
    const says = () => "inconclusive" as const;
    const options = { random, looks: 60, keysPerLook: 300, rates: () => rates, says };
    const learned = Array.from({ length: 20 }, () => playExperiment({ ...options, policy: banditOfTwo }));
    const uniform = 60 * 300 * (2 / 3) * 0.04;
    const mean = learned.reduce((sum, { keys }) => sum + regretOf(keys), 0) / learned.length;
    expect(mean).toBeLessThan(0.7 * uniform);
  });

  test("never starves a version, whatever the outcomes are", () => {
    const random = createRandom(32);
    for (const rates of [
      [0.01, 0.9, 0.01],
      [0, 1, 0.5],
      [0.1, 0.1, 0.1],
    ]) {
      const { weights } = playExperiment({
        policy: parsePolicy({
          ...banditOfTwo,
          experiment: { ...banditOfTwo.experiment!, minimumEffect: 0, falseWinnerRate: 1e-9 },
        }),
        random,
        looks: 60,
        keysPerLook: 300,
        rates: () => rates,
        says: () => "inconclusive",
      });
      for (const at of weights) for (const weight of at) expect(weight === 0 || weight >= 0.05).toBe(true);
    }
  });

  test("of versions that are alike promotes one at most as often as it says, while all rates drift", () => {
    const random = createRandom(33);
    const runs = 30;
    let won = 0;
    for (let run = 0; run < runs; run += 1) {
      const { state } = playExperiment({
        policy: banditOfTwo,
        random,
        looks: 40,
        keysPerLook: 600,
        rates: (look) => Array.from({ length: 3 }, () => 0.15 + 0.1 * Math.sin(look / 8)),
      });
      won += Number(state.last?.result === "completed");
    }
    expect(won / runs).toBeLessThanOrEqual(0.05);
  });

  test("moves its weights no more often, and for no less, than it says", () => {
    const { transitions, weights } = playExperiment({
      policy: banditOfTwo,
      random: createRandom(34),
      looks: 100,
      keysPerLook: 300,
      rates: () => [0.1, 0.1, 0.1],
    });
    const moves = weights.slice(1).flatMap((at, look) => {
      const shift = Math.max(...at.map((weight, arm) => Math.abs(weight - weights[look]![arm]!)));
      return shift > 0 ? [{ look, shift }] : [];
    });
    expect(moves.length).toBeGreaterThan(1);
    expect(moves).toHaveLength(transitions.filter(({ type }) => type === "reweighted").length);
    for (const { shift } of moves) expect(shift).toBeGreaterThanOrEqual(0.02 - 1e-9);
    for (const [index, { look }] of moves.slice(1).entries()) {
      expect(look - moves[index]!.look).toBeGreaterThanOrEqual(5);
    }
  });

  test("drops the version that a guardrail fails, and gives its keys to the others", () => {
    const { state, weights } = playExperiment({
      policy: banditOfTwo,
      random: createRandom(35),
      looks: 30,
      keysPerLook: 600,
      rates: () => [0.2, 0.1, 0.1],
      says: (version, look) => (version === "b" && look === 15 ? "fail" : "inconclusive"),
    });
    expect(state.run?.experiment?.dropped).toMatchObject([{ version: "b" }]);
    expect(weights.at(-1)![0]).toBe(0);
  });
});
