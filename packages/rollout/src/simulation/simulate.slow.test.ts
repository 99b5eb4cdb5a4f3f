import { binomialInterval } from "@mlops/stats";
import { expect, test } from "vitest";

import { errorRate } from "../guardrail/kinds/error-rate.ts";
import { latency } from "../guardrail/kinds/latency.ts";
import { outputDistribution } from "../guardrail/kinds/output-distribution.ts";
import { sampleRatio } from "../guardrail/kinds/sample-ratio.ts";
import { canary } from "../policy/strategies.ts";
import { simulate } from "./simulate.ts";

// The long form of simulate.test.ts: the default steps, and what a rollout would usually be guarded by.

const policy = canary({
  seed: "simulated",
  guardrails: [
    latency({ percentile: 95, limitMs: 500 }),
    errorRate({ tolerance: 0.01 }),
    outputDistribution({ cells: { by: "class" } }),
    sampleRatio(),
  ],
});

test("a healthy candidate just within its limits is rolled back at most at the stated rate", () => {
  const healthy = { p95Ms: 480, errorRate: 0.01, classes: { joy: 0.5, anger: 0.3, fear: 0.2 } };
  const options = {
    stable: healthy,
    candidate: healthy,
    requestsPerSecond: 20,
    runs: 200,
    maxDurationMs: 3_600_000,
  };
  const { rolledBack, runs } = simulate(policy, options);
  const { lower } = binomialInterval({ successes: rolledBack, trials: runs });
  expect(lower).toBeLessThanOrEqual(policy.falseAlarmRate);
  expect(rolledBack / runs).toBeLessThanOrEqual(1.2 * policy.falseAlarmRate);
});
