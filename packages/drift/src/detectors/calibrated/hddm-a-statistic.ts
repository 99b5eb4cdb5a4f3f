import type { StateRecord } from "../detector.ts";
import { loadRecord } from "../state-fields.ts";
import { horizon, smoothedRate } from "./error-rate.ts";
import type { Statistic } from "./statistic.ts";

const names = ["count", "errors", "cutCount", "cutErrors", "cutBound"] as const;

const start = (): Record<(typeof names)[number], number> => ({
  count: 0,
  errors: 0,
  cutCount: 0,
  cutErrors: 0,
  cutBound: 2,
});

const warmUp = 30;
/** √(2 ln(1 / 0.001)): Hoeffding's bound at the original's confidence, in standard deviations. */
const cutWidth = Math.sqrt(2 * Math.log(1000));

/**
 * HDDM-A: the error rate of everything against that up to the best cut, in standard deviations of the
 * errors themselves, where the original takes the largest that there could be.
 */
export class HddmAStatistic implements Statistic {
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
    const { count, errors } = state;
    const rate = this.errorRate;
    const variance = rate * (1 - rate);
    const bound = errors / count + cutWidth * Math.sqrt(variance / count);
    if (bound <= state.cutBound) {
      state.cutBound = bound;
      state.cutCount = count;
      state.cutErrors = errors;
      return 0;
    }
    const difference = errors / count - state.cutErrors / state.cutCount;
    return difference / Math.sqrt(variance * (1 / state.cutCount - 1 / count));
  }

  save(): StateRecord {
    return { ...this.#state };
  }

  load(state: StateRecord): void {
    this.#state = loadRecord(state, names);
  }
}
