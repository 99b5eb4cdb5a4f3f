import type { StateRecord } from "../detector.ts";
import { addToVariance, sampleVariance } from "../river/running-mean.ts";
import { loadRecord } from "../state-fields.ts";
import { smoothedRate } from "./error-rate.ts";
import type { Statistic } from "./statistic.ts";

const names = ["values", "lastError", "count", "mean", "squares", "largest"] as const;

const start = (): Record<(typeof names)[number], number> => ({
  values: 0,
  lastError: 0,
  // Of the distances between errors.
  count: 0,
  mean: 0,
  squares: 0,
  largest: 0,
});

const warmUp = 30;
/** Errors after which it starts again. */
const horizon = 1000;

/** EDDM: the largest mean + 2 standard deviations of the distances between errors, over that of now. */
export class EddmStatistic implements Statistic {
  #state = start();

  get errorRate(): number {
    return smoothedRate(this.#state.count, this.#state.values);
  }

  reset(): void {
    this.#state = start();
  }

  next(value: number): number {
    if (this.#state.count >= horizon) this.#state = start();
    const state = this.#state;
    state.values += 1;
    if (value !== 1) return Number.NaN;
    addToVariance(state, state.values - state.lastError);
    state.lastError = state.values;
    if (state.count < warmUp) return Number.NaN;
    const spread = state.mean + 2 * Math.sqrt(sampleVariance(state));
    state.largest = Math.max(state.largest, spread);
    return state.largest / spread;
  }

  save(): StateRecord {
    return { ...this.#state };
  }

  load(state: StateRecord): void {
    this.#state = loadRecord(state, names);
  }
}
