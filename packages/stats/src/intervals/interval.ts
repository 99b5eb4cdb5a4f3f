/** A closed range that holds an unknown number with the stated confidence. */
export interface Interval {
  readonly lower: number;
  readonly upper: number;
}

/** A number estimated from data, with the range that fits the data. */
export interface Estimate extends Interval {
  readonly estimate: number;
  /** The share of such ranges that hold the true number, above 0 and below 1. */
  readonly confidence: number;
}
