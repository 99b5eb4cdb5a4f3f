import { copySample, type Sample } from "../arguments/sample.ts";
import { InvalidArgumentError } from "../errors/invalid-argument-error.ts";
import { sortFloats } from "../sorting/sort-floats.ts";
import { type Alternative, checkAlternative, checkMethod, type Method } from "./alternative.ts";
import type { EvenCells } from "./even-cells.ts";
import { cellsFor, type CountedSample, ksExtremesByCells } from "./ks-by-cells.ts";
import { ksExtremes, type KsExtremes } from "./ks-distance.ts";
import { asymptoticKsProbability, exactKsProbability } from "./ks-probability.ts";

export interface KsTwoSampleOptions {
  /**
   * `greater` looks only for a first distribution function above the second one, which is a first
   * sample of smaller values; `less` for the opposite. Default `two-sided`.
   */
  readonly alternative?: Alternative | undefined;
  /** Default `auto`: exact where both samples have at most 10,000 values. */
  readonly method?: Method | "auto" | undefined;
}

export interface KsTwoSampleResult {
  /** The largest distance between the two empirical distribution functions, from 0 to 1. */
  readonly statistic: number;
  readonly pValue: number;
  /** How the p-value was found. */
  readonly method: Method;
  readonly alternative: Alternative;
  /** The smallest value at which the distance is reached; where it is 0, the largest of all values. */
  readonly location: number;
  /** 1 if the first distribution function is the upper one there, else -1. */
  readonly sign: 1 | -1;
}

/** A sample that was checked and sorted once, to be compared with many others. */
export interface KsReference {
  readonly size: number;
  /** The test of {@link ksTwoSample} with the reference as the first sample. */
  readonly test: (sample: Sample, options?: KsTwoSampleOptions) => KsTwoSampleResult;
}

/**
 * The two-sample Kolmogorov-Smirnov test.
 *
 * **Hypothesis**: both samples come from one continuous distribution. **Statistic**: the largest
 * distance between their empirical distribution functions. Infinities are values like others.
 *
 * **Method**: `exact` counts all orders of the pooled values, whatever the sizes and the
 * alternative, to a relative error below 1e-11; for sizes n ≠ m it takes up to n·m steps, about
 * half a second for one side of 10,000 and 9,999. `asymptotic` is Simard and L'Ecuyer's one-sample law at
 * the size nm/(n + m) (two-sided) or Hodges' equation 5.3 (one-sided), as in SciPy.
 *
 * **Limits**: with ties the p-value is too large, never too small: the test is conservative.
 *
 * SciPy: `scipy.stats.ks_2samp`. It leaves the exact method for the asymptotic one where its
 * integers would overflow; this function does not.
 *
 * @example
 * ```ts
 * const { statistic, pValue } = ksTwoSample([1, 2, 3, 4], [3, 4, 5, 6, 7]);
 * // statistic 0.6, pValue 0.2857142857142857
 * ```
 *
 * @throws {@link InvalidArgumentError} for an empty sample, NaN, or an unknown option.
 */
export function ksTwoSample(
  first: Sample,
  second: Sample,
  options: KsTwoSampleOptions = {},
): KsTwoSampleResult {
  return compare(unsorted(copySample("first", first)), unsorted(copySample("second", second)), options);
}

/**
 * A reference for {@link ksTwoSample} that is copied and sorted once.
 *
 * Values that are sorted already are taken as they are, after one look at each.
 *
 * @throws {@link InvalidArgumentError} for an empty sample or NaN.
 */
export function createKsReference(reference: Sample): KsReference {
  const values = copySample("reference", reference);
  const sorted = isSorted(values) ? values : sortFloats(values);
  const side = { values: sorted, isSorted: true, counted: countOnce(sorted) };
  return Object.freeze({
    size: sorted.length,
    test: (sample: Sample, options: KsTwoSampleOptions = {}) =>
      compare(side, unsorted(copySample("sample", sample)), options),
  });
}

/** A sample on its way through the test. */
interface Side {
  readonly values: Float64Array;
  readonly isSorted: boolean;
  /** What is kept of a reference between tests, made when it is first asked for. */
  readonly counted?: () => CountedReference | undefined;
}

interface CountedReference extends CountedSample {
  readonly cells: EvenCells;
}

function unsorted(values: Float64Array): Side {
  return { values, isSorted: false };
}

function countOnce(values: Float64Array): () => CountedReference | undefined {
  let counted: { readonly reference: CountedReference | undefined } | undefined;
  return () => {
    if (counted === undefined) {
      const cells = cellsFor(values);
      counted = { reference: cells && { cells, values, isSorted: true, counts: cells.countOf(values) } };
    }
    return counted.reference;
  };
}

/** From here on counting takes less time than sorting. */
const smallestForCells = 50_000;

function extremesOf(first: Side, second: Side, alternative: Alternative): KsExtremes {
  if (first.values.length + second.values.length >= smallestForCells) {
    const found = extremesByCells(first, second.values, alternative);
    if (found !== undefined) return found;
  }
  const sorted = ({ values, isSorted: wasSorted }: Side) => (wasSorted ? values : sortFloats(values));
  return ksExtremes(sorted(first), sorted(second));
}

function extremesByCells(
  { values: first, counted }: Side,
  second: Float64Array,
  alternative: Alternative,
): KsExtremes | undefined {
  const reference = counted?.();
  const cells = counted === undefined ? cellsFor(first, second) : reference?.cells;
  if (cells === undefined) return undefined;
  const count = (values: Float64Array): CountedSample => ({
    values,
    isSorted: false,
    counts: cells.countOf(values),
  });
  return ksExtremesByCells(cells, reference ?? count(first), count(second), alternative);
}

/** Exact p-values by default up to this size of the larger sample, as in SciPy. */
const largestExact = 10_000;

function compare(first: Side, second: Side, options: KsTwoSampleOptions): KsTwoSampleResult {
  const { alternative = "two-sided", method = "auto" } = options;
  checkAlternative(alternative);
  checkMethod(method);
  const n = first.values.length;
  const m = second.values.length;
  const { above, aboveAt, below, belowAt } = extremesOf(first, second, alternative);
  const sign = alternative === "less" || (alternative === "two-sided" && below > above) ? -1 : 1;
  const difference = sign === 1 ? above : below;
  const chosen = method === "auto" ? (Math.max(n, m) <= largestExact ? "exact" : "asymptotic") : method;
  if (chosen === "exact" && n * m > Number.MAX_SAFE_INTEGER) {
    throw new InvalidArgumentError(
      `options.method is "exact" for ${n} and ${m} values, which would take too long; pass "asymptotic".`,
      { argument: "options.method" },
    );
  }
  const observed = { difference, n, m, twoSided: alternative === "two-sided" };
  const pValue = chosen === "exact" ? exactKsProbability(observed) : asymptoticKsProbability(observed);
  return Object.freeze({
    statistic: difference / n / m,
    pValue,
    method: chosen,
    alternative,
    location: sign === 1 ? aboveAt : belowAt,
    sign,
  });
}

function isSorted(values: Float64Array): boolean {
  for (let i = 1; i < values.length; i++) if ((values[i - 1] ?? 0) > (values[i] ?? 0)) return false;
  return true;
}
