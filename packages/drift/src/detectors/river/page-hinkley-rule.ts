import type { DetectorUpdate, StateRecord } from "../detector.ts";
import { nothingYet, type Rule } from "../rule.ts";
import { loadRecord, saveRecord } from "../state-fields.ts";
import { addToMean } from "./running-mean.ts";
import type { ChangeDirection } from "./direction.ts";
import { largerOf } from "./direction.ts";

export interface PageHinkleyParameters {
  readonly minimumCount: number;
  readonly delta: number;
  readonly threshold: number;
  readonly alpha: number;
  readonly direction: ChangeDirection;
}

const start = (): Record<"count" | "mean" | "increase" | "decrease" | "lowest" | "highest", number> => ({
  count: 0,
  mean: 0,
  increase: 0,
  decrease: 0,
  lowest: Infinity,
  // As River starts it.
  highest: -1,
});

const names = ["count", "mean", "increase", "decrease", "lowest", "highest"] as const;

/** Page-Hinkley as in River: fading sums of the deviations from the running mean, against their extremes. */
export class PageHinkleyRule implements Rule {
  readonly #parameters: PageHinkleyParameters;
  #state = start();

  constructor(parameters: PageHinkleyParameters) {
    this.#parameters = parameters;
  }

  reset(): void {
    this.#state = start();
  }

  update(value: number): DetectorUpdate {
    const { minimumCount, delta, threshold, alpha, direction } = this.#parameters;
    const state = this.#state;
    addToMean(state, value);
    const deviation = value - state.mean;
    state.increase = alpha * state.increase + deviation - delta;
    state.decrease = alpha * state.decrease + deviation + delta;
    if (state.increase < state.lowest) state.lowest = state.increase;
    if (state.decrease > state.highest) state.highest = state.decrease;
    if (state.count < minimumCount) return nothingYet;
    const statistic = largerOf(direction, state.increase - state.lowest, state.highest - state.decrease);
    return { drift: statistic > threshold, warning: false, statistic, threshold };
  }

  save(): StateRecord {
    return saveRecord(this.#state);
  }

  load(state: StateRecord): void {
    this.#state = loadRecord(state, names);
  }
}
