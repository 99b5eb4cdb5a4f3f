import type { GuardrailKind } from "./guardrail.ts";
import { agreementKind } from "./kinds/agreement.ts";
import { errorRateKind } from "./kinds/error-rate.ts";
import { latencyKind } from "./kinds/latency.ts";
import { outputDistributionKind } from "./kinds/output-distribution.ts";
import { qualityKind } from "./kinds/quality.ts";
import { sampleRatioKind } from "./kinds/sample-ratio.ts";

/** The kinds of guardrails that every rollout has. */
export const builtInGuardrails: readonly GuardrailKind[] = Object.freeze([
  agreementKind,
  errorRateKind,
  latencyKind,
  outputDistributionKind,
  qualityKind,
  sampleRatioKind,
]);
