// Rolling out
export { createRollout } from "./rollout/create-rollout.ts";
export type { CreateRolloutOptions } from "./rollout/create-rollout-options.ts";
export type {
  Assignments,
  AssignmentScope,
  JudgeRequest,
  KeepRequest,
  Kept,
  KeyOutcome,
  OutcomeReceipt,
} from "./rollout/assignments.ts";
export type { ByWhom, ByWhomAndWhy, OutcomeReport, Rollout } from "./rollout/rollout.ts";
export type { ShadowLimits } from "./rollout/shadow-runner.ts";
export type { RolloutChange, RolloutChangeType } from "./rollout/change.ts";
export type { RolloutStatus } from "./rollout/status.ts";

// Policies
export {
  definePolicy,
  type GuardrailDefinition,
  type PolicyDefinition,
  type StageDefinition,
} from "./policy/define-policy.ts";
export type {
  Experiment,
  ExperimentMetric,
  ExperimentVariant,
  Reweighting,
  Sticky,
} from "./policy/experiment.ts";
export { parsePolicy, policySchema } from "./policy/policy-schema.ts";
export type { GuardrailRule, Patience, RolloutPolicy, Stage, StrategyName } from "./policy/policy.ts";
export {
  canaryDefault,
  type CanaryDefaultOptions,
  shadowThenCanary,
  type ShadowThenCanaryOptions,
  singleModel,
  type SingleModelOptions,
} from "./policy/presets.ts";
export {
  blueGreen,
  type BlueGreenOptions,
  canary,
  type CanaryOptions,
  cohort,
  type CohortOptions,
  direct,
  shadow,
  type ShadowOptions,
  type StrategyOptions,
} from "./policy/strategies.ts";

// Error budgets
export type { BudgetGate, BudgetVerdict, BurnWindow } from "./budget/budget-gate.ts";

// Guardrails
export { agreement, type AgreementOptions } from "./guardrail/kinds/agreement.ts";
export { availability, errorRate, type ErrorRateOptions } from "./guardrail/kinds/error-rate.ts";
export { externalGuardrail, type VerdictSource } from "./guardrail/kinds/external.ts";
export { latency, type LatencyOptions } from "./guardrail/kinds/latency.ts";
export { outputDistribution, type OutputDistributionOptions } from "./guardrail/kinds/output-distribution.ts";
export { quality, type QualityOptions } from "./guardrail/kinds/quality.ts";
export { sampleRatio } from "./guardrail/kinds/sample-ratio.ts";
export { builtInGuardrails } from "./guardrail/built-in-guardrails.ts";
export type { DistanceName } from "./guardrail/distribution-distance.ts";
export type { OutputCells } from "./guardrail/output-cells.ts";
export type {
  GuardrailKind,
  Arm,
  GuardrailCounter,
  GuardrailEvent,
  JudgeContext,
} from "./guardrail/guardrail.ts";
export type { Evidence, Verdict, VerdictStatus } from "./guardrail/verdict.ts";

// Cohorts
export type { Attributes, AttributeValue } from "./cohort/attributes.ts";
export type { Condition } from "./cohort/condition.ts";
export { conditionSchema } from "./cohort/condition-schema.ts";
export { compileCondition, type ConditionMatcher } from "./cohort/compile-condition.ts";

// Routing
export type { Share } from "./routing/allocation.ts";
export { growthBookNumber, type Namespace } from "./routing/growthbook.ts";
export { Router, type Routing, type RoutingAlgorithm, routingAlgorithms } from "./routing/router.ts";
export { unleashPercentile, unleashVariant } from "./routing/unleash.ts";

// Deciding
export type { RolloutEvent } from "./engine/event.ts";
export {
  type Ending,
  type ExperimentFindings,
  type ExperimentState,
  type GuardrailRecord,
  initialState,
  type Phase,
  type RolloutState,
  type Run,
  type Span,
} from "./engine/state.ts";
export { type Step, step, type Transition } from "./engine/step.ts";

// Stores
export { createMemoryStore, type MemoryStoreOptions } from "./store/memory-store.ts";
export type {
  ReplicaEvidence,
  RolloutStore,
  StateChange,
  StoredRollout,
  StoreOptions,
} from "./store/store.ts";

// Audit
export type { AuditEntry, AuditHead } from "./audit/audit-entry.ts";
export { type AuditProblem, type AuditVerification, verifyAudit } from "./audit/verify-audit.ts";

// Errors
export { InvalidPolicyError, type InvalidPolicyDetails } from "./errors/invalid-policy-error.ts";
export {
  hasRolloutErrorCode,
  RolloutError,
  type RolloutErrorCause,
  type RolloutErrorCode,
} from "./errors/rollout-error.ts";
export { type ConflictReason, RolloutConflictError } from "./errors/rollout-conflict-error.ts";
export { StoreConflictError, type StoreConflictDetails } from "./errors/store-conflict-error.ts";
export { StoreFailureError, type StoreFailureDetails } from "./errors/store-failure-error.ts";
