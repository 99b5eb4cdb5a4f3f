import {
  asymptoticMeanSequence,
  bernoulliSequence,
  type Label,
  Moments,
  type MomentsState,
  windowLevel,
} from "@mlops/stats";

import { checkOption } from "../detectors/check-options.ts";

/** How the quality since the epoch's start compares with the reference, valid at every look. */
export interface QualityComparison {
  /**
   * `worse` and `better` are proven: over the whole life of the monitor the chance of a single one that is
   * wrong is at most `alpha`. `not-enough-data` below 100 rows of an epoch.
   */
  readonly verdict: "worse" | "better" | "not-proven" | "not-enough-data";
  /** The accuracy, or the mean absolute error, of this epoch; undefined before its first row. */
  readonly estimate: number | undefined;
  readonly lower: number;
  readonly upper: number;
  readonly reference: number;
  readonly rows: number;
  /** From 1 on. An epoch has 10,000 rows, so that a late decline is not diluted by a long good past. */
  readonly epoch: number;
}

export interface ComparisonState {
  readonly epoch: number;
  readonly right: number;
  readonly moments: MomentsState;
}

const epochRows = 10_000;
// Below it the asymptotic sequence for means is not to be trusted.
const minimumRows = 100;

/** Compares accuracy or mean absolute error with a number, at every look. */
export class ReferenceComparison {
  readonly #isAccuracy: boolean;
  readonly #reference: number;
  readonly #alpha: number;
  #epoch = 1;
  #right = 0;
  #errors = new Moments();

  constructor(options: {
    readonly task: "classification" | "regression";
    readonly reference: number;
    readonly alpha: number;
  }) {
    this.#isAccuracy = options.task === "classification";
    this.#reference = checkOption("reference", options.reference, {
      minimum: 0,
      maximum: this.#isAccuracy ? 1 : Infinity,
    });
    this.#alpha = checkOption("alpha", options.alpha, { minimum: 1e-12, maximum: 0.5 });
  }

  add(label: Label, prediction: Label): void {
    if (this.#errors.count >= epochRows) {
      this.#epoch += 1;
      this.#right = 0;
      this.#errors = new Moments();
    }
    const isRight = label === prediction;
    if (isRight) this.#right += 1;
    this.#errors.add(this.#isAccuracy ? Number(!isRight) : Math.abs(Number(label) - Number(prediction)));
  }

  look(): QualityComparison {
    const rows = this.#errors.count;
    const [reference, epoch] = [this.#reference, this.#epoch];
    if (rows < minimumRows) {
      const estimate = rows === 0 ? undefined : this.#isAccuracy ? this.#right / rows : this.#errors.mean;
      const upper = this.#isAccuracy ? 1 : Infinity;
      return { verdict: "not-enough-data", estimate, lower: 0, upper, reference, rows, epoch };
    }
    // Each epoch spends its part, so that all together spend alpha.
    const alpha = windowLevel(epoch, { alpha: this.#alpha });
    const { estimate, lower, upper } = this.#isAccuracy
      ? bernoulliSequence({ successes: this.#right, trials: rows }, { alpha })
      : asymptoticMeanSequence(
          { count: rows, mean: this.#errors.mean ?? 0, variance: this.#errors.sampleVariance ?? 0 },
          { alpha },
        );
    const isAbove = lower > reference;
    const isBelow = upper < reference;
    const isWorse = this.#isAccuracy ? isBelow : isAbove;
    const verdict = isWorse ? "worse" : isAbove || isBelow ? "better" : "not-proven";
    return { verdict, estimate, lower: Math.max(lower, 0), upper, reference, rows, epoch };
  }

  toJSON(): ComparisonState {
    return { epoch: this.#epoch, right: this.#right, moments: this.#errors.toJSON() };
  }

  load({ epoch, right, moments }: ComparisonState): void {
    this.#epoch = epoch;
    this.#right = right;
    this.#errors = Moments.fromJSON(moments);
  }
}
