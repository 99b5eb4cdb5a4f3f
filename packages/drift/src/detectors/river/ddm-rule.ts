import type { DetectorUpdate, StateRecord } from "../detector.ts";
import { nothingYet, type Rule } from "../rule.ts";
import { loadRecord, saveRecord } from "../state-fields.ts";
import { addToMean } from "./running-mean.ts";

export interface DdmParameters {
  readonly minimumCount: number;
  /** In standard deviations at the best moment so far. */
  readonly warningThreshold: number;
  readonly driftThreshold: number;
}

const names = ["count", "mean", "bestShare", "bestDeviation", "bestSum"] as const;

const start = (): Record<(typeof names)[number], number> => ({
  count: 0,
  mean: 0,
  bestShare: 0,
  bestDeviation: 0,
  bestSum: Infinity,
});

/** DDM as in River (Gama, Medas, Castillo and Rodrigues 2004): the error rate against its best moment. */
export class DdmRule implements Rule {
  readonly #parameters: DdmParameters;
  #state = start();

  constructor(parameters: DdmParameters) {
    this.#parameters = parameters;
  }

  reset(): void {
    this.#state = start();
  }

  update(value: number): DetectorUpdate {
    const { minimumCount, warningThreshold, driftThreshold } = this.#parameters;
    const state = this.#state;
    addToMean(state, value);
    if (state.count <= minimumCount) return nothingYet;
    const share = state.mean;
    const deviation = Math.sqrt((share * (1 - share)) / state.count);
    if (share + deviation <= state.bestSum) {
      state.bestShare = share;
      state.bestDeviation = deviation;
      state.bestSum = share + deviation;
    }
    const statistic = share + deviation;
    const threshold = state.bestShare + driftThreshold * state.bestDeviation;
    const drift = statistic > threshold;
    const warning = !drift && statistic > state.bestShare + warningThreshold * state.bestDeviation;
    return { drift, warning, statistic, threshold };
  }

  save(): StateRecord {
    return saveRecord(this.#state);
  }

  load(state: StateRecord): void {
    this.#state = loadRecord(state, names);
  }
}
