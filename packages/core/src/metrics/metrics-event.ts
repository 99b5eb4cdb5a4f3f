import type { PredictorHealth } from "../predictor/predictor.ts";

/**
 * What `createServiceMetrics` reads of a request: the subset of a `PredictionEvent`, so that those
 * from another copy of the package, or from elsewhere, do too.
 */
export interface MetricsEvent {
  readonly model: string;
  readonly version: string;
  readonly outcome: "success" | "failure";
  /** Of a failure, what went wrong; a failure without it counts as `OTHER`. */
  readonly error?: { readonly code: string } | undefined;
  /** Milliseconds from the request to its answer. */
  readonly totalMs: number;
  /** Milliseconds that it waited to run; `undefined` where nothing queues, as in a composition. */
  readonly queueMs?: number | undefined;
  /** Milliseconds of the run that it was in. */
  readonly runMs: number;
  /** The rows of the request. */
  readonly rows: number;
  /** The rows of the whole batch that it ran in; 0 or `undefined` when it ran in none, or that is not known. */
  readonly batchRows?: number | undefined;
}

/** What `createServiceMetrics` needs of a predictor. Every `Predictor` has it. */
export interface WatchablePredictor {
  readonly info: { readonly model: string; readonly version: string };
  observe(
    observer: (event: MetricsEvent) => void,
    options?: { readonly name?: string; readonly maxPending?: number },
  ): () => void;
  health(): PredictorHealth;
}
