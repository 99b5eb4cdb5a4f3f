import { AbortedError } from "../errors/aborted-error.ts";
import { BackendError } from "../errors/backend-error.ts";
import { ClosedError } from "../errors/closed-error.ts";
import { CodecError } from "../errors/codec-error.ts";
import { DeadlineExceededError } from "../errors/deadline-exceeded-error.ts";
import { DTypeMismatchError } from "../errors/dtype-mismatch-error.ts";
import { EmptyBatchError } from "../errors/empty-batch-error.ts";
import type { ErrorCode } from "../errors/error-codes.ts";
import { IntegrityError } from "../errors/integrity-error.ts";
import { InvalidInputError } from "../errors/invalid-input-error.ts";
import { InvalidManifestError } from "../errors/invalid-manifest-error.ts";
import { InvalidOptionsError } from "../errors/invalid-options-error.ts";
import { InvalidTensorError } from "../errors/invalid-tensor-error.ts";
import { MemoryBudgetError } from "../errors/memory-budget-error.ts";
import { MissingDependencyError } from "../errors/missing-dependency-error.ts";
import type { MlopsError } from "../errors/mlops-error.ts";
import { ModelLoadError } from "../errors/model-load-error.ts";
import { OverloadedError } from "../errors/overloaded-error.ts";
import { PartialFailureError } from "../errors/partial-failure-error.ts";
import { ShapeMismatchError } from "../errors/shape-mismatch-error.ts";
import { TensorNameError } from "../errors/tensor-name-error.ts";
import { UnsupportedError } from "../errors/unsupported-error.ts";
import { WorkerLostError } from "../errors/worker-lost-error.ts";
import { endOfSentence } from "./end-of-sentence.ts";

/** An error of this library as data that can be sent. */
export interface ErrorData {
  readonly code: string;
  readonly message: string;
  /** The fields of its class. */
  readonly fields: Readonly<Record<string, unknown>>;
  readonly cause: CauseData | undefined;
}

/** What is left of an error's cause. */
interface CauseData {
  readonly name: string;
  readonly message: string;
  readonly stack: string | undefined;
}

const errorClasses: { readonly [Code in ErrorCode]: new (options: never) => MlopsError } = {
  ABORTED: AbortedError,
  BACKEND_FAILED: BackendError,
  CLOSED: ClosedError,
  CODEC_FAILED: CodecError,
  DEADLINE_EXCEEDED: DeadlineExceededError,
  DTYPE_MISMATCH: DTypeMismatchError,
  EMPTY_BATCH: EmptyBatchError,
  INTEGRITY_MISMATCH: IntegrityError,
  INVALID_INPUT: InvalidInputError,
  INVALID_MANIFEST: InvalidManifestError,
  INVALID_OPTIONS: InvalidOptionsError,
  INVALID_TENSOR: InvalidTensorError,
  MEMORY_BUDGET_EXCEEDED: MemoryBudgetError,
  MISSING_DEPENDENCY: MissingDependencyError,
  MODEL_LOAD_FAILED: ModelLoadError,
  OVERLOADED: OverloadedError,
  PARTIAL_FAILURE: PartialFailureError,
  SHAPE_MISMATCH: ShapeMismatchError,
  TENSOR_NAME_MISMATCH: TensorNameError,
  UNSUPPORTED: UnsupportedError,
  WORKER_LOST: WorkerLostError,
};

/** Takes an error apart. The cause of its cause stays behind. */
export function toErrorData(error: MlopsError): ErrorData {
  const { code, message, cause } = error;
  const fields = Object.fromEntries(Object.entries(error).filter(([name]) => !ownNames.has(name)));
  return { code, message, fields, cause: cause === undefined ? undefined : toCauseData(cause) };
}

const ownNames: ReadonlySet<string> = new Set(["name", "code", "cause"]);

/**
 * Puts an error together again. One whose class is not known here, as from a newer version of
 * this package, becomes a {@link BackendError} of `backend`.
 */
export function fromErrorData(
  { code, message, fields, cause: causeData }: ErrorData,
  backend: string,
): MlopsError {
  const cause = causeData && Object.assign(new Error(causeData.message), causeData);
  if (Object.hasOwn(errorClasses, code)) {
    const ErrorClass = errorClasses[code as ErrorCode];
    try {
      return new ErrorClass({ ...fields, cause } as never);
    } catch {
      // The fields are another version's.
    }
  }
  return new BackendError({ backend, problem: endOfSentence(message), cause });
}

function toCauseData(cause: unknown): CauseData {
  if (!(cause instanceof Error)) return { name: "Error", message: String(cause), stack: undefined };
  return { name: cause.name, message: cause.message, stack: cause.stack };
}
