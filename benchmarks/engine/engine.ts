/** One way to run a model, in the process that measures it. */
export interface Engine {
  /** Runs the model on one row, and gives its row of `y`. The input is not changed, nor kept. */
  predict(row: Float32Array): Promise<Float32Array>;
  close(): Promise<void>;
}

/** What an {@link Engine} is made of. */
export interface EngineOptions {
  readonly modelFile: string;
  /** The length of a row of `x`. */
  readonly inputSize: number;
}
