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
export { DriftError, type DriftErrorCode, hasDriftErrorCode } from "./errors/drift-error.ts";
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
