import { normalQuantile } from "../distributions/normal.ts";
import type { Estimate } from "../intervals/interval.ts";

/** A number with its interval, where one can be had. */
export interface Measured {
  readonly value: number;
  /**
   * Undefined where the data cannot give one: a method based on the spread of the rows says nothing
   * when the rows do not differ, such as when every prediction is right.
   */
  readonly interval: Estimate | undefined;
}

/** The interval value ± z · standard error, cut to the range the measure can have. */
export function normalMeasured(
  value: number,
  standardError: number,
  confidence: number,
  [minimum, maximum]: readonly [number, number],
): Measured {
  // Rounding leaves a standard error of about 1e-10 where it should be 0.
  if (!(standardError > 1e-9 * Math.max(1e-6, Math.abs(value)))) return { value, interval: undefined };
  const margin = normalQuantile((1 + confidence) / 2) * standardError;
  const lower = Math.max(value - margin, minimum);
  const upper = Math.min(value + margin, maximum);
  return { value, interval: { estimate: value, lower, upper, confidence } };
}
