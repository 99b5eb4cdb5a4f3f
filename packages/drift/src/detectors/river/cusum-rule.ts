import type { DetectorUpdate, StateRecord } from "../detector.ts";
import { nothingYet, type Rule } from "../rule.ts";
import { loadRecord, saveRecord } from "../state-fields.ts";
import { type ChangeDirection, largerOf } from "./direction.ts";
import { addToVariance, sampleVariance } from "./running-mean.ts";

export interface CusumParameters {
  readonly minimumCount: number;
  /** In standard deviations of the first `minimumCount` values. */
  readonly slack: number;
  /** In standard deviations of the first `minimumCount` values. */
  readonly threshold: number;
  readonly direction: ChangeDirection;
}

const names = ["count", "mean", "squares", "reference", "deviation", "increase", "decrease"] as const;

const start = (): Record<(typeof names)[number], number> => ({
  count: 0,
  mean: 0,
  squares: 0,
  reference: 0,
  deviation: 0,
  increase: 0,
  decrease: 0,
});

/** CUSUM as in River: mean and deviation are those of the first values, and stay. */
export class CusumRule implements Rule {
  readonly #parameters: CusumParameters;
  #state = start();

  constructor(parameters: CusumParameters) {
    this.#parameters = parameters;
  }

  reset(): void {
    this.#state = start();
  }

  update(value: number): DetectorUpdate {
    const { minimumCount, slack, threshold, direction } = this.#parameters;
    const state = this.#state;
    if (state.count < minimumCount) {
      addToVariance(state, value);
      if (state.count < minimumCount) return nothingYet;
      state.reference = state.mean;
      state.deviation = Math.sqrt(Math.max(sampleVariance(state), 0));
    }
    const allowance = slack * state.deviation;
    const limit = threshold * state.deviation;
    const deviation = value - state.reference;
    state.increase = Math.max(0, state.increase + deviation - allowance);
    state.decrease = Math.max(0, state.decrease - deviation - allowance);
    const statistic = largerOf(direction, state.increase, state.decrease);
    return { drift: statistic > limit, warning: false, statistic, threshold: limit };
  }

  save(): StateRecord {
    return saveRecord(this.#state);
  }

  load(state: StateRecord): void {
    this.#state = loadRecord(state, names);
  }
}
