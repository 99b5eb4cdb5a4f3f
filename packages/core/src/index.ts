// Predicting
export { createPredictor, type CreatePredictorOptions } from "./predictor/create-predictor.ts";
export type {
  PredictOptions,
  Predictor,
  PredictorHealth,
  PredictorInfo,
  TensorPredictOptions,
} from "./predictor/predictor.ts";
export type {
  Observer,
  PredictionEvent,
  PredictionFailed,
  PredictionSucceeded,
} from "./predictor/prediction-event.ts";
export type { ObserverHealth } from "./predictor/observer-account.ts";
export type { ObserveOptions } from "./predictor/observer-options.ts";
export type { Priority } from "./scheduling/priority.ts";
export type { Execution, WorkerOptions } from "./predictor/execution.ts";
export type { BackendWorker, WebWorker } from "./backend/backend-worker.ts";
export type { BatchingOptions, QueueOptions } from "./scheduling/options.ts";
export type { SequenceBatching } from "./scheduling/sequence-options.ts";
export type { Warning } from "./warning.ts";

export type { WarmupOptions } from "./predictor/warm-up.ts";

// Several models in one process
export {
  type CoreBudget,
  type CoreBudgetOptions,
  type CoreRun,
  type CoreShare,
  type CoreShareOptions,
  createCoreBudget,
} from "./lifecycle/core-budget.ts";
export {
  createModelStore,
  type ModelStore,
  type ModelStoreOptions,
  type OpenModelOptions,
  type StoredModel,
} from "./lifecycle/model-store.ts";
export type { StoredPredictorOf } from "./lifecycle/stored-predictor.ts";

// Composing predictors
export { cached, type CachedOptions, type CachedPredictor, type CacheStats } from "./composition/cached.ts";
export type { CombineContext, WeightOptions } from "./composition/combiner.ts";
export type { CompositionOptions, NamedCompositionOptions } from "./composition/composition-options.ts";
export { definePredictor, type PredictorDefinition } from "./composition/define-predictor.ts";
export { ensemble, type EnsembleContext, type EnsembleOptions } from "./composition/ensemble.ts";
export { fallback, type FallbackOptions } from "./composition/fallback.ts";
export { type Averageable, mean, type Mean, type MeanCombiner } from "./composition/mean.ts";
export { pipeline, type PipelineStep } from "./composition/pipeline.ts";
export { stableKey } from "./composition/stable-key.ts";
export { type Backoff, retrying, type RetryingOptions } from "./composition/retrying.ts";
export {
  type Label,
  type LabelOption,
  type LabelVote,
  majorityVote,
  type OutputVote,
  weightedVote,
} from "./composition/vote.ts";
export { withTimeout } from "./composition/with-timeout.ts";
export { type Around, wrapPredictor, type WrapPredictorOptions } from "./composition/wrap-predictor.ts";

// Models
export {
  type CheckedModelDefinition,
  defineModel,
  type ModelBase,
  type TensorModelDefinition,
  type TypedModelDefinition,
} from "./model/define-model.ts";
export type { Codec, Encoded, Model } from "./model/model.ts";
export type { ModelCard, ModelMetric, TrainingData, TrainingRecord } from "./model/model-card.ts";

// Model packages
export {
  type DescribedSignature,
  type DescribedTensor,
  type Manifest,
  manifestSchema,
  type PackageFile,
} from "./package/manifest.ts";
export {
  type ModelPackage,
  openModelPackage,
  type OpenModelPackageOptions,
  type PackagedModel,
} from "./package/open-model-package.ts";

// Tensors
export {
  type DType,
  dtypes,
  isDType,
  type NumericDType,
  type TensorDataByDType,
  typedArrayByDType,
  type TypedArrayConstructor,
} from "./tensor/dtype.ts";
export { float16FromNumber, numberFromFloat16 } from "./tensor/float16.ts";
export { elementCount, type Tensor, tensor, type TensorElements, type TensorMap } from "./tensor/tensor.ts";
export type { Dimension, Signature, TensorInfo } from "./tensor/tensor-info.ts";

// Writing a backend
export type { Artifact, ArtifactSource, ReadOptions, ReadProgress } from "./artifact/artifact.ts";
export { type DeclaredFile, openArtifact } from "./artifact/open-artifact.ts";
export type { Backend, LoadOptions, LoadProgress } from "./backend/backend.ts";
export type { Precision, RunOptions, Session } from "./backend/session.ts";
export { type Environment, systemEnvironment } from "./environment.ts";

// Errors
export { type ErrorCode, type ErrorCodeInfo, errorCodes } from "./errors/error-codes.ts";
export type { InputIssue } from "./errors/input-issue.ts";
export { hasErrorCode, MlopsError } from "./errors/mlops-error.ts";
export { AbortedError } from "./errors/aborted-error.ts";
export { BackendError } from "./errors/backend-error.ts";
export { ClosedError } from "./errors/closed-error.ts";
export { CodecError, type CodecStage } from "./errors/codec-error.ts";
export { DeadlineExceededError } from "./errors/deadline-exceeded-error.ts";
export { DTypeMismatchError } from "./errors/dtype-mismatch-error.ts";
export { EmptyBatchError } from "./errors/empty-batch-error.ts";
export { IntegrityError } from "./errors/integrity-error.ts";
export { InvalidInputError } from "./errors/invalid-input-error.ts";
export { InvalidManifestError } from "./errors/invalid-manifest-error.ts";
export { InvalidOptionsError } from "./errors/invalid-options-error.ts";
export { InvalidTensorError } from "./errors/invalid-tensor-error.ts";
export { MemoryBudgetError } from "./errors/memory-budget-error.ts";
export { MissingDependencyError } from "./errors/missing-dependency-error.ts";
export { ModelLoadError } from "./errors/model-load-error.ts";
export { OverloadedError } from "./errors/overloaded-error.ts";
export { PartialFailureError } from "./errors/partial-failure-error.ts";
export { ShapeMismatchError } from "./errors/shape-mismatch-error.ts";
export { TensorNameError } from "./errors/tensor-name-error.ts";
export { UnsupportedError } from "./errors/unsupported-error.ts";
export { WorkerLostError } from "./errors/worker-lost-error.ts";
