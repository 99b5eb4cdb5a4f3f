import type { DetectorUpdate, StateRecord } from "../detector.ts";
import type { Rule } from "../rule.ts";
import { loadRecord, saveRecord } from "../state-fields.ts";
import { addToMean } from "./running-mean.ts";

export interface HddmParameters {
  readonly driftConfidence: number;
  readonly warningConfidence: number;
  readonly twoSided: boolean;
}

const names = ["count", "mean", "lowCount", "lowMean", "highCount", "highMean"] as const;

const start = (): Record<(typeof names)[number], number> => ({
  count: 0,
  mean: 0,
  lowCount: 0,
  lowMean: 0,
  highCount: 0,
  highMean: 0,
});

/** HDDM-A as in River (Frías-Blanco and others 2015): means before and after a cut, by Hoeffding's bound. */
export class HddmARule implements Rule {
  readonly #parameters: HddmParameters;
  #state = start();

  constructor(parameters: HddmParameters) {
    this.#parameters = parameters;
  }

  reset(): void {
    this.#state = start();
  }

  update(value: number): DetectorUpdate {
    const { driftConfidence, warningConfidence, twoSided } = this.#parameters;
    const state = this.#state;
    addToMean(state, value);
    const { count, mean } = state;
    const bound = (n: number): number => Math.sqrt((1 / (2 * n)) * Math.log(1 / driftConfidence));
    if (state.lowCount === 0 || state.lowMean + bound(state.lowCount) >= mean + bound(count)) {
      state.lowCount = count;
      state.lowMean = mean;
    }
    if (state.highCount === 0 || state.highMean - bound(state.highCount) <= mean - bound(count)) {
      state.highCount = count;
      state.highMean = mean;
    }
    const rises = mean - state.lowMean;
    const falls = state.highMean - mean;
    const isAbove = (difference: number, cut: number, confidence: number): boolean =>
      cut !== count && difference >= margin(count, cut, confidence);
    let drift = isAbove(rises, state.lowCount, driftConfidence);
    let warning = !drift && isAbove(rises, state.lowCount, warningConfidence);
    if (twoSided) {
      if (isAbove(falls, state.highCount, driftConfidence)) drift = true;
      else if (isAbove(falls, state.highCount, warningConfidence)) warning = true;
    }
    return {
      drift,
      warning: warning && !drift,
      statistic: state.lowCount === count ? undefined : rises,
      threshold: state.lowCount === count ? undefined : margin(count, state.lowCount, driftConfidence),
    };
  }

  save(): StateRecord {
    return saveRecord(this.#state);
  }

  load(state: StateRecord): void {
    this.#state = loadRecord(state, names);
  }
}

function margin(count: number, cut: number, confidence: number): number {
  const share = ((count - cut) / cut) * (1 / count);
  return Math.sqrt((share / 2) * Math.log(2 / confidence));
}
