import type { DetectorUpdate, StateRecord } from "../detector.ts";
import { nothingYet, type Rule } from "../rule.ts";
import { loadNumber } from "../state-fields.ts";
import { AdwinWindow, type WindowCut } from "./adwin-window.ts";

export interface AdwinParameters {
  readonly delta: number;
  /** Looks at every `clock`-th value. */
  readonly clock: number;
  readonly maximumBuckets: number;
  readonly minimumWindow: number;
  /** Values before the first look. */
  readonly gracePeriod: number;
}

/** ADWIN as in River, whose bound has 1/(n - m + 1) with the smallest window m in place of the paper's 1/n. */
export class AdwinRule implements Rule {
  readonly #parameters: AdwinParameters;
  #window: AdwinWindow;
  #tick = 0;

  constructor(parameters: AdwinParameters) {
    this.#parameters = parameters;
    this.#window = new AdwinWindow(parameters.maximumBuckets);
  }

  reset(): void {
    this.#window = new AdwinWindow(this.#parameters.maximumBuckets);
    this.#tick = 0;
  }

  update(value: number): DetectorUpdate {
    const { clock, gracePeriod } = this.#parameters;
    const window = this.#window;
    window.add(value);
    this.#tick += 1;
    if (this.#tick % clock !== 0 || window.width <= gracePeriod) return nothingYet;
    let drift = false;
    let answer: DetectorUpdate = nothingYet;
    const isChange = (cut: WindowCut): boolean => {
      const evidence = this.#evidence(cut);
      if (evidence === undefined || !(evidence.statistic > evidence.threshold)) return false;
      answer = { drift: true, warning: false, ...evidence };
      return true;
    };
    while (window.findCut(isChange)) {
      drift = true;
      window.dropOldest();
    }
    return drift ? answer : nothingYet;
  }

  #evidence({
    before,
    after,
    totalBefore,
    totalAfter,
  }: WindowCut): { statistic: number; threshold: number } | undefined {
    const { delta, minimumWindow } = this.#parameters;
    if (before < minimumWindow || after < minimumWindow) return undefined;
    const difference = totalBefore / before - totalAfter / after;
    const logTerm = Math.log((2 * Math.log(this.#window.width)) / delta);
    const reciprocal = 1 / (before - minimumWindow + 1) + 1 / (after - minimumWindow + 1);
    const threshold =
      Math.sqrt(2 * reciprocal * this.#window.variance * logTerm) + (2 / 3) * logTerm * reciprocal;
    return { statistic: Math.abs(difference), threshold };
  }

  save(): StateRecord {
    return { ...this.#window.save(), tick: this.#tick };
  }

  load(state: StateRecord): void {
    this.#window.load(state);
    this.#tick = loadNumber(state, "tick");
  }
}
