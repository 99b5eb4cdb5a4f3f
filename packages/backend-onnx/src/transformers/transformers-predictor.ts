import {
  type BatchingOptions,
  CodecError,
  createPredictor,
  defineModel,
  definePredictor,
  type Environment,
  InvalidOptionsError,
  MlopsError,
  type ModelCard,
  type Predictor,
  type PredictorHealth,
  type QueueOptions,
  tensor,
  type Warning,
} from "@mlops/core";

import type { TransformersPipeline } from "./pipeline.ts";
import { PipelineSession, stuckProblem } from "./pipeline-session.ts";

/** Options of {@link transformersPredictor}. */
export interface TransformersPredictorOptions {
  /** What it is called, as in `defineModel`. */
  readonly name: string;
  /** Its version, as in `defineModel`. */
  readonly version: string;
  /**
   * What the pipeline is given behind the inputs, the same for all of them, such as
   * `[{ pooling: "mean", normalize: true }]`. Default nothing.
   */
  readonly args?: readonly unknown[] | undefined;
  /**
   * How requests share calls: the pipeline is given lists of inputs. `false` for one whose task takes
   * no lists; then it is given each input by itself.
   */
  readonly batching?: Omit<BatchingOptions, "sequences" | "rowsAreIndependent"> | false | undefined;
  /** How many requests may wait. */
  readonly queue?: QueueOptions | undefined;
  /** Where the pipeline runs, for `info`: what it was made with. Default `cpu`. */
  readonly device?: string | undefined;
  /** The names of the classes, for `info`. */
  readonly labels?: readonly string[] | undefined;
  readonly card?: ModelCard | undefined;
  /** Whether closing the predictor disposes of the pipeline. Default true: it passes into its ownership. */
  readonly disposePipeline?: boolean | undefined;
  /** The clock and the timers to use, for tests. Default the host's. */
  readonly environment?: Environment | undefined;
}

/** Options with what makes an answer of the pipeline's result. */
export interface DecodingPredictorOptions<Input, Output> extends TransformersPredictorOptions {
  /**
   * Makes the answer for one input of the pipeline's result for it. A tensor comes as one of core's: of
   * its rows, each input has its own.
   */
  readonly decode: (result: unknown, input: Input) => Output | Promise<Output>;
}

/** How a {@link TransformersPredictor} is. */
export interface TransformersHealth extends PredictorHealth {
  /**
   * Whether the pipeline is stuck: it gives one and the same error for every request, without running
   * any. In a browser, one failed run does that to all pipelines of the page.
   */
  readonly stuck: boolean;
}

/** A pipeline of transformers.js as a predictor. */
export interface TransformersPredictor<Input, Output> extends Predictor<Input, Output> {
  health(): TransformersHealth;
}

/**
 * Makes a predictor of a pipeline of `@huggingface/transformers`, whatever its task: requests that come
 * together share a call of the pipeline, and it has a bounded queue, deadlines, typed errors and an
 * orderly end. Of a call that failed each half is called again, so that only the guilty input fails.
 *
 * @typeParam Input - What the pipeline takes as one input, such as a text or the URL of an image.
 * @returns A predictor whose answers are the pipeline's results, or what `decode` makes of them.
 * @throws InvalidOptionsError `INVALID_OPTIONS` when an option has a value that it cannot have.
 *
 * @example
 * ```ts
 * const extractor = await pipeline("feature-extraction", "Xenova/all-MiniLM-L6-v2");
 * await using embedder = await transformersPredictor(extractor, {
 *   name: "minilm", version: "1", args: [{ pooling: "mean", normalize: true }],
 * });
 * const vector = await embedder.predict("How old are you?");
 * ```
 */
export function transformersPredictor<Input, Output>(
  pipeline: TransformersPipeline,
  options: DecodingPredictorOptions<Input, Output>,
): Promise<TransformersPredictor<Input, Output>>;
export function transformersPredictor<Input = string>(
  pipeline: TransformersPipeline,
  options: TransformersPredictorOptions,
): Promise<TransformersPredictor<Input, unknown>>;
export async function transformersPredictor<Input, Output>(
  pipeline: TransformersPipeline,
  options: TransformersPredictorOptions & Partial<DecodingPredictorOptions<Input, Output>>,
): Promise<TransformersPredictor<Input, unknown>> {
  if (typeof pipeline !== "function" || typeof pipeline.dispose !== "function") {
    const problem = "has to be what pipeline() of @huggingface/transformers gives, awaited";
    throw new InvalidOptionsError({ option: "pipeline", problem });
  }
  const { name, version, args = [], batching = {}, queue, device = "cpu", labels, card } = options;
  const { disposePipeline = true, environment, decode } = options;
  const session = new PipelineSession({
    pipeline,
    args,
    takesLists: batching !== false,
    device,
    disposes: disposePipeline,
  });
  const inner = await createPredictor({
    model: defineModel({ name, version, artifact: new Uint8Array() }),
    backend: session.backend,
    batching,
    queue,
    execution: "inline",
    warmup: false,
    environment,
  });
  const stuck: Warning = Object.freeze({ type: "other", message: `The pipeline failed${stuckProblem}.` });
  let lastNumber = 0;

  const predictor = definePredictor<Input, unknown>({
    name,
    version,
    backend: session.backend.name,
    device,
    execution: "inline",
    labels,
    card,
    members: [inner],
    environment,
    async predict(input, asked) {
      lastNumber = (lastNumber + 1) % 2 ** 31;
      const number = lastNumber;
      const entry: { input: Input; result?: unknown } = { input };
      session.requests.set(number, entry);
      try {
        await inner.predict({ request: tensor("int32", [number]) }, asked);
      } finally {
        session.requests.delete(number);
      }
      return decode === undefined ? entry.result : decodeResult(name, () => decode(entry.result, input));
    },
  });
  const health = predictor.health.bind(predictor);
  const info = Object.freeze({
    ...predictor.info,
    members: undefined,
    // Asked each time: it comes up later, if at all.
    get warnings() {
      return session.isStuck ? [stuck] : [];
    },
  });
  return Object.assign(predictor, {
    info,
    health: () => ({ ...health(), stuck: session.isStuck }),
  });
}

async function decodeResult<Output>(model: string, decode: () => Output | Promise<Output>): Promise<Output> {
  try {
    return await decode();
  } catch (cause) {
    if (MlopsError.isInstance(cause)) throw cause;
    const problem = cause instanceof Error ? cause.message : String(cause);
    throw new CodecError({ model, stage: "decode", problem, cause });
  }
}
