import { checkChoice, checkCount } from "../arguments/check-number.ts";
import { checkFiniteValues, checkOpenProbability, type Numbers } from "../arguments/check-sample.ts";
import { mean } from "../descriptive/sum.ts";
import { linearQuantile } from "../descriptive/quantile.ts";
import { normalCdf, normalQuantile } from "../distributions/normal.ts";
import { InvalidArgumentError } from "../errors/invalid-argument-error.ts";
import type { Estimate } from "../intervals/interval.ts";
import { randomIndex, type RandomSource } from "./random.ts";

/** How an interval is read off the resampled statistics. See {@link bootstrap}. */
export type BootstrapMethod = "percentile" | "basic" | "bca";

export interface BootstrapOptions {
  readonly random: RandomSource;
  /** Above 0 and below 1; 0.95 by default. */
  readonly confidence?: number;
  /** How often the rows are drawn anew; 9,999 by default, and at least 2. */
  readonly resamples?: number;
  /** `bca` by default. */
  readonly method?: BootstrapMethod;
}

export interface BootstrapInterval extends Estimate {
  /** The method used: `percentile` where `bca` was asked for and is not defined. */
  readonly method: BootstrapMethod;
  /** The standard deviation of the resampled statistics. */
  readonly standardError: number;
  readonly resamples: number;
}

/**
 * An interval for any statistic of a sample, by drawing the sample anew from itself.
 *
 * - `percentile`: the middle of the resampled statistics. Plain, and biased where the statistic is.
 * - `basic`: the percentile interval mirrored at the estimate.
 * - `bca`: the percentile interval corrected for bias and skewness (Efron 1987). It needs the statistic
 *   of every sample with one row left out, so `n` more evaluations, and is not defined where the
 *   estimate lies outside all resampled statistics or leaving a row out changes nothing; then the
 *   result is the `percentile` interval and says so.
 *
 * Every method is approximate: below about 20 rows, and for extremes such as the maximum, the true
 * coverage is lower than `confidence`. An interval of no width says that the rows do not differ, not that
 * the statistic is known. Agrees with `scipy.stats.bootstrap` given the same resamples.
 *
 * @throws {@link InvalidArgumentError} for an empty sample, or a statistic that is not finite.
 *
 * @example
 * bootstrap([12, 15, 11, 14, 13, 16], mean, { random: createRandom(1), resamples: 999 });
 * // estimate 13.5, lower 12, upper 14.83333…, standardError 0.72374…
 */
export function bootstrap(
  sample: Numbers,
  statistic: (sample: Float64Array) => number,
  options: BootstrapOptions,
): BootstrapInterval {
  checkFiniteValues("sample", sample);
  const scratch = new Float64Array(sample.length);
  return bootstrapRows(
    sample.length,
    (rows) => {
      const values = scratch.subarray(0, rows.length);
      for (let index = 0; index < rows.length; index += 1) values[index] = sample[rows[index] ?? 0] ?? 0;
      return statistic(values);
    },
    options,
  );
}

/**
 * The same for a statistic of several columns: it gets the numbers of the rows to use, with repeats, and
 * reads what it needs. Columns stay paired.
 *
 * @param statistic It may not keep or change `rows`, which is used again.
 */
export function bootstrapRows(
  rowCount: number,
  statistic: (rows: Uint32Array) => number,
  { random, confidence = 0.95, resamples = 9_999, method = "bca" }: BootstrapOptions,
): BootstrapInterval {
  checkCount("rowCount", rowCount, 1);
  checkOpenProbability("confidence", confidence);
  checkCount("resamples", resamples, 2);
  checkChoice("method", method, ["percentile", "basic", "bca"]);
  const all = Uint32Array.from({ length: rowCount }, (_, row) => row);
  const estimate = finite(statistic(all));
  const rows = new Uint32Array(rowCount);
  const statistics = new Float64Array(resamples);
  for (let resample = 0; resample < resamples; resample += 1) {
    for (let index = 0; index < rowCount; index += 1) rows[index] = randomIndex(random, rowCount);
    statistics[resample] = finite(statistic(rows));
  }
  statistics.sort();
  const tail = (1 - confidence) / 2;
  const corrected =
    method === "bca" ? correctedTails(statistics, estimate, tail, jackknife(all, statistic)) : undefined;
  const [low, high] = corrected ?? [tail, 1 - tail];
  const lower = linearQuantile(statistics, low);
  const upper = linearQuantile(statistics, high);
  const isBasic = method === "basic";
  return {
    estimate,
    lower: isBasic ? 2 * estimate - upper : lower,
    upper: isBasic ? 2 * estimate - lower : upper,
    confidence,
    method: method === "bca" && corrected === undefined ? "percentile" : method,
    standardError: standardDeviation(statistics),
    resamples,
  };
}

/** The statistic with each row left out in turn. */
function jackknife(all: Uint32Array, statistic: (rows: Uint32Array) => number): Float64Array {
  const rows = new Uint32Array(Math.max(all.length - 1, 0));
  if (rows.length === 0) return new Float64Array(0);
  return Float64Array.from(all, (left) => {
    for (let index = 0; index < rows.length; index += 1) rows[index] = index < left ? index : index + 1;
    return finite(statistic(rows));
  });
}

/** The two probabilities at which the BCa interval reads the resampled statistics. */
function correctedTails(
  sorted: Float64Array,
  estimate: number,
  tail: number,
  leftOut: Float64Array,
): [number, number] | undefined {
  const below = sorted.filter((value) => value < estimate).length;
  const upTo = sorted.filter((value) => value <= estimate).length;
  const bias = normalQuantile((below + upTo) / (2 * sorted.length));
  if (!Number.isFinite(bias) || leftOut.length === 0) return undefined;
  const centre = mean(leftOut);
  let squares = 0;
  let cubes = 0;
  for (const value of leftOut) {
    squares += (centre - value) ** 2;
    cubes += (centre - value) ** 3;
  }
  if (squares === 0) return undefined;
  const acceleration = cubes / (6 * squares ** 1.5);
  const corrected = (probability: number): number => {
    const shifted = bias + normalQuantile(probability);
    return normalCdf(bias + shifted / (1 - acceleration * shifted));
  };
  return [corrected(tail), corrected(1 - tail)];
}

function finite(value: number): number {
  if (Number.isFinite(value)) return value;
  throw new InvalidArgumentError(
    `The statistic of a resample is ${value}. Use a statistic that is finite for every resample, also one in which a row repeats.`,
    { argument: "statistic" },
  );
}

function standardDeviation(values: Float64Array): number {
  const centre = mean(values);
  let squares = 0;
  for (const value of values) squares += (value - centre) ** 2;
  return Math.sqrt(squares / (values.length - 1));
}
