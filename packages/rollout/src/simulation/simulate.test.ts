import { binomialInterval } from "@mlops/stats";
import { describe, expect, test } from "vitest";

import { errorRate } from "../guardrail/kinds/error-rate.ts";
import { latency } from "../guardrail/kinds/latency.ts";
import { outputDistribution } from "../guardrail/kinds/output-distribution.ts";
import { shareOf } from "../experiment/metrics.ts";
import { abTest } from "../experiment/strategies.ts";
import { definePolicy } from "../policy/define-policy.ts";
import { simulate } from "./simulate.ts";

// 1, 10, 50 and 100 % of 20 requests a second, looked at every ten seconds for 25 looks each: a hundred looks.
const policy = definePolicy({
  seed: "simulated",
  stages: [0.01, 0.1, 0.5, 1].map((weight) => ({ weight, holdMs: 250_000, minimumSamples: 100 })),
  guardrails: [
    latency({ percentile: 95, limitMs: 500 }),
    errorRate({ limit: 0.02 }),
    outputDistribution({ cells: { by: "class" } }),
  ],
});

const emotions = { joy: 0.4, anger: 0.2, sadness: 0.2, fear: 0.1, surprise: 0.05, disgust: 0.05 };
const healthy = { p95Ms: 480, errorRate: 0.01, classes: emotions };
const base = { stable: healthy, requestsPerSecond: 20, runs: 15, maxDurationMs: 2_000_000 };

describe("a healthy candidate just within its limits", () => {
  test("is rolled back no more often than the policy says, however often it is looked at", () => {
    const { rolledBack, runs } = simulate(policy, { ...base, candidate: healthy });
    expect(binomialInterval({ successes: rolledBack, trials: runs }).lower).toBeLessThanOrEqual(
      policy.falseAlarmRate,
    );
    expect(rolledBack / runs).toBeLessThanOrEqual(0.05);
  });

  test("a limit looked at by its point estimate rolls most of them back, in the same play", () => {
    // The rule that Argo and Flagger are given: the sample's p95 against the limit, at every look.
    const naive = {
      ...latencyByPointEstimate,
      kind: "latency",
    };
    const bare = definePolicy({
      ...policy,
      guardrails: [{ name: "bare", kind: "latency", options: { limitMs: 500 } }],
    });
    const { rolledBack, runs } = simulate(bare, { ...base, candidate: healthy, guardrails: [naive] });
    expect(rolledBack / runs).toBeGreaterThan(0.5);
  });
});

const latencyByPointEstimate = {
  parseOptions: (options: Readonly<Record<string, unknown>>) => options as { readonly limitMs: number },
  createCounter({ limitMs }: { readonly limitMs: number }) {
    const counts = { trials: 0, slow: 0 };
    return {
      observe({ totalMs }: { readonly totalMs: number }, arm: string) {
        if (arm !== "candidate") return;
        counts.trials += 1;
        counts.slow += Number(totalMs > limitMs);
      },
      counts: () => ({ ...counts }),
    };
  },
  merge: (a: { trials: number; slow: number }) => a,
  judge({ trials, slow }: { trials: number; slow: number }) {
    const evidence = { samples: trials };
    if (trials === 0) return { status: "no-data", reason: "none", evidence } as const;
    return {
      status: slow / trials > 0.05 ? "fail" : "pass",
      reason: `${slow} of ${trials}`,
      evidence,
    } as const;
  },
};

describe("a bad candidate", () => {
  test.each([
    ["p95 600 ms", { ...healthy, p95Ms: 600 }, "p95 latency"],
    ["5 % errors", { ...healthy, errorRate: 0.05 }, "error rate"],
    [
      "other answers, KL 0.4",
      {
        ...healthy,
        classes: { joy: 0.85, anger: 0.03, sadness: 0.03, fear: 0.03, surprise: 0.03, disgust: 0.03 },
      },
      "output distribution",
    ],
  ])("with %s is rolled back, by the guardrail that watches it", (_, candidate, guardrail) => {
    const { rolledBack, runs, rolledBackBy, requestsBeforeRollback } = simulate(policy, {
      ...base,
      runs: 10,
      maxDurationMs: 20_000_000,
      candidate,
    });
    expect(rolledBack / runs).toBeGreaterThanOrEqual(0.95);
    expect(rolledBackBy[guardrail]).toBeGreaterThanOrEqual(0.9 * rolledBack);
    expect(requestsBeforeRollback.p50).toBeLessThan(5_000);
  });
});

test("the same seed plays the same", () => {
  const options = { ...base, runs: 3, maxDurationMs: 1_000_000, candidate: { ...healthy, errorRate: 0.2 } };
  expect(simulate(policy, options)).toEqual(simulate(policy, options));
  expect(simulate(policy, { ...options, seed: 2 })).not.toEqual(simulate(policy, options));
});

test("bad versions of an experiment are rolled back by their guardrails; alike ones wait for outcomes", () => {
  const experiment = abTest({
    seed: "simulated",
    variants: { b: 0.2, c: 0.2 },
    metric: shareOf("bought", { attributionMs: 60_000 }),
    guardrails: [errorRate({ limit: 0.02 })],
  });
  const fine = { p95Ms: 300, errorRate: 0.002 };
  const traffic = { stable: fine, requestsPerSecond: 20, runs: 10, maxDurationMs: 600_000 };
  const { rolledBack, requestsBeforeRollback } = simulate(experiment, {
    ...traffic,
    candidate: { ...fine, errorRate: 0.1 },
  });
  expect(rolledBack).toBe(10);
  expect(requestsBeforeRollback.p95).toBeLessThan(2_000);
  expect(simulate(experiment, { ...traffic, candidate: fine }).undecided).toBe(10);
});
