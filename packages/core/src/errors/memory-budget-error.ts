import { type ErrorCause, hasErrorCode, MlopsError } from "./mlops-error.ts";

/** The fields of a {@link MemoryBudgetError}. */
export interface MemoryBudgetErrorOptions extends ErrorCause {
  /** The name of the model. */
  readonly model: string;
  /** Bytes that the model needs, as far as they are known. */
  readonly neededBytes: number;
  /** Bytes of the version that it was to replace, which stays until the new one is there; else 0. */
  readonly besideBytes: number;
  /** The bytes that all models of the store may take together. */
  readonly memoryBudgetBytes: number;
}

/** A model does not fit into the memory that a store may use, whatever else makes room. */
export class MemoryBudgetError extends MlopsError {
  override readonly name: string = "MemoryBudgetError";
  readonly code = "MEMORY_BUDGET_EXCEEDED";
  /** The name of the model. */
  readonly model: string;
  /** Bytes that the model needs, as far as they are known. */
  readonly neededBytes: number;
  /** Bytes of the version that it was to replace, which stays until the new one is there; else 0. */
  readonly besideBytes: number;
  /** The bytes that all models of the store may take together. */
  readonly memoryBudgetBytes: number;

  constructor(options: MemoryBudgetErrorOptions) {
    const { model, neededBytes, besideBytes, memoryBudgetBytes } = options;
    const beside = besideBytes === 0 ? "" : ` beside the ${besideBytes} of the version that it replaces`;
    super(
      `The model ${JSON.stringify(model)} needs ${neededBytes} bytes${beside}; the option "memoryBudgetBytes" ` +
        `is ${memoryBudgetBytes}. Raise it, or take a smaller model or fewer workers.`,
      options,
    );
    this.model = model;
    this.neededBytes = neededBytes;
    this.besideBytes = besideBytes;
    this.memoryBudgetBytes = memoryBudgetBytes;
  }

  /** Whether `value` is this error, from whichever copy of the package. */
  static override isInstance(value: unknown): value is MemoryBudgetError {
    return hasErrorCode(value, "MEMORY_BUDGET_EXCEEDED");
  }
}
