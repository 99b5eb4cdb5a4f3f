import { checkFiniteValues, checkOpenProbability, type Numbers } from "../arguments/check-sample.ts";
import { Moments } from "../descriptive/moments.ts";
import { studentTQuantile } from "../distributions/student-t.ts";
import type { Estimate } from "./interval.ts";

export interface MeanInterval extends Estimate {
  readonly standardError: number;
  readonly degreesOfFreedom: number;
}

/**
 * Student's interval for the mean of what the sample was drawn from: mean ± t · s / √n with n - 1
 * degrees of freedom.
 *
 * Exact for normal values; for others it needs more rows the more skewed they are (a hundred for
 * moderately skewed ones). For latencies prefer {@link quantileInterval}, which assumes nothing.
 *
 * @throws {@link InvalidArgumentError} for fewer than two values.
 *
 * @example
 * meanInterval([9.8, 10.2, 10.4, 9.6]); // estimate 10, lower 9.41896…, upper 10.58103…
 */
export function meanInterval(
  sample: Numbers,
  { confidence = 0.95 }: { readonly confidence?: number } = {},
): MeanInterval {
  checkFiniteValues("sample", sample, 2);
  checkOpenProbability("confidence", confidence);
  const moments = Moments.of(sample);
  const estimate = moments.mean ?? 0;
  const degreesOfFreedom = sample.length - 1;
  const standardError = (moments.sampleStandardDeviation ?? 0) / Math.sqrt(sample.length);
  const margin = studentTQuantile((1 + confidence) / 2, degreesOfFreedom) * standardError;
  return {
    estimate,
    lower: estimate - margin,
    upper: estimate + margin,
    confidence,
    standardError,
    degreesOfFreedom,
  };
}
