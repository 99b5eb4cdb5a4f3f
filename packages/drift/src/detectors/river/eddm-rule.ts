import type { DetectorUpdate, StateRecord } from "../detector.ts";
import { nothingYet, type Rule } from "../rule.ts";
import { loadRecord, saveRecord } from "../state-fields.ts";
import { addToVariance, sampleVariance } from "./running-mean.ts";

export interface EddmParameters {
  /** Values, and errors, before anything is said. */
  readonly minimumCount: number;
  /** A level below it is a warning. */
  readonly alpha: number;
  /** A level below it is drift. */
  readonly beta: number;
}

const names = ["values", "lastError", "count", "mean", "squares", "largest", "warned"] as const;

const start = (): Record<(typeof names)[number], number> => ({
  values: 0,
  lastError: 0,
  // Of the distances between errors.
  count: 0,
  mean: 0,
  squares: 0,
  largest: -1,
  warned: 0,
});

/**
 * EDDM as in River (Baena-García and others 2006): the distances between errors against their largest
 * mean + 2 standard deviations. The level that is given as the statistic is small when things are bad.
 */
export class EddmRule implements Rule {
  readonly #parameters: EddmParameters;
  #state = start();

  constructor(parameters: EddmParameters) {
    this.#parameters = parameters;
  }

  reset(): void {
    this.#state = start();
  }

  update(value: number): DetectorUpdate {
    const { minimumCount, alpha, beta } = this.#parameters;
    const state = this.#state;
    state.values += 1;
    // A warning stays until an error says otherwise.
    if (value !== 1) return state.warned === 1 ? { ...nothingYet, warning: true } : nothingYet;
    addToVariance(state, state.values - state.lastError);
    state.lastError = state.values;
    if (state.values <= minimumCount) return nothingYet;
    const spread = state.mean + 2 * Math.sqrt(sampleVariance(state));
    if (spread > state.largest) {
      state.largest = spread;
      return { ...nothingYet, warning: state.warned === 1 };
    }
    if (state.count <= minimumCount) return nothingYet;
    const level = spread / state.largest;
    const drift = level < beta;
    state.warned = level < alpha ? 1 : 0;
    return { drift, warning: !drift && level < alpha, statistic: level, threshold: beta };
  }

  save(): StateRecord {
    return saveRecord(this.#state);
  }

  load(state: StateRecord): void {
    this.#state = loadRecord(state, names);
  }
}
