import type { StateRecord } from "../detector.ts";
import { loadRecord } from "../state-fields.ts";
import { normalScore, type ScoreChart } from "./ranked-statistic.ts";

const slack = 0.5;

/** The two-sided CUSUM of normal scores, tuned to a shift of one standard deviation (Page 1954). */
export class CusumChart implements ScoreChart {
  #state = { increase: 0, decrease: 0 };

  reset(): void {
    this.#state = { increase: 0, decrease: 0 };
  }

  next(place: number): number {
    const score = normalScore(place);
    const state = this.#state;
    state.increase = Math.max(0, state.increase + score - slack);
    state.decrease = Math.max(0, state.decrease - score - slack);
    return Math.max(state.increase, state.decrease);
  }

  save(): StateRecord {
    return { ...this.#state };
  }

  load(state: StateRecord): void {
    this.#state = loadRecord(state, ["increase", "decrease"]);
  }
}
