import { binomialSf } from "@mlops/stats";
import { expect, test } from "vitest";
import { countAlarms } from "./streams.fixtures.ts";

/** A rate of at most alpha gives more alarms than this once in 1,000 runs. */
function most(streams: number, alpha: number): number {
  let count = 0;
  while (binomialSf(count, streams, alpha) > 1e-3) count += 1;
  return count;
}

test.each([
  ["ever, windows of rows", { window: { rows: 100 }, control: "ever" }],
  ["false discovery rate, windows of rows", { window: { rows: 100 }, control: "false-discovery-rate" }],
  ["six looks, windows of rows", { window: { rows: 100 }, control: { looks: 6 } }],
  ["26 looks, sliding", { window: { rows: 100, sliding: true, every: 20 }, control: { looks: 26 } }],
] as const)("streams without drift: %s", (_name, options) => {
  const streams = 40;
  const counted = countAlarms({ streams, rows: 600, seed: 100 }, { ...options, alpha: 0.2 });
  expect(counted.looks).toBe(streams * ("sliding" in options.window ? 26 : 6));
  expect(counted.alarmed).toBeLessThanOrEqual(most(streams, 0.2));
});
