import { describe, expect, test } from "vitest";

import { createRow } from "./row.ts";

describe("createRow", () => {
  test("judges the ratio where there is something to compare with", () => {
    const parts = {
      name: "throughput",
      value: 300,
      unit: "requests/s",
      against: "peer",
      goal: ">= 2",
    } as const;
    expect(createRow({ ...parts, ratio: 2 })).toEqual({ ...parts, ratio: 2, ratioRange: null, holds: true });
    expect(createRow({ ...parts, ratio: 1.99 }).holds).toBe(false);
  });

  test("judges the value where there is nothing to compare with", () => {
    const parts = { name: "errors", unit: "fraction", goal: "<= 0" } as const;
    expect(createRow({ ...parts, value: 0 })).toEqual({
      ...parts,
      value: 0,
      against: null,
      ratio: null,
      ratioRange: null,
      holds: true,
    });
    expect(createRow({ ...parts, value: 0.01 }).holds).toBe(false);
  });

  test("judges nothing without a goal, or when the peer was not measured", () => {
    expect(createRow({ name: "mean", value: 1, unit: "ms" }).holds).toBeNull();
    expect(
      createRow({ name: "mean", value: 1, unit: "ms", against: "peer", goal: "<= 0.5" }).holds,
    ).toBeNull();
  });

  test("refuses what JSON cannot say", () => {
    expect(() => createRow({ name: "mean", value: Number.NaN, unit: "ms" })).toThrow("mean comes to NaN");
    expect(() => createRow({ name: "mean", value: 1, unit: "ms", against: "peer", ratio: Infinity })).toThrow(
      RangeError,
    );
  });
});
