import { expect, test } from "vitest";

import { formatNumber } from "./format-number.ts";
import { createRow } from "./row.ts";
import { formatRows } from "./row-table.ts";

test("rows are aligned, numbers at their end, and a goal that is not met stands out", () => {
  const rows = [
    createRow({
      name: "throughput",
      value: 12_345.6,
      unit: "requests/s",
      against: "peer",
      ratio: 7.125,
      ratioRange: [6, 8.5],
      goal: ">= 2",
    }),
    createRow({ name: "cold start", value: 300.2, unit: "ms", against: "peer", ratio: 1.5, goal: "<= 1" }),
    createRow({ name: "p99", value: 0.1234, unit: "ms", against: "peer", goal: "<= 0.5" }),
    createRow({ name: "mean", value: 9, unit: "ms" }),
  ];
  expect(formatRows(rows).split("\n")).toEqual([
    "name         value  unit        against  ratio  of rounds     goal    holds",
    "----------  ------  ----------  -------  -----  ------------  ------  ----------",
    "throughput  12,346  requests/s  peer      7.13  6.00 to 8.50  >= 2    yes",
    "cold start     300  ms          peer      1.50                <= 1    NO",
    "p99          0.123  ms          peer                          <= 0.5  not judged",
    "mean          9.00  ms",
  ]);
});

test.each([
  [0, "0"],
  [0.001_23, "0.001"],
  [1.005, "1.01"],
  [12.34, "12.3"],
  [99.96, "100.0"],
  [1_234_567, "1,234,567"],
])("%d is written %s", (value, text) => {
  expect(formatNumber(value)).toBe(text);
});
