import type { DetectorName, DetectorUpdate, StateRecord } from "../detector.ts";
import { nothingYet, type Rule } from "../rule.ts";
import { createStatistic } from "./create-statistic.ts";
import { type Limit, limitFor } from "./limits.ts";
import type { Statistic } from "./statistic.ts";

export interface CalibratedParameters {
  readonly expectedRunLength: number;
  readonly seed: number;
}

// The shortest run length that was simulated.
const shortestRunLength = 300;

/** A statistic against the limit of its expected run length; a warning is what comes ten times as often. */
export class CalibratedRule implements Rule {
  readonly #statistic: Statistic;
  readonly #drift: Limit;
  readonly #warning: Limit;

  constructor(name: DetectorName, { expectedRunLength, seed }: CalibratedParameters) {
    this.#statistic = createStatistic(name, seed);
    this.#drift = limitFor(name, expectedRunLength);
    this.#warning = limitFor(name, Math.max(shortestRunLength, expectedRunLength / 10));
  }

  reset(): void {
    this.#statistic.reset();
  }

  restart(): void {
    if (this.#statistic.restart === undefined) this.#statistic.reset();
    else this.#statistic.restart();
  }

  update(value: number): DetectorUpdate {
    const statistic = this.#statistic.next(value);
    if (Number.isNaN(statistic)) return nothingYet;
    const { errorRate } = this.#statistic;
    const threshold = this.#drift(errorRate);
    const drift = statistic > threshold;
    return { drift, warning: !drift && statistic > this.#warning(errorRate), statistic, threshold };
  }

  save(): StateRecord {
    return this.#statistic.save();
  }

  load(state: StateRecord): void {
    this.#statistic.load(state);
  }
}
