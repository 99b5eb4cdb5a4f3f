import { expect, test } from "vitest";

import { summarizeLatencies } from "./latency-summary.ts";

test("a summary is exact over all samples, whatever their order", () => {
  const latencies = Array.from({ length: 200 }, (_, index) => ((index * 77) % 200) + 1);
  expect(summarizeLatencies(latencies)).toEqual({ mean: 100.5, p50: 100, p95: 190, p99: 198, max: 200 });
});

test("one sample is all of its summary", () => {
  expect(summarizeLatencies([4])).toEqual({ mean: 4, p50: 4, p95: 4, p99: 4, max: 4 });
});

test("no samples have no summary", () => {
  expect(() => summarizeLatencies([])).toThrow(RangeError);
});
