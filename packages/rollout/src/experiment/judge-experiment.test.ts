import { expect, test } from "vitest";

import { initialState, type Run } from "../engine/state.ts";
import { step } from "../engine/step.ts";
import { errorRate } from "../guardrail/kinds/error-rate.ts";
import type { RolloutPolicy } from "../policy/policy.ts";
import type { Tally } from "./assignment-store.ts";
import { judgeExperiment } from "./judge-experiment.ts";
import { meanOf, shareOf } from "./metrics.ts";
import { abTest, bandit } from "./strategies.ts";

const base = { seed: "judge", guardrails: [errorRate({ limit: 0.05 })] };
const share = shareOf("bought", { attributionMs: 1_000 });

function begin(policy: RolloutPolicy): Run {
  const event = { type: "start", actor: "ada", candidate: "b", policy } as const;
  return step(initialState("a"), event, 0).state.run!;
}

function tallyOf(version: string, keys: number, sum: number, sumOfSquares = sum): Tally {
  return { weights: [5_000, 5_000], version, keys, sum, sumOfSquares };
}

test("a version that is better for certain, and gains less than is worth having for certain, is dropped", () => {
  const tallies = [tallyOf("b", 1e6, 110_000), tallyOf("a", 1e6, 100_000)];
  const statusAt = (minimumEffect: number) => {
    const run = begin(abTest({ ...base, variants: { b: 0.5 }, metric: share, minimumEffect }));
    return judgeExperiment(run, "a", tallies).variants[0]!.verdict.status;
  };
  expect([0, 0.005, 0.01, 0.05].map(statusAt)).toEqual(["pass", "pass", "pass", "fail"]);
});

test("outcomes too large to be squared move no weights, and decide nothing", () => {
  const run = begin(
    bandit({ ...base, variants: ["b"], metric: meanOf("revenue", { attributionMs: 1_000 }) }),
  );
  const tallies = [tallyOf("b", 1_000, 1e200, Infinity), tallyOf("a", 1_000, 500)];
  const { weights, variants } = judgeExperiment(run, "a", tallies);
  expect(weights).toBeUndefined();
  expect(variants[0]!.verdict.status).toBe("inconclusive");
});

test("the floor of a bandit is as fine as its weights, so that none comes to nothing", () => {
  const make = (floor: number) => bandit({ ...base, variants: ["b"], metric: share, floor });
  expect(() => make(1e-4)).toThrow("floor");
  const tallies = [tallyOf("b", 1_000, 900), tallyOf("a", 1_000, 100)];
  expect(judgeExperiment(begin(make(0.001)), "a", tallies).weights).toEqual([0.999, 0.001]);
});
