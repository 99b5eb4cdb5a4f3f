import { checkFinite } from "../arguments/check-number.ts";
import { copySample, type Sample } from "../arguments/sample.ts";
import { studentTCdf, studentTSf } from "../distributions/student-t.ts";
import { InvalidArgumentError } from "../errors/invalid-argument-error.ts";
import { moments } from "../numeric/moments.ts";
import { type Alternative, checkAlternative } from "./alternative.ts";

export interface TTestOptions {
  /** `greater`: the first mean is the larger one. Default `two-sided`. */
  readonly alternative?: Alternative | undefined;
  /** The difference of the means under the hypothesis. Default 0. */
  readonly difference?: number | undefined;
}

export interface TTestResult {
  readonly statistic: number;
  readonly pValue: number;
  readonly degreesOfFreedom: number;
  readonly method: "student" | "welch";
  readonly alternative: Alternative;
  /** First mean minus second mean. */
  readonly estimate: number;
  /** The standard error of the estimate. */
  readonly standardError: number;
}

/**
 * Welch's t-test: two means, whatever the variances. The one to use by default.
 *
 * **Hypothesis**: the means differ by `difference` (0). Normal samples, or large ones.
 * SciPy: `scipy.stats.ttest_ind(equal_var=False)`. Source: B. L. Welch 1947.
 *
 * @throws {@link InvalidArgumentError} for fewer than 2 values, NaN or infinities, or where both
 *   samples are constant with exactly that difference, which leaves t undefined.
 */
export function welchTTest(first: Sample, second: Sample, options: TTestOptions = {}): TTestResult {
  return tTest(first, second, options, "welch");
}

/**
 * Student's t-test: two means of samples that have the same variance.
 *
 * **Hypothesis**: the means differ by `difference` (0). Normal samples, or large ones, of equal
 * variance; else use {@link welchTTest}. SciPy: `scipy.stats.ttest_ind`.
 *
 * @throws {@link InvalidArgumentError} as {@link welchTTest}.
 */
export function studentTTest(first: Sample, second: Sample, options: TTestOptions = {}): TTestResult {
  return tTest(first, second, options, "student");
}

function tTest(
  first: Sample,
  second: Sample,
  { alternative = "two-sided", difference = 0 }: TTestOptions,
  method: "student" | "welch",
): TTestResult {
  checkAlternative(alternative);
  checkFinite("options.difference", difference);
  const x = moments(copySample("first", first, { minimumSize: 2, finite: true }));
  const y = moments(copySample("second", second, { minimumSize: 2, finite: true }));
  const estimate = x.mean - y.mean;
  const { squaredError, degreesOfFreedom } = method === "welch" ? welch(x, y) : student(x, y);
  if (squaredError === 0 && estimate === difference) {
    throw new InvalidArgumentError(
      `first and second are constant and differ by exactly ${difference}: t is 0/0; pass samples that vary.`,
      { argument: "first" },
    );
  }
  const standardError = Math.sqrt(squaredError);
  const statistic = (estimate - difference) / standardError;
  if (!(Number.isFinite(estimate) && Number.isFinite(standardError))) {
    throw new InvalidArgumentError(
      "first and second are too large: their variance overflows; divide both by a common factor.",
      { argument: "first" },
    );
  }
  return Object.freeze({
    statistic,
    pValue: tProbability(statistic, degreesOfFreedom, alternative),
    degreesOfFreedom,
    method,
    alternative,
    estimate,
    standardError,
  });
}

function tProbability(statistic: number, degreesOfFreedom: number, alternative: Alternative): number {
  if (alternative === "less") return studentTCdf(statistic, degreesOfFreedom);
  if (alternative === "greater") return studentTSf(statistic, degreesOfFreedom);
  return 2 * studentTSf(Math.abs(statistic), degreesOfFreedom);
}

interface Spread {
  readonly size: number;
  readonly variance: number;
}

interface SquaredError {
  readonly squaredError: number;
  readonly degreesOfFreedom: number;
}

function welch(x: Spread, y: Spread): SquaredError {
  const a = x.variance / x.size;
  const b = y.variance / y.size;
  const squaredError = a + b;
  if (squaredError === 0) return { squaredError, degreesOfFreedom: x.size + y.size - 2 };
  // Shares, so that tiny variances do not underflow when squared.
  const share = a / squaredError;
  const other = b / squaredError;
  return { squaredError, degreesOfFreedom: 1 / (share ** 2 / (x.size - 1) + other ** 2 / (y.size - 1)) };
}

function student(x: Spread, y: Spread): SquaredError {
  const degreesOfFreedom = x.size + y.size - 2;
  const pooled = ((x.size - 1) * x.variance + (y.size - 1) * y.variance) / degreesOfFreedom;
  return { squaredError: pooled * (1 / x.size + 1 / y.size), degreesOfFreedom };
}
