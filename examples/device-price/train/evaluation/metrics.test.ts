import { expect, test } from "vitest";

import { meanAndDeviation, priceMetrics } from "./metrics.ts";

test("known figures", () => {
  // Prices 1, 2, 4 and 8 euros, predicted as 2, 2, 4 and 4.
  const logs = (...prices: number[]) => prices.map((price) => Math.log(price));
  const { r2, meanAbsoluteError, medianRelativeError, relativeErrorP90 } = priceMetrics(
    logs(1, 2, 4, 8),
    logs(2, 2, 4, 4),
  );
  // In units of ln 2 the targets are 0, 1, 2, 3 with a total of 5, and two errors are 1.
  expect(r2).toBeCloseTo(1 - 2 / 5, 12);
  expect(meanAbsoluteError).toBeCloseTo(Math.LN2 / 2, 12);
  // Relative errors 1, 0, 0 and 0.5.
  expect(medianRelativeError).toBeCloseTo(0.25, 12);
  expect(relativeErrorP90).toBeCloseTo(1, 12);
});

test("nine of ten rows are within the 90th percentile", () => {
  const actual = Array.from({ length: 10 }, (_, i) => i);
  const predicted = actual.map((value, i) => value + Math.log(1 + i / 10));
  expect(priceMetrics(actual, predicted).relativeErrorP90).toBeCloseTo(0.8, 12);
});

test("perfect predictions, and the mean", () => {
  expect(priceMetrics([1, 2, 3], [1, 2, 3])).toEqual({
    r2: 1,
    meanAbsoluteError: 0,
    medianRelativeError: 0,
    relativeErrorP90: 0,
  });
  expect(priceMetrics([1, 2, 3], [2, 2, 2]).r2).toBe(0);
});

test("a NaN shows in every figure that it is part of", () => {
  const { r2, meanAbsoluteError } = priceMetrics([1, 2], [Number.NaN, 2]);
  expect([r2, meanAbsoluteError]).toEqual([Number.NaN, Number.NaN]);
});

test.each([
  { actual: [], predicted: [] },
  { actual: [1, 2], predicted: [1] },
])("$predicted.length predictions for $actual.length rows cannot be measured", ({ actual, predicted }) => {
  expect(() => priceMetrics(actual, predicted)).toThrow("Cannot measure");
});

test("mean and deviation", () => {
  expect(meanAndDeviation([1, 2, 3, 4])).toEqual({ mean: 2.5, deviation: Math.sqrt(5 / 3) });
  expect(meanAndDeviation([7])).toEqual({ mean: 7, deviation: 0 });
});
