// Profiles
export { profile, type ProfileOptions } from "./profile/create-profile.ts";
export {
  type CountOptions,
  createProfileBuilder,
  type LearnOptions,
  type ProfileBuilder,
  type ProfileLearning,
} from "./profile/profile-builder.ts";
export { mergeProfiles } from "./profile/merge-profiles.ts";
export { parseProfile, profileToJson } from "./profile/profile-json.ts";
export type { ProfileJson } from "./profile/profile-schema.ts";
export type { ArrowTableLike, ArrowVectorLike, ProfileData, ProfileRow } from "./profile/profile-data.ts";
export type { ColumnOptions, ColumnsOptions } from "./profile/profile-options.ts";
export type { ColumnValues } from "./profile/column-counter.ts";
export {
  type CategoricalColumn,
  type CellCounts,
  type ColumnKind,
  columnOf,
  type ColumnProfile,
  effectiveRows,
  type EmbeddingColumn,
  type NumericColumn,
  type NumericSummary,
  type Profile,
  type TextColumn,
  type TextDescriptors,
} from "./profile/profile.ts";

// Reading a profile
export { totalCount } from "./profile/cell-counts.ts";
export {
  kolmogorovBounds,
  type KolmogorovBounds,
  type KolmogorovSizes,
} from "./profile/kolmogorov-bounds.ts";
export { embeddingMean, embeddingVariance } from "./profile/embedding-column-counter.ts";
export { finiteWeight, summaryMean, summaryQuantile, summaryVariance } from "./profile/numeric-statistics.ts";

// Errors
export {
  DriftError,
  type DriftErrorCause,
  type DriftErrorCode,
  hasDriftErrorCode,
} from "./errors/drift-error.ts";
export {
  IncompatibleProfilesError,
  type IncompatibleProfilesErrorDetails,
} from "./errors/incompatible-profiles-error.ts";
export { InvalidDataError, type InvalidDataErrorDetails } from "./errors/invalid-data-error.ts";
export {
  InvalidDriftOptionsError,
  type InvalidDriftOptionsErrorDetails,
} from "./errors/invalid-drift-options-error.ts";
export { InvalidProfileError, type InvalidProfileErrorDetails } from "./errors/invalid-profile-error.ts";

// Detecting drift
export { detectDrift } from "./detect/detect-drift.ts";
export type { DriftOptions } from "./detect/drift-options.ts";
export type { DriftResult, LookOfMany, SampleSize } from "./verdict/drift-result.ts";
export type { ColumnResult, SpecialCell, SpecialCellName } from "./verdict/column-result.ts";
export { type DriftStatus, driftStatuses } from "./verdict/drift-status.ts";
export type { Effect, Evidence, EvidenceSubject, Materiality, TestName } from "./verdict/evidence.ts";
export type { DistanceName, DistanceResult, RuleResult } from "./verdict/distance-result.ts";
export type { PlottedBin } from "./verdict/plotted-bin.ts";

// Watching a stream
export { createDriftMonitor } from "./monitor/create-drift-monitor.ts";
export type { DriftMonitor } from "./monitor/drift-monitor.ts";
export type { DriftMonitorOptions, SelectedRows } from "./monitor/monitor-options.ts";
export type { MonitorWindow, RowWindow, SlidingWindow, TimeWindow } from "./monitor/monitor-window.ts";
export type { LookControl } from "./monitor/look-control.ts";
export type { MonitorVerdict, WindowSpan } from "./monitor/monitor-verdict.ts";
export type { DriftMonitorState, WindowsState } from "./monitor/monitor-state.ts";
export type { MonitorHealth } from "./monitor/monitor-health.ts";
export type { DriftMetric } from "./monitor/monitor-metrics.ts";
export type {
  DriftGuardrail,
  DriftGuardrailOptions,
  DriftGuardrailVerdict,
} from "./monitor/monitor-guardrail.ts";
export type { ObservedPrediction } from "./monitor/observed-prediction.ts";
export {
  predictionRow,
  selectPrediction,
  type SelectPredictionOptions,
} from "./monitor/select-prediction.ts";
export { type DriftStore, MemoryDriftStore } from "./monitor/drift-store.ts";
export { createRedisDriftStore, type IoRedisLike, type NodeRedisLike } from "./monitor/redis-drift-store.ts";
