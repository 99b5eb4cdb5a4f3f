import { checkFiniteValues, checkOpenProbability, type Numbers } from "../arguments/check-sample.ts";
import { meanInterval } from "../intervals/mean-interval.ts";
import { sum } from "../descriptive/sum.ts";
import type { Measured } from "./delta-method.ts";

/** The mean of a loss over rows, with Student's interval. */
export interface MeanLoss extends Measured {
  /** The loss of each row, for {@link compareLosses} and plots. */
  readonly losses: Float64Array;
}

/** The mean of one loss per row. The interval is undefined for one row, or rows that all have the same loss. */
export function meanLoss(
  losses: Numbers,
  { confidence = 0.95 }: { readonly confidence?: number } = {},
): MeanLoss {
  checkFiniteValues("losses", losses);
  checkOpenProbability("confidence", confidence);
  const value = sum(losses) / losses.length;
  const interval = losses.length < 2 ? undefined : meanInterval(losses, { confidence });
  const isKnown = interval !== undefined && interval.lower < interval.upper;
  return { value, interval: isKnown ? interval : undefined, losses: Float64Array.from(losses) };
}
