// Strategies
export {
  abTest,
  type AbTestOptions,
  bandit,
  type BanditOptions,
  type ExperimentOptions,
} from "./strategies.ts";
export { meanOf, type MetricOptions, shareOf } from "./metrics.ts";

// Assignments
export type {
  Assignment,
  AssignmentStore,
  ReportedOutcome,
  ReportReceipt,
  Tally,
  TallyOptions,
} from "./assignment-store.ts";
export { type AssignmentsOptions, createAssignments } from "./create-assignments.ts";
export { createMemoryAssignmentStore, type MemoryAssignmentStoreOptions } from "./memory-assignment-store.ts";

// Judging
export { type ArmComparison, type ArmStratum, type ArmSums, compareArms } from "./compare-arms.ts";
export { judgeExperiment } from "./judge-experiment.ts";
export { checkSampleRatio, type SampleRatioCheck, type SampleRatioStratum } from "./sample-ratio.ts";
export { type ArmBelief, chancesToBeBest } from "./thompson.ts";

// Shadows
export {
  type PairCounts,
  pairedKind,
  type PairedOptions,
  type ParsedPairedOptions,
  pairedTruth,
  pairedValue,
} from "../guardrail/kinds/paired.ts";
