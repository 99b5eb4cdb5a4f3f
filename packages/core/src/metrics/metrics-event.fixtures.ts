import type { ObserveOptions } from "../predictor/observer-options.ts";
import type { PredictorHealth } from "../predictor/predictor.ts";
import type { MetricsEvent, WatchablePredictor } from "./metrics-event.ts";
import type { ServiceMetrics } from "./service-metrics.ts";
import type { ModelSnapshot } from "./snapshot.ts";

/** A request with a result: of model `price`, version 1, 10 ms, 2 of them waiting, one row. */
export function success(fields: Partial<MetricsEvent> = {}): MetricsEvent {
  const times = { totalMs: 10, queueMs: 2, runMs: 7, rows: 1, batchRows: fields.rows ?? 1 };
  return { model: "price", version: "1", outcome: "success", ...times, ...fields };
}

/** A request of the same with an error. */
export function failure(code: string, fields: Partial<MetricsEvent> = {}): MetricsEvent {
  return success({ outcome: "failure", error: { code }, queueMs: 0, runMs: 0, ...fields });
}

/** A predictor that is as it is told. */
export class ScriptedPredictor implements WatchablePredictor {
  readonly info: { readonly model: string; readonly version: string };
  current: PredictorHealth = { status: "ready", queued: 0, running: 0, observerErrors: 0 };
  /** What it was observed with last. */
  observedWith: ObserveOptions | undefined;
  readonly #observers = new Set<(event: MetricsEvent) => void>();

  constructor(model = "price", version = "1") {
    this.info = { model, version };
  }

  get observerCount(): number {
    return this.#observers.size;
  }

  observe(observer: (event: MetricsEvent) => void, options?: ObserveOptions): () => void {
    this.observedWith = options;
    this.#observers.add(observer);
    return () => void this.#observers.delete(observer);
  }

  health(): PredictorHealth {
    return this.current;
  }

  /** From now on its health has these fields. */
  become(fields: Partial<PredictorHealth>): void {
    this.current = { ...this.current, ...fields };
  }

  tell(event: MetricsEvent): void {
    for (const observer of this.#observers) observer(event);
  }
}

/** What is known of one model's version. */
export function modelSnapshot(metrics: ServiceMetrics, model = "price", version = "1"): ModelSnapshot {
  const found = metrics.snapshot().models.find((one) => one.model === model && one.version === version);
  if (found === undefined) throw new Error(`Nothing is known of ${model} ${version}.`);
  return found;
}

/** Numbers in (0, 1), the same for the same seed (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (((mixed ^ (mixed >>> 14)) >>> 0) + 0.5) / 2 ** 32;
  };
}
