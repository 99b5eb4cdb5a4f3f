import { describe, expect, test } from "vitest";

import { Measurements } from "./measurements.ts";

function measured(rounds: Readonly<Record<string, readonly number[]>>): Measurements {
  const measurements = new Measurements();
  for (const [subject, values] of Object.entries(rounds)) {
    for (const value of values) measurements.add({ figure: "mean", subject }, value);
  }
  return measurements;
}

describe("Measurements", () => {
  test("a value is the median of its rounds", () => {
    const measurements = measured({ ours: [1, 9, 2] });
    expect(measurements.value({ figure: "mean", subject: "ours" })).toBe(2);
    expect(measurements.value({ figure: "mean", subject: "peer" })).toBeUndefined();
    expect(measurements.value({ figure: "max", subject: "ours" })).toBeUndefined();
  });

  test("a ratio is the median of the rounds' ratios, so that a slow round cancels out", () => {
    const measurements = measured({ ours: [10, 100, 12], peer: [20, 200, 4] });
    expect(measurements.ratio({ figure: "mean", subject: "ours" }, "peer")).toBe(0.5);
    expect(measurements.ratioRange({ figure: "mean", subject: "ours" }, "peer")).toEqual([0.5, 3]);
  });

  test("there is no ratio to what was not measured, nor to zero", () => {
    const measurements = measured({ ours: [0, 0], peer: [0, 0], slow: [1, 1] });
    expect(measurements.ratio({ figure: "mean", subject: "ours" }, "nobody")).toBeUndefined();
    expect(measurements.ratio({ figure: "mean", subject: "ours" }, "peer")).toBeUndefined();
    expect(measurements.ratio({ figure: "mean", subject: "slow" }, "peer")).toBeUndefined();
    expect(measurements.ratioRange({ figure: "mean", subject: "slow" }, "peer")).toBeUndefined();
  });
});
