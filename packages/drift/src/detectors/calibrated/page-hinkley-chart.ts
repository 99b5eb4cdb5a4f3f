import type { StateRecord } from "../detector.ts";
import { addToMean } from "../river/running-mean.ts";
import { loadRecord } from "../state-fields.ts";
import { normalScore, type ScoreChart } from "./ranked-statistic.ts";

const delta = 0.1;

const start = (): Record<"count" | "mean" | "increase" | "decrease", number> => ({
  count: 0,
  mean: 0,
  increase: 0,
  decrease: 0,
});

/** Page-Hinkley of normal scores: deviations from the running mean, so that small, lasting shifts add up. */
export class PageHinkleyChart implements ScoreChart {
  #state = start();

  reset(): void {
    this.#state = start();
  }

  next(place: number): number {
    const score = normalScore(place);
    const state = this.#state;
    addToMean(state, score);
    const deviation = score - state.mean;
    // The sum less its smallest value so far, kept as one number.
    state.increase = Math.max(0, state.increase + deviation - delta);
    state.decrease = Math.max(0, state.decrease - deviation - delta);
    return Math.max(state.increase, state.decrease);
  }

  save(): StateRecord {
    return { ...this.#state };
  }

  load(state: StateRecord): void {
    this.#state = loadRecord(state, ["count", "mean", "increase", "decrease"]);
  }
}
