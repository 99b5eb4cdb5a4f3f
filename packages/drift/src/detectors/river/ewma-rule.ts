import type { DetectorUpdate, StateRecord } from "../detector.ts";
import { nothingYet, type Rule } from "../rule.ts";
import { loadRecord, saveRecord } from "../state-fields.ts";
import { type ChangeDirection, largerOf } from "./direction.ts";
import { addToMean } from "./running-mean.ts";

export interface EwmaParameters {
  /** The weight of the newest value. */
  readonly alpha: number;
  /** In standard errors. */
  readonly threshold: number;
  readonly minimumCount: number;
  readonly direction: ChangeDirection;
}

const names = ["count", "mean", "level", "fadingSquare"] as const;

const start = (): Record<(typeof names)[number], number> => ({
  count: 0,
  mean: 0,
  level: 0,
  fadingSquare: 0,
});

/** The EWMA chart as in River: a fading mean against the running one, in fading standard errors. */
export class EwmaRule implements Rule {
  readonly #parameters: EwmaParameters;
  #state = start();

  constructor(parameters: EwmaParameters) {
    this.#parameters = parameters;
  }

  reset(): void {
    this.#state = start();
  }

  update(value: number): DetectorUpdate {
    const { alpha, threshold, minimumCount, direction } = this.#parameters;
    const state = this.#state;
    const isFirst = state.count === 0;
    state.level = isFirst ? value : alpha * value + (1 - alpha) * state.level;
    const square = value * value;
    state.fadingSquare = isFirst ? square : alpha * square + (1 - alpha) * state.fadingSquare;
    addToMean(state, value);
    if (state.count < minimumCount) return nothingYet;
    const variance = Math.max(state.fadingSquare - state.level * state.level, 0);
    const factor = (alpha / (2 - alpha)) * (1 - (1 - alpha) ** (2 * state.count));
    const limit = threshold * Math.sqrt(variance) * Math.sqrt(factor);
    const up = state.level - state.mean;
    const statistic = largerOf(direction, up, -up);
    return { drift: statistic > limit, warning: false, statistic, threshold: limit };
  }

  save(): StateRecord {
    return saveRecord(this.#state);
  }

  load(state: StateRecord): void {
    this.#state = loadRecord(state, names);
  }
}
