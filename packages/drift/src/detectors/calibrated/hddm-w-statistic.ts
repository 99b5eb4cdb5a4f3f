import type { StateRecord } from "../detector.ts";
import { loadRecord } from "../state-fields.ts";
import { horizon, smoothedRate } from "./error-rate.ts";
import type { Statistic } from "./statistic.ts";

const names = [
  "count",
  "errors",
  "mean",
  "weights",
  "cutMean",
  "cutWeights",
  "cutBound",
  "after",
  "afterMean",
  "afterWeights",
] as const;

const start = (): Record<(typeof names)[number], number> => ({
  count: 0,
  errors: 0,
  // A fading mean, and the sum of its squared weights.
  mean: 0,
  weights: 1,
  cutMean: 0,
  cutWeights: 1,
  cutBound: 2,
  // The same for the values since the cut.
  after: 0,
  afterMean: 0,
  afterWeights: 1,
});

const warmUp = 30;
const lambda = 0.05;
/** √(2 ln(1 / 0.001)): McDiarmid's bound at the original's confidence, in standard deviations. */
const cutWidth = Math.sqrt(2 * Math.log(1000));

/** HDDM-W: a fading error rate since the best cut against that at the cut, in the errors' standard deviations. */
export class HddmWStatistic implements Statistic {
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
    state.mean = state.count === 1 ? value : lambda * value + (1 - lambda) * state.mean;
    state.weights = fade(state.weights);
    if (state.count < warmUp) return Number.NaN;
    const variance = this.errorRate * (1 - this.errorRate);
    const bound = state.mean + cutWidth * Math.sqrt(variance * state.weights);
    if (bound < state.cutBound) {
      Object.assign(state, { cutBound: bound, cutMean: state.mean, cutWeights: state.weights });
      Object.assign(state, { after: 0, afterMean: 0, afterWeights: 1 });
      return 0;
    }
    state.afterMean = state.after === 0 ? value : lambda * value + (1 - lambda) * state.afterMean;
    state.afterWeights = fade(state.afterWeights);
    state.after += 1;
    const difference = state.afterMean - state.cutMean;
    return difference / Math.sqrt(variance * (state.cutWeights + state.afterWeights));
  }

  save(): StateRecord {
    return { ...this.#state };
  }

  load(state: StateRecord): void {
    this.#state = loadRecord(state, names);
  }
}

function fade(weights: number): number {
  return lambda * lambda + (1 - lambda) ** 2 * weights;
}
