/**
 * The part of a pipeline of `@huggingface/transformers` that is called here. Typed by this subset, the
 * adapter takes every task's pipeline, of any version that has it, and needs none to compile.
 */
export interface TransformersPipeline {
  (inputs: never, ...args: never[]): Promise<unknown>;
  dispose(): Promise<unknown>;
}

/** A pipeline's tensor, as far as it is read. */
export interface PipelineTensor {
  readonly type: string;
  readonly dims: readonly number[];
  readonly data: ArrayLike<unknown>;
}

/** Whether a pipeline's result is one of its tensors. */
export function isPipelineTensor(value: unknown): value is PipelineTensor {
  return (
    typeof value === "object" &&
    value !== null &&
    "dims" in value &&
    Array.isArray(value.dims) &&
    "type" in value &&
    typeof value.type === "string" &&
    "data" in value
  );
}
