import { expect, test } from "vitest";

import { numericFeatures } from "../data/numeric-features.ts";
import { binEdges } from "./bin-edges.ts";

const feature = {
  name: "daysUsed",
  unit: "days",
  column: "days_used",
  cell: "number",
  scale: "linear",
} as const;

test("evenly spread values give 15 even edges", () => {
  const values = Array.from({ length: 141 }, (_, i) => 1000 + i).toReversed();
  // 4 % of the lower edges is more than their distance of 10, so only wide enough steps stay.
  expect(binEdges(feature, values)).toEqual([1000, 1050, 1100]);
  expect(
    binEdges(
      feature,
      values.map((value) => value - 1000),
    ),
  ).toEqual(Array.from({ length: 15 }, (_, i) => 10 * i));
});

test("quantiles interpolate between values", () => {
  const edges = binEdges(feature, [0, 14, 28]);
  expect(edges).toEqual(Array.from({ length: 15 }, (_, i) => 2 * i));
});

test("an edge less than 1 % of the range above the last one is left out", () => {
  const values = [...Array.from({ length: 100 }, (_, i) => (i < 50 ? 0 : 0.009)), 1];
  expect(binEdges(feature, values)).toEqual([0, 1]);
});

test("a constant has one edge and no bin", () => {
  expect(binEdges(feature, [5, 5, 5])).toEqual([5]);
  expect(binEdges(feature, [0, 0])).toEqual([0]);
});

test("a feature with its own edges keeps them, whatever the values", () => {
  const ram = numericFeatures.find(({ name }) => name === "ramGb")!;
  expect(binEdges(ram, [])).toEqual([0, 1, 2, 3, 4, 6, 8, 12]);
});

test("without values and without edges there is nothing to go by", () => {
  expect(() => binEdges(feature, [])).toThrow("No row has a value for daysUsed.");
});
