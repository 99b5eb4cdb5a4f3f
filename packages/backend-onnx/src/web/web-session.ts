import type { Precision, RunOptions, Session, TensorInfo, TensorMap, Warning } from "@mlops/core";

/** What a {@link WebSession} is made of. */
export interface WebSessionParts {
  readonly session: Session;
  readonly device: string;
  /** Cores that a run keeps busy. */
  readonly threads: number;
  readonly warnings: readonly Warning[];
}

/** Single precision with the tolerance of shaders for functions such as `exp` and `pow`. */
const shaderPrecision: Precision = Object.freeze({ relative: 1e-3, absolute: 1e-4 });

/** A session of the web build, on whichever device. */
export class WebSession implements Session {
  readonly inputs: readonly TensorInfo[];
  readonly outputs: readonly TensorInfo[];
  readonly device: string;
  readonly maxBatchSize: number;
  /** Runs of all sessions of a runtime come one after the other anyway. */
  readonly supportsParallelRuns = false;
  readonly precision: Precision;
  readonly warnings: readonly Warning[];
  readonly threads: number;
  readonly #session: Session;

  constructor({ session, device, threads, warnings }: WebSessionParts) {
    this.inputs = session.inputs;
    this.outputs = session.outputs;
    this.device = device;
    this.maxBatchSize = session.maxBatchSize;
    this.precision = device === "wasm" ? session.precision : shaderPrecision;
    this.warnings = warnings;
    this.threads = threads;
    this.#session = session;
  }

  doRun(inputs: TensorMap, options: RunOptions): Promise<TensorMap> {
    return this.#session.doRun(inputs, options);
  }

  release(): Promise<void> {
    return this.#session.release();
  }
}
