import { InvalidOptionsError } from "../errors/invalid-options-error.ts";
import type { CompositionOptions } from "../composition/composition-options.ts";
import type { Tensor } from "../tensor/tensor.ts";

/** One state of a model: an input, and the output that is this input of the next step. */
export interface StateOptions {
  /** The name of the output that holds the next state. */
  readonly output: string;
  /**
   * The dimension of the state in which the rows of a batch lie, from 0. Default the only one that
   * the signature does not fix, or the one that it names like a batch.
   */
  readonly batchAxis?: number | undefined;
  /**
   * Makes the state before a session's first step, with `rows` rows along `batchAxis`. Default zeros,
   * where the signature fixes every other dimension.
   */
  readonly initial?: ((session: { readonly key: string; readonly rows: number }) => Tensor) | undefined;
}

/** Options of `statefulPredictor`. */
export interface StatefulOptions extends CompositionOptions {
  /** The model's states: by the name of each state input its output, or more about it. */
  readonly states: Readonly<Record<string, string | StateOptions>>;
  /**
   * Inputs before whose new elements the model wants the last ones of the step before, by name how
   * many, along the last dimension; zeros in the first step. Default none.
   */
  readonly history?: Readonly<Record<string, number>> | undefined;
  /** The most rows of a run, at least 1. Default 64; 1 for each step by itself. */
  readonly maxBatchSize?: number | undefined;
  /** How many runs are under way at a time, at least 1. Default 1; the predictor's workers are a good number. */
  readonly maxParallelRuns?: number | undefined;
  /** The most steps that wait or run, of all sessions. What comes then is refused. Default 1024. */
  readonly maxQueueSize?: number | undefined;
  /** The most sessions whose state is kept, at least 1. Default 1024. */
  readonly maxSessions?: number | undefined;
  /** Milliseconds after its last step when a session is forgotten. Default `Infinity`. */
  readonly idleTimeoutMs?: number | undefined;
  /**
   * What happens to a new session when there are `maxSessions`. `refuse`: its step fails with
   * `OVERLOADED`. `evict`: the session that was used least recently, and has no step under way, is
   * forgotten; its next step, if there is one, begins anew. Default `refuse`.
   */
  readonly whenFull?: "refuse" | "evict" | undefined;
}

/** The bounds of {@link StatefulOptions}, with their defaults. */
export interface StatefulLimits {
  readonly maxBatchSize: number;
  readonly maxParallelRuns: number;
  readonly maxQueueSize: number;
  readonly maxSessions: number;
  readonly idleTimeoutMs: number;
  readonly whenFull: "refuse" | "evict";
}

/** @throws InvalidOptionsError `INVALID_OPTIONS` when a bound is out of its range. */
export function resolveLimits(options: StatefulOptions): StatefulLimits {
  const { maxBatchSize = 64, maxParallelRuns = 1, maxQueueSize = 1_024, maxSessions = 1_024 } = options;
  const { idleTimeoutMs = Infinity, whenFull = "refuse" } = options;
  for (const [option, count] of Object.entries({
    maxBatchSize,
    maxParallelRuns,
    maxQueueSize,
    maxSessions,
  })) {
    if (Number.isInteger(count) && count >= 1) continue;
    throw new InvalidOptionsError({
      option,
      problem: `is ${String(count)}; it has to be a whole number of at least 1`,
    });
  }
  if (typeof idleTimeoutMs !== "number" || !(idleTimeoutMs > 0)) {
    throw new InvalidOptionsError({
      option: "idleTimeoutMs",
      problem: `is ${String(idleTimeoutMs)}; it has to be a number of milliseconds above 0`,
    });
  }
  if (whenFull !== "refuse" && whenFull !== "evict") {
    throw new InvalidOptionsError({
      option: "whenFull",
      problem: `is ${JSON.stringify(whenFull)}; it has to be "refuse" or "evict"`,
    });
  }
  return { maxBatchSize, maxParallelRuns, maxQueueSize, maxSessions, idleTimeoutMs, whenFull };
}
