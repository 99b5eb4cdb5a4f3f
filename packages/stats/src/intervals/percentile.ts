import { checkCount } from "../arguments/check-number.ts";
import { checkFiniteValues, type Numbers } from "../arguments/check-sample.ts";
import { InvalidArgumentError } from "../errors/invalid-argument-error.ts";

/**
 * Which of `count` sorted values is the percentile, by the nearest-rank rule: the `ceil(p · N / 100)`-th,
 * counted from 1.
 *
 * Computed in whole numbers from the decimal digits of `percentile`, because in floating point
 * 99.9 / 100 · 1000 is 999.0000000000001 and its ceiling is one too many.
 *
 * @param percentile Above 0 and up to 100, meant as its shortest decimal form: 99.9 is 999 / 10.
 * @param count How many values there are, at least 1.
 *
 * @example
 * percentileRank(95, 20); // 19
 * percentileRank(99.9, 1000); // 999
 */
export function percentileRank(percentile: number, count: number): number {
  if (!(percentile > 0 && percentile <= 100)) {
    throw new InvalidArgumentError(
      `percentile is ${String(percentile)}; pass a number above 0 and up to 100, such as 95.`,
      { argument: "percentile" },
    );
  }
  checkCount("count", count, 1);
  const { digits, scale } = decimal(percentile);
  const divisor = scale * 100n;
  return Number((digits * BigInt(count) + divisor - 1n) / divisor);
}

/**
 * The percentile of a sample by the nearest-rank rule: always one of its values. See {@link percentileRank}.
 *
 * @param sample Finite numbers in any order, at least one.
 */
export function percentile(sample: Numbers, percent: number): number {
  checkFiniteValues("sample", sample);
  const rank = percentileRank(percent, sample.length);
  return Float64Array.from(sample).sort()[rank - 1] ?? Number.NaN;
}

/** A positive number as digits / scale, in whole numbers, from its shortest decimal form. */
function decimal(value: number): { readonly digits: bigint; readonly scale: bigint } {
  const [mantissa = "0", exponent = "0"] = value.toExponential().split("e");
  const [whole = "0", fraction = ""] = mantissa.split(".");
  const places = fraction.length - Number(exponent);
  const digits = BigInt(whole + fraction);
  return places >= 0
    ? { digits, scale: 10n ** BigInt(places) }
    : { digits: digits * 10n ** BigInt(-places), scale: 1n };
}
