import { expect, test } from "vitest";
import { InvalidOptionsError } from "../errors/invalid-options-error.ts";
import { assertBounds, Histogram } from "./histogram.ts";

test("a value that equals a bound is in its bucket, and counts are cumulative", () => {
  const histogram = new Histogram([0.001, 0.01, 0.1]);
  for (const value of [0, 0.001, 0.0011, 0.01, 0.1, 0.2, 7]) histogram.add(value);
  expect(histogram.snapshot()).toEqual({
    bounds: [0.001, 0.01, 0.1],
    cumulativeCounts: [2, 4, 5, 7],
    sum: expect.closeTo(7.3121, 12),
    count: 7,
  });
});

test("milliseconds in seconds fall into the bucket of the same decimal", () => {
  for (const milliseconds of [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500]) {
    const histogram = new Histogram([Number((milliseconds / 1_000).toPrecision(3))]);
    histogram.add(milliseconds / 1_000);
    expect(histogram.snapshot().cumulativeCounts, `${milliseconds} ms`).toEqual([1, 1]);
  }
});

test.each([[[]], [[1, 1]], [[2, 1]], [[NaN]], [[1, Infinity]], [Array.from({ length: 257 }, (_, i) => i)]])(
  "%j are no bounds",
  (bounds: number[]) => {
    expect(() => assertBounds(bounds, "buckets")).toThrow(InvalidOptionsError);
  },
);
