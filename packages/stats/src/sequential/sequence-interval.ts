import type { Interval } from "../intervals/interval.ts";

/** One look at a confidence sequence: all looks together miss with probability at most `alpha`. */
export interface ConfidenceSequenceInterval extends Interval {
  readonly estimate: number;
  readonly alpha: number;
}
