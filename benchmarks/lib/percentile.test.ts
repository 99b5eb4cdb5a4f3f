import { describe, expect, test } from "vitest";

import { percentile } from "./percentile.ts";

const oneToHundred = Array.from({ length: 100 }, (_, index) => index + 1);

describe("percentile", () => {
  test.each([
    [1, 1],
    [50, 50],
    [95, 95],
    [99, 99],
    [99.5, 100],
    [100, 100],
  ])("of 1 to 100, p%d is %d", (percent, expected) => {
    expect(percentile(oneToHundred, percent)).toBe(expected);
  });

  test("is a value of the sample: rank ⌈pN/100⌉", () => {
    expect(percentile([15, 20, 35, 40, 50], 30)).toBe(20);
    expect(percentile([15, 20, 35, 40, 50], 40)).toBe(20);
    expect(percentile([15, 20, 35, 40, 50], 50)).toBe(35);
  });

  test("of a single value is that value", () => {
    expect(percentile([7], 0.1)).toBe(7);
    expect(percentile([7], 99)).toBe(7);
  });

  test("refuses no values, and percentages out of (0, 100]", () => {
    expect(() => percentile([], 50)).toThrow(RangeError);
    for (const percent of [0, -1, 100.1, Number.NaN]) {
      expect(() => percentile([1], percent)).toThrow(RangeError);
    }
  });
});
