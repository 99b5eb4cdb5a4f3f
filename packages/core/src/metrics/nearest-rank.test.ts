import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { InvalidOptionsError } from "../errors/invalid-options-error.ts";
import { nearestRank, percentileOfSorted } from "./nearest-rank.ts";

/** `⌈p·N/100⌉` in whole numbers, with `p` in ten thousandths. */
function exactRank(tenThousandths: number, count: number): number {
  const rank = (BigInt(tenThousandths) * BigInt(count) + 999_999n) / 1_000_000n;
  return Math.max(Number(rank), 1);
}

test("the rank is that of whole numbers, for every percentile of four decimals", () => {
  // Round numbers too, for which the product is a whole number, which must not be rounded up.
  const roundCount = fc.tuple(fc.integer({ min: 1, max: 99 }), fc.integer({ min: 0, max: 6 }));
  const count = fc.oneof(
    fc.integer({ min: 1, max: 100_000_000 }),
    roundCount.map(([digits, zeros]) => digits * 10 ** zeros),
  );
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1_000_000 }), count, (tenThousandths, values) => {
      const percentile = Number((tenThousandths / 10_000).toFixed(4));
      expect(nearestRank(percentile, values)).toBe(exactRank(tenThousandths, values));
    }),
    { numRuns: 5_000 },
  );
});

test.each([
  [0.07, 10_000, 7],
  [95, 20, 19],
  [95, 21, 20],
  [99.9, 1_000, 999],
  [99.9, 10_000, 9_990],
  [50, 1, 1],
  [50, 2, 1],
  [0, 7, 1],
  [100, 7, 7],
  [1e-300, 7, 1],
])("percentile %d of %d values has rank %d", (percentile, count, rank) => {
  expect(nearestRank(percentile, count)).toBe(rank);
});

test("the percentile is the smallest value that at least p % of the values do not exceed", () => {
  // Few different values, so that there are ties.
  const values = fc.array(fc.integer({ min: -3, max: 3 }), { minLength: 1, maxLength: 60 });
  fc.assert(
    fc.property(values, fc.integer({ min: 0, max: 100 }), (unsorted, percentile) => {
      const sorted = unsorted.toSorted((a, b) => a - b);
      const smallest = sorted.find(
        (candidate) =>
          100 * unsorted.filter((value) => value <= candidate).length >= percentile * unsorted.length,
      );
      expect(percentileOfSorted(sorted, percentile)).toBe(smallest);
    }),
  );
});

test("the example of the documentation", () => {
  expect(percentileOfSorted([15, 20, 35, 40, 50], 40)).toBe(20);
});

describe("at the edges", () => {
  test("no values have no percentile", () => {
    expect(percentileOfSorted([], 50)).toBeUndefined();
  });

  test("one value is every percentile", () => {
    for (const percentile of [0, 1, 50, 100]) expect(percentileOfSorted([4], percentile)).toBe(4);
  });

  test.each([-0.1, 100.1, NaN, Infinity, "95"])("%s is no percentile", (percentile) => {
    expect(() => nearestRank(percentile as number, 10)).toThrow(InvalidOptionsError);
  });
});
