import { checkChoice, checkCount, checkProbability } from "../arguments/check-number.ts";
import { checkOpenProbability, checkSameLength, type Numbers } from "../arguments/check-sample.ts";
import { sum } from "../descriptive/sum.ts";
import { normalCdf } from "../distributions/normal.ts";
import { binomialInterval } from "../intervals/binomial-interval.ts";
import type { Interval } from "../intervals/interval.ts";
import { binary, type BinaryLabels } from "./labels.ts";

export interface CalibrationOptions {
  /** How many bins; 10 by default. */
  readonly bins?: number;
  /** `equal-width` cuts [0, 1] evenly, `equal-mass` gives each bin as many rows. `equal-width` by default. */
  readonly binning?: "equal-width" | "equal-mass";
  /** Of the interval of each bin's frequency; 0.95 by default. */
  readonly confidence?: number;
}

/** The rows whose probability fell into one bin: a point of the reliability diagram. */
export interface CalibrationBin {
  /** The bin holds probabilities above `lower` and up to `upper`; the first also its lower end. */
  readonly lower: number;
  readonly upper: number;
  readonly count: number;
  readonly meanProbability: number;
  /** The share of rows that were positive. */
  readonly frequency: number;
  /** Of the frequency, by Wilson. */
  readonly interval: Interval;
}

export interface CalibrationError {
  /** Expected calibration error: mean |mean probability - frequency| of the bins, weighted by their rows. */
  readonly expected: number;
  /**
   * `expected` less the part that sampling noise adds, and not below 0. It takes away about two fifths of
   * what chance makes of a calibrated model (the gap it starts from is itself inflated), and leaves large
   * gaps as they are.
   */
  readonly debiased: number;
  /**
   * Mean squared gap of the bins less the variance of their frequencies: without bias, so about 0 for a
   * calibrated model, and below 0 half of the time. Compare models by this when rows are few.
   */
  readonly squared: number;
  /** The largest gap of any bin. */
  readonly maximum: number;
  /** The bins that have rows, from low to high. */
  readonly bins: readonly CalibrationBin[];
}

/**
 * How far predicted probabilities are from observed frequencies.
 *
 * The plain error (Naeini, Cooper and Hauskrecht 2015) is biased upwards: sampling noise counts as
 * miscalibration, more so with few rows per bin. `debiased` takes each gap as normal with the variance of
 * its frequency and subtracts the mean of its absolute value in excess of the gap (the folded normal in
 * closed form, for what Kumar, Liang and Ma 2019 simulate); `squared` is their estimator of the squared
 * error. For an interval use {@link bootstrapRows} with `basic`.
 *
 * @param probabilities Of the positive class, or of the predicted class with `actual` = "was it right".
 *
 * @example
 * const { expected, maximum } = calibrationError([0, 0, 1, 1, 0, 1], [0.1, 0.3, 0.35, 0.8, 0.65, 0.9], { bins: 2 });
 * // 0.1 and 0.11666…: six rows are far too few to call that miscalibrated, and `debiased` is 0
 */
export function calibrationError(
  actual: BinaryLabels,
  probabilities: Numbers,
  { bins = 10, binning = "equal-width", confidence = 0.95 }: CalibrationOptions = {},
): CalibrationError {
  const classes = binary(actual, "actual");
  checkSameLength("probabilities", probabilities, "actual", actual);
  checkCount("bins", bins, 1);
  checkOpenProbability("confidence", confidence);
  checkChoice("binning", binning, ["equal-width", "equal-mass"]);
  const values = Float64Array.from(probabilities);
  for (const [row, value] of values.entries()) checkProbability(`probabilities[${row}]`, value);
  const edges = binning === "equal-width" ? evenEdges(bins) : massEdges(values, bins);
  const rowsOf: number[][] = edges.slice(1).map(() => []);
  for (const [row, value] of values.entries()) rowsOf[binOf(edges, value)]?.push(row);
  const filled = rowsOf.flatMap((rows, bin): CalibrationBin[] => {
    if (rows.length === 0) return [];
    const positives = rows.reduce((count, row) => count + (classes[row] ?? 0), 0);
    const { lower, upper } = binomialInterval({ successes: positives, trials: rows.length }, { confidence });
    return [
      {
        lower: edges[bin] ?? 0,
        upper: edges[bin + 1] ?? 1,
        count: rows.length,
        meanProbability: sum(rows.map((row) => values[row] ?? 0)) / rows.length,
        frequency: positives / rows.length,
        interval: { lower, upper },
      },
    ];
  });
  const weighted = (measure: (bin: CalibrationBin) => number): number =>
    sum(filled.map((bin) => bin.count * measure(bin))) / values.length;
  const expected = weighted(gap);
  return {
    expected,
    debiased: Math.max(expected - weighted(excess), 0),
    squared: weighted((bin) => gap(bin) ** 2 - frequencyVariance(bin)),
    maximum: Math.max(...filled.map(gap)),
    bins: filled,
  };
}

function gap({ meanProbability, frequency }: CalibrationBin): number {
  return Math.abs(meanProbability - frequency);
}

/** By how much the absolute value of a gap is larger on average than the gap itself. */
function excess(bin: CalibrationBin): number {
  const centre = gap(bin);
  const deviation = Math.sqrt(frequencyVariance(bin));
  if (deviation === 0) return 0;
  const ratio = centre / deviation;
  const folded = deviation * Math.sqrt(2 / Math.PI) * Math.exp((-ratio * ratio) / 2);
  return folded + centre * (1 - 2 * normalCdf(-ratio)) - centre;
}

function frequencyVariance({ count, frequency, meanProbability }: CalibrationBin): number {
  // With one row the frequency has no variance of its own: the predicted probability stands in.
  const share = count > 1 ? frequency : meanProbability;
  return (share * (1 - share)) / Math.max(count - 1, 1);
}

function evenEdges(bins: number): number[] {
  return Array.from({ length: bins + 1 }, (_, edge) => edge / bins);
}

/** Edges at the values that end each `1 / bins` of the rows; equal values stay in one bin. */
function massEdges(values: Float64Array, bins: number): number[] {
  const sorted = values.slice().sort();
  const inner = Array.from(
    { length: bins - 1 },
    (_, edge) => sorted[Math.ceil(((edge + 1) * sorted.length) / bins) - 1] ?? 1,
  );
  return [...new Set([0, ...inner.filter((edge) => edge > 0 && edge < 1), 1])];
}

function binOf(edges: readonly number[], value: number): number {
  let low = 0;
  let high = edges.length - 2;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (value <= (edges[middle + 1] ?? 1)) high = middle;
    else low = middle + 1;
  }
  return low;
}
