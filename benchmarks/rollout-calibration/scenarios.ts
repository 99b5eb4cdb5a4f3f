import { canary, errorRate, latency, outputDistribution, type RolloutPolicy } from "@mlops/rollout";

import type { Scenario } from "./play.ts";
import { argo } from "./rules/argo.ts";
import { azure } from "./rules/azure.ts";
import { flagger } from "./rules/flagger.ts";
import { limits, type Rule } from "./rules/rule.ts";
import { tilt } from "./tilt.ts";
import type { Version } from "./trace.ts";

/** Six emotions, as a classifier of transcripts gives them. */
const classes: readonly number[] = [0.4, 0.2, 0.2, 0.1, 0.05, 0.05];
/** Within its limits, and not by much. */
const healthy: Version = { p95Ms: 480, errorRate: 0.01, classes };

export const scenarios: readonly Scenario[] = [
  {
    name: "healthy, with p95 480 ms and 1 % errors just within the limits",
    stable: healthy,
    candidate: healthy,
  },
  {
    name: "healthy, with p95 300 ms and 0.2 % errors far within them",
    stable: healthy,
    candidate: { ...healthy, p95Ms: 300, errorRate: 0.002 },
  },
  { name: "p95 600 ms", stable: healthy, candidate: { ...healthy, p95Ms: 600 } },
  { name: "errors 1 % to 5 %", stable: healthy, candidate: { ...healthy, errorRate: 0.05 } },
  { name: "KL 0.4", stable: healthy, candidate: { ...healthy, classes: tilt(classes, 0.4) } },
];

const guardrails = [
  latency({ percentile: 95, limitMs: limits.p95Ms }),
  errorRate({ limit: limits.errorRate }),
  outputDistribution({
    cells: { by: "class" },
    distance: "kullback-leibler",
    reference: Object.fromEntries(classes.map((share, index) => [`class ${index}`, share])),
  }),
];
const tenMinutes = 600_000;

export const policies: readonly { readonly name: string; readonly policy: RolloutPolicy }[] = [
  {
    name: "@mlops/rollout, Argo's steps",
    policy: canary({
      seed: "calibration",
      guardrails,
      steps: [0.2, 0.4, 0.6, 0.8].map((weight) => ({ weight, holdMs: tenMinutes })),
    }),
  },
  { name: "@mlops/rollout, its own steps", policy: canary({ seed: "calibration", guardrails }) },
];

export const rules: readonly Rule[] = [argo, flagger(10), flagger(1), azure];
