import type { StateRecord } from "../detector.ts";
import { loadRecord, saveRecord } from "../state-fields.ts";
import { horizon, smoothedRate } from "./error-rate.ts";
import type { Statistic } from "./statistic.ts";

const names = ["count", "errors", "bestRate", "bestDeviation", "bestSum"] as const;

const start = (): Record<(typeof names)[number], number> => ({
  count: 0,
  errors: 0,
  bestRate: 0,
  bestDeviation: 1,
  bestSum: Infinity,
});

const warmUp = 30;

/**
 * DDM: how many standard deviations the error rate is above its best moment. Rates are smoothed, so that
 * a perfect start does not make the first error an alarm.
 */
export class DdmStatistic implements Statistic {
  #state = start();

  get errorRate(): number {
    return smoothedRate(this.#state.errors, this.#state.count);
  }

  reset(): void {
    this.#state = start();
  }

  next(value: number): number {
    if (this.#state.count >= horizon) this.#state = start();
    const state = this.#state;
    state.count += 1;
    state.errors += value;
    if (state.count < warmUp) return Number.NaN;
    const rate = this.errorRate;
    const deviation = Math.sqrt((rate * (1 - rate)) / state.count);
    if (rate + deviation <= state.bestSum) {
      state.bestRate = rate;
      state.bestDeviation = deviation;
      state.bestSum = rate + deviation;
    }
    return (rate + deviation - state.bestRate) / state.bestDeviation;
  }

  save(): StateRecord {
    return saveRecord(this.#state);
  }

  load(state: StateRecord): void {
    this.#state = loadRecord(state, names);
  }
}
