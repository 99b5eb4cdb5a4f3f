/** A stable name for one kind of error: a key of {@link errorCodes}. */
export type ErrorCode =
  | "ABORTED"
  | "BACKEND_FAILED"
  | "CLOSED"
  | "CODEC_FAILED"
  | "DEADLINE_EXCEEDED"
  | "DTYPE_MISMATCH"
  | "EMPTY_BATCH"
  | "INTEGRITY_MISMATCH"
  | "INVALID_INPUT"
  | "INVALID_MANIFEST"
  | "INVALID_OPTIONS"
  | "INVALID_TENSOR"
  | "MEMORY_BUDGET_EXCEEDED"
  | "MISSING_DEPENDENCY"
  | "MODEL_LOAD_FAILED"
  | "OVERLOADED"
  | "PARTIAL_FAILURE"
  | "SHAPE_MISMATCH"
  | "TENSOR_NAME_MISMATCH"
  | "UNSUPPORTED"
  | "WORKER_LOST";

/** What a row of {@link errorCodes} tells. */
export interface ErrorCodeInfo {
  /** The class that carries the code. */
  readonly error: string;
  /** Whose move it is: the caller's, the operator's (configuration, files, capacity), or the model's author's. */
  readonly concerns: "caller" | "operator" | "author";
  /** Whether the same request may succeed later without a change. */
  readonly retryable: boolean;
  /** When it happens. */
  readonly meaning: string;
  /** What to do. */
  readonly remedy: string;
}

/** Every error code of this library. The page `docs/errors.md` is made from this table. */
export const errorCodes: Readonly<Record<ErrorCode, ErrorCodeInfo>> = Object.freeze({
  ABORTED: {
    error: "AbortedError",
    concerns: "caller",
    retryable: true,
    meaning: "The caller's AbortSignal was aborted before the result was there.",
    remedy: "None needed: it was the caller's wish. The reason is the error's cause.",
  },
  BACKEND_FAILED: {
    error: "BackendError",
    concerns: "operator",
    retryable: false,
    meaning: "The runtime failed while it ran the model, or gave something that is no valid result.",
    remedy: "Read the cause, which is the runtime's own error.",
  },
  CLOSED: {
    error: "ClosedError",
    concerns: "operator",
    retryable: false,
    meaning: "A predictor was used after close().",
    remedy: "Create another predictor, or close this one later.",
  },
  CODEC_FAILED: {
    error: "CodecError",
    concerns: "author",
    retryable: false,
    meaning:
      "An author's own code failed: a model definition's encode or decode, its output schema, which refused the output, or a function given to a composition.",
    remedy: "Mend the code that the error's stage and problem name; the cause is the original error.",
  },
  DEADLINE_EXCEEDED: {
    error: "DeadlineExceededError",
    concerns: "operator",
    retryable: true,
    meaning: "The request's deadline passed before its result was there.",
    remedy: "Allow more time, send less load, serve the model on more cores, or end sessions.",
  },
  DTYPE_MISMATCH: {
    error: "DTypeMismatchError",
    concerns: "caller",
    retryable: false,
    meaning: "A tensor has another element type than the model takes.",
    remedy: "Send the element type that the error names.",
  },
  EMPTY_BATCH: {
    error: "EmptyBatchError",
    concerns: "caller",
    retryable: false,
    meaning: "A request holds no rows.",
    remedy: "Send at least one row.",
  },
  INTEGRITY_MISMATCH: {
    error: "IntegrityError",
    concerns: "operator",
    retryable: false,
    meaning: "A model file's size or SHA-256 is not the declared one.",
    remedy: "Fetch the file again; if the change was meant, declare the new hash.",
  },
  INVALID_INPUT: {
    error: "InvalidInputError",
    concerns: "caller",
    retryable: false,
    meaning: "The input does not follow the model's input schema, or holds a number that is not finite.",
    remedy: "Correct the fields that the error's issues name.",
  },
  INVALID_MANIFEST: {
    error: "InvalidManifestError",
    concerns: "operator",
    retryable: false,
    meaning: "A model package's model.json does not follow the manifest format.",
    remedy: "Correct the fields that the error's issues name.",
  },
  INVALID_OPTIONS: {
    error: "InvalidOptionsError",
    concerns: "operator",
    retryable: false,
    meaning: "An option has a value that it cannot have.",
    remedy: "Give the option a value that the error allows.",
  },
  INVALID_TENSOR: {
    error: "InvalidTensorError",
    concerns: "caller",
    retryable: false,
    meaning: "A value's dtype, shape and data do not make a tensor.",
    remedy: "Make it with tensor(), which says what does not fit.",
  },
  MEMORY_BUDGET_EXCEEDED: {
    error: "MemoryBudgetError",
    concerns: "operator",
    retryable: false,
    meaning: "A model does not fit into the memory that a model store may use.",
    remedy: "Raise the store's memoryBudgetBytes, or take a smaller model or fewer workers.",
  },
  MISSING_DEPENDENCY: {
    error: "MissingDependencyError",
    concerns: "operator",
    retryable: false,
    meaning: "An optional package that the feature rests on is not installed.",
    remedy: "Install the package that the error names.",
  },
  MODEL_LOAD_FAILED: {
    error: "ModelLoadError",
    concerns: "operator",
    retryable: false,
    meaning: "The model could not be read, or its runtime refused it.",
    remedy: "Check the location that the error names; the cause is the original error.",
  },
  OVERLOADED: {
    error: "OverloadedError",
    concerns: "operator",
    retryable: true,
    meaning:
      "The request was refused at once: the queue is full, its deadline would pass before its turn, or a stateful predictor keeps as many sessions as it may.",
    remedy:
      "Try again after the error's retryAfterMs, send less load, serve the model on more cores, or end sessions.",
  },
  PARTIAL_FAILURE: {
    error: "PartialFailureError",
    concerns: "caller",
    retryable: false,
    meaning: "Some inputs of predictMany() failed and others succeeded.",
    remedy: "Take the outcome of each input from the error's results.",
  },
  SHAPE_MISMATCH: {
    error: "ShapeMismatchError",
    concerns: "caller",
    retryable: false,
    meaning: "A tensor has another shape than the model takes.",
    remedy: "Send the shape that the error names.",
  },
  TENSOR_NAME_MISMATCH: {
    error: "TensorNameError",
    concerns: "caller",
    retryable: false,
    meaning: "The tensors given, or the outputs asked for, do not have the model's names.",
    remedy: "Use the names that the error lists.",
  },
  UNSUPPORTED: {
    error: "UnsupportedError",
    concerns: "operator",
    retryable: false,
    meaning: "What was asked for is not supported here.",
    remedy: "Follow the remedy in the message.",
  },
  WORKER_LOST: {
    error: "WorkerLostError",
    concerns: "operator",
    retryable: true,
    meaning:
      "The workers that ran the request ended before they answered, twice, and another one takes their place.",
    remedy: "Try again; if it comes back, the model crashes its runtime: run it with process isolation.",
  },
});
