import type { FixtureTensor } from "./keras-models.fixtures.ts";

/** The largest difference between tensors, relative to the larger of 1 and the expected size; infinite for other shapes. */
export function largestDifference(
  actual: readonly FixtureTensor[],
  expected: readonly FixtureTensor[],
): number {
  if (
    JSON.stringify(actual.map(({ shape }) => shape)) !== JSON.stringify(expected.map(({ shape }) => shape))
  ) {
    return Infinity;
  }
  const differences = expected.flatMap(({ data }, index) =>
    data.map((value, at) => {
      const difference = Math.abs(value - (actual[index]?.data[at] ?? NaN)) / Math.max(1, Math.abs(value));
      return Number.isNaN(difference) ? Infinity : difference;
    }),
  );
  return Math.max(0, ...differences);
}
