import { expect, test } from "vitest";

import { median } from "./median.ts";

test("the median is the middle value, or the mean of the two middle ones, in any order", () => {
  expect(median([3])).toBe(3);
  expect(median([10, 9, 100])).toBe(10);
  expect(median([4, 1, 3, 2])).toBe(2.5);
});

test("there is no median of nothing, nor of what has a NaN", () => {
  expect(() => median([])).toThrow(RangeError);
  expect(() => median([1, Number.NaN, 2])).toThrow(RangeError);
});
