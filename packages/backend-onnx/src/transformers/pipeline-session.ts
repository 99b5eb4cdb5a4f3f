import {
  type Backend,
  BackendError,
  MlopsError,
  type Session,
  type Signature,
  tensor,
  type Tensor,
  type TensorMap,
} from "@mlops/core";

import type { TransformersPipeline } from "./pipeline.ts";
import { splitResult, toPlainResult } from "./pipeline-results.ts";

/** Tensors that name requests by number, as what a pipeline takes and gives are no tensors. */
const requestSignature: Signature = Object.freeze({
  inputs: Object.freeze([{ name: "request", dtype: "int32", shape: ["batch"] } as const]),
  outputs: Object.freeze([{ name: "request", dtype: "int32", shape: ["batch"] } as const]),
});

/** What a {@link PipelineSession} is made of. */
export interface PipelineSessionParts {
  readonly pipeline: TransformersPipeline;
  /** What the pipeline is given behind its inputs. */
  readonly args: readonly unknown[];
  /** Whether the pipeline is given lists of inputs. */
  readonly takesLists: boolean;
  readonly device: string;
  /** Whether the pipeline is disposed of at the end. */
  readonly disposes: boolean;
}

/** A request that is on its way. */
interface OpenRequest {
  readonly input: unknown;
  result?: unknown;
}

/** A pipeline as a session, so that core schedules it as it does every model. */
export class PipelineSession implements Session {
  readonly inputs: Session["inputs"] = requestSignature.inputs;
  readonly outputs: Session["outputs"] = requestSignature.outputs;
  readonly device: string;
  readonly maxBatchSize: number;
  /** transformers.js runs one after the other in a browser, and ONNX Runtime does in Node. */
  readonly supportsParallelRuns = false;
  readonly precision: Session["precision"] = Object.freeze({ relative: 0, absolute: 0 });
  /** Requests that are on their way, by their numbers. */
  readonly requests: Map<number, OpenRequest> = new Map<number, OpenRequest>();
  readonly #parts: PipelineSessionParts;
  #lastError: unknown;
  #stuckError: unknown;

  constructor(parts: PipelineSessionParts) {
    this.#parts = parts;
    this.device = parts.device;
    this.maxBatchSize = parts.takesLists ? Infinity : 1;
  }

  /**
   * Whether the pipeline gives back one and the same error again and again, without a run: in a browser
   * transformers.js (4.3) puts all runs of a page into one chain, which the first rejection ends.
   */
  get isStuck(): boolean {
    return this.#stuckError !== undefined;
  }

  /** This session as a backend that has it ready. */
  get backend(): Backend {
    return { specificationVersion: "v1", name: "transformers.js", load: async () => this };
  }

  async doRun({ request }: TensorMap): Promise<TensorMap> {
    const numbers = [...(request as Tensor<"int32">).data];
    const open = numbers.map((number) => this.requests.get(number));
    const results = await this.#call(open.map((entry) => entry?.input));
    open.forEach((entry, index) => {
      if (entry !== undefined) entry.result = results[index];
    });
    return { request: tensor("int32", numbers) };
  }

  async release(): Promise<void> {
    if (!this.#parts.disposes) return;
    try {
      await this.#parts.pipeline.dispose();
    } catch (cause) {
      throw this.#toBackendError(cause);
    }
  }

  async #call(inputs: readonly unknown[]): Promise<readonly unknown[]> {
    const { pipeline, args, takesLists } = this.#parts;
    let result: unknown;
    try {
      result = await Reflect.apply(pipeline, undefined, [takesLists ? inputs : inputs[0], ...args]);
    } catch (cause) {
      throw this.#toBackendError(cause);
    }
    this.#lastError = undefined;
    this.#stuckError = undefined;
    return takesLists ? splitResult(result, inputs.length) : [toPlainResult(result)];
  }

  #toBackendError(cause: unknown): MlopsError {
    if (MlopsError.isInstance(cause)) return cause;
    // Another run has another error, be it of the same kind.
    if (typeof cause === "object" && cause !== null && cause === this.#lastError) this.#stuckError = cause;
    this.#lastError = cause;
    const problem = (cause instanceof Error ? cause.message : String(cause)).replace(/\.$/, "");
    const remedy = this.isStuck ? stuckProblem : "";
    return new BackendError({ backend: "transformers.js", problem: problem + remedy, cause });
  }
}

/** The end of a sentence. */
export const stuckProblem: string =
  "; it gives this one error for every request now, without running any: in a browser, one failed run " +
  "ends transformers.js' chain of runs for good. Load the page, or the worker that it is in, anew";
