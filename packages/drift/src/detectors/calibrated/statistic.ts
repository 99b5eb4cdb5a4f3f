import type { StateRecord } from "../detector.ts";

/**
 * A number that grows with the evidence for a change, whatever the limit is that it is held against: so
 * one simulation gives the limit of every expected run length.
 */
export interface Statistic {
  reset(): void;
  /** As of a rule. */
  restart?(): void;
  /** The statistic with this value; NaN as long as there are too few. */
  next(value: number): number;
  /** The share of errors as far as it is known; undefined where limits do not depend on it. */
  readonly errorRate: number | undefined;
  save(): StateRecord;
  load(state: StateRecord): void;
}
