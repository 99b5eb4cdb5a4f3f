/**
 * The percentile of a sample by the nearest-rank rule: with the N values in ascending order
 * L_1 ≤ … ≤ L_N, it is L_⌈pN/100⌉. It is always one of the values; nothing is interpolated.
 *
 * @param sorted - The values in ascending order, at least one.
 * @param percent - p, in (0, 100].
 * @throws RangeError when there is no value or `percent` is out of range.
 */
export function percentile(sorted: readonly number[], percent: number): number {
  if (!(percent > 0 && percent <= 100))
    throw new RangeError(`A percentile of ${percent} is not in (0, 100].`);
  // The product first: 0.95 * 100 is 95, but 100 * (95 / 100) need not be.
  const value = sorted[Math.ceil((percent * sorted.length) / 100) - 1];
  if (value === undefined) throw new RangeError("There is no percentile of no values.");
  return value;
}
