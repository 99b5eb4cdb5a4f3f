/**
 * The middle value, or the mean of the two middle ones.
 *
 * @throws RangeError when there is no value, or one is NaN.
 */
export function median(values: readonly number[]): number {
  if (values.length === 0) throw new RangeError("There is no median of no values.");
  if (values.some((value) => Number.isNaN(value))) throw new RangeError("There is no median with a NaN.");
  const sorted = values.toSorted((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)]!;
  return sorted.length % 2 === 1 ? upper : (sorted[sorted.length / 2 - 1]! + upper) / 2;
}
