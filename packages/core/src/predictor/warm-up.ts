import type { LoadOptions } from "../backend/backend.ts";
import type { Session } from "../backend/session.ts";
import { AbortedError } from "../errors/aborted-error.ts";
import { InvalidOptionsError } from "../errors/invalid-options-error.ts";
import { ModelLoadError } from "../errors/model-load-error.ts";
import { WorkerLostError } from "../errors/worker-lost-error.ts";
import type { Encoded, Model } from "../model/model.ts";
import { isBatchable } from "../scheduling/batch-key.ts";
import { createInputCheck } from "../tensor/check-inputs.ts";
import type { TensorMap } from "../tensor/tensor.ts";
import type { Warning } from "../warning.ts";
import { zeroRows } from "./zero-rows.ts";

/** What a model is warmed up with, besides `true` and `false`. */
export interface WarmupOptions<Input> {
  /** Inputs as `predict` takes them. Each runs once, by itself, and its result is decoded. Default none. */
  readonly inputs?: readonly Input[] | undefined;
  /** The sizes of batches of zeros, each at least 1. Default none where there are `inputs`, else one row. */
  readonly batchSizes?: readonly number[] | undefined;
}

/** Runs a session for the first time before anybody waits for it. */
export interface SessionWarmUp {
  /**
   * Runs `session` with all that it is to be warmed up with. It does not release it.
   *
   * @throws ModelLoadError `MODEL_LOAD_FAILED` when a run fails; its cause is the run's error.
   * @throws InvalidOptionsError `INVALID_OPTIONS` when zeros are asked for and the signature leaves their shape open.
   * @throws AbortedError `ABORTED` when the signal was aborted.
   */
  run(session: Session, location: string, options: LoadOptions): Promise<void>;
}

/** What a {@link WarmUp} is made of. */
export interface WarmUpParts<Input> {
  readonly model: Model<Input, unknown>;
  readonly warmup: boolean | WarmupOptions<Input> | undefined;
  /** The most rows that one run will have: the size that `true` runs besides one row. */
  readonly maxBatchSize: number;
  /** Is told of a warm-up that nobody had asked for, and that failed. */
  readonly onWarning: (warning: Warning) => void;
}

/** Zeros, or inputs that were given. */
export class WarmUp<Input> implements SessionWarmUp {
  readonly #parts: WarmUpParts<Input>;

  /** @throws InvalidOptionsError `INVALID_OPTIONS` when `warmup` has a value it cannot have. */
  constructor(parts: WarmUpParts<Input>) {
    this.#parts = parts;
    checkWarmup(parts.warmup);
  }

  async run(session: Session, location: string, { signal, onProgress }: LoadOptions): Promise<void> {
    const { warmup, onWarning } = this.#parts;
    if (warmup === false) return;
    const requests = this.#requestsFor(session);
    if (requests.length === 0) return;
    onProgress?.({ phase: "warming-up", location });
    for (const request of requests) {
      if (signal?.aborted) throw new AbortedError({ stage: "loading", cause: signal.reason });
      try {
        await request(signal);
      } catch (cause) {
        if (signal?.aborted) throw new AbortedError({ stage: "loading", cause: signal.reason });
        const reason = cause instanceof Error ? cause.message.replace(/\.$/, "") : String(cause);
        // That a model takes no zeros is no reason to refuse it, unless zeros were asked for.
        if (warmup === undefined && !WorkerLostError.isInstance(cause)) {
          const message = `The warm-up with one row of zeros failed (${reason}). Give "warmup" inputs that the model takes, or set it to false.`;
          return onWarning({ type: "other", message });
        }
        const problem = `its warm-up failed (${reason}); the option "warmup" says what it is run with`;
        throw new ModelLoadError({ location, problem, cause });
      }
    }
  }

  /** The runs, in their order. */
  #requestsFor(session: Session): ((signal: AbortSignal | undefined) => Promise<void>)[] {
    const { warmup, model, maxBatchSize } = this.#parts;
    const given = typeof warmup === "object" ? warmup : {};
    const { inputs = [], batchSizes = this.#defaultSizes(session, maxBatchSize) } = given;
    const zeros = batchSizes.map((rows) => zeroRows(session, rows));
    const open = zeros.find((tensors) => typeof tensors === "string");
    if (typeof open === "string") {
      if (warmup === undefined) return [];
      throw new InvalidOptionsError({
        option: "warmup",
        problem: `asks for zeros, but ${open}; give it \`inputs\`, or set it to false`,
      });
    }
    const checkInputs = createInputCheck(session.inputs, model);
    return [
      ...zeros.map((tensors) => async (signal: AbortSignal | undefined) => {
        await session.doRun(tensors as TensorMap, { signal });
      }),
      ...inputs.map((input) => async (signal: AbortSignal | undefined) => {
        const encoded = await this.#encode(input);
        checkInputs(encoded.tensors);
        await encoded.decode(await session.doRun(encoded.tensors, { signal }));
      }),
    ];
  }

  #defaultSizes(session: Session, maxBatchSize: number): readonly number[] {
    const { warmup } = this.#parts;
    if (typeof warmup === "object" && warmup.inputs !== undefined) return [];
    const largest = Math.min(maxBatchSize, session.maxBatchSize);
    return warmup === true && isBatchable(session) && largest > 1 ? [1, largest] : [1];
  }

  async #encode(input: Input): Promise<Encoded<unknown>> {
    const { codec } = this.#parts.model;
    // A model without a codec takes tensors.
    if (codec === undefined) return { tensors: input as TensorMap, decode: (outputs) => outputs };
    return codec.encode(input);
  }
}

function checkWarmup(warmup: unknown): void {
  if (warmup === undefined || typeof warmup === "boolean") return;
  if (typeof warmup !== "object" || warmup === null || Array.isArray(warmup)) {
    throw new InvalidOptionsError({
      option: "warmup",
      problem: "has to be true, false or an object with `inputs` or `batchSizes`",
    });
  }
  const { inputs, batchSizes } = warmup as WarmupOptions<unknown>;
  if (inputs !== undefined && !Array.isArray(inputs)) {
    throw new InvalidOptionsError({ option: "warmup.inputs", problem: "has to be a list" });
  }
  for (const size of batchSizes ?? []) {
    if (Number.isInteger(size) && size >= 1) continue;
    throw new InvalidOptionsError({
      option: "warmup.batchSizes",
      problem: `has ${String(size)}; a batch has a whole number of rows, at least 1`,
    });
  }
}
