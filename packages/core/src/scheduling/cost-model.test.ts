import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { CostModel } from "./cost-model.ts";
import { seededNormal } from "./seeded-normal.fixtures.ts";

const sizes = [1, 2, 4, 8, 16, 32, 64];

function trained(batches: readonly (readonly [rows: number, milliseconds: number])[]): CostModel {
  const cost = new CostModel();
  for (const [rows, milliseconds] of batches) cost.observe(rows, milliseconds);
  return cost;
}

describe("CostModel", () => {
  test("predicts nothing before the first batch", () => {
    const cost = new CostModel();
    expect(cost.isTrained).toBe(false);
    expect([0, 1, 64].map((rows) => cost.predictMs(rows))).toEqual([0, 0, 0]);
  });

  test.each([
    [0.5, 2],
    [3, 0],
    [0, 7],
    [1e-3, 0.05],
    [0, 0],
  ])("recovers %d ms a row and %d ms a batch from exact times", (perRowMs, fixedMs) => {
    const cost = trained([...sizes, ...sizes].map((rows) => [rows, perRowMs * rows + fixedMs]));
    expect(cost.isTrained).toBe(true);
    expect(cost.perRowMs).toBeCloseTo(perRowMs, 10);
    expect(cost.fixedMs).toBeCloseTo(fixedMs, 9);
    expect(cost.predictMs(48)).toBeCloseTo(48 * perRowMs + fixedMs, 8);
  });

  test("needs no more than two sizes", () => {
    const cost = trained([
      [1, 3],
      [2, 4],
    ]);
    expect(cost.predictMs(64)).toBeCloseTo(66, 9);
  });

  test("finds them through noise of a tenth", () => {
    const normal = seededNormal(7);
    const times = Array.from({ length: 500 }, (_, index) => {
      const rows = sizes[index % sizes.length]!;
      return [rows, (0.5 * rows + 2) * (1 + 0.1 * normal())] as const;
    });
    const cost = trained(times);
    expect(cost.perRowMs).toBeGreaterThan(0.4);
    expect(cost.perRowMs).toBeLessThan(0.6);
    for (const rows of [16, 32, 64]) {
      expect(cost.predictMs(rows) / (0.5 * rows + 2)).toBeGreaterThan(0.8);
      expect(cost.predictMs(rows) / (0.5 * rows + 2)).toBeLessThan(1.2);
    }
  });

  test.each([1, 3, 64])("with batches of %i rows only, makes every row cost the same", (rows) => {
    const cost = trained(Array.from({ length: 1_000 }, () => [rows, 6] as const));
    expect(cost.predictMs(rows)).toBeCloseTo(6, 9);
    expect(cost.perRowMs).toBeCloseTo(6 / rows, 9);
    expect(cost.fixedMs).toBeCloseTo(0, 9);
  });

  test("is never negative, whatever the times", () => {
    const batch = fc.tuple(fc.integer({ min: 1, max: 4_096 }), fc.double({ min: 0, max: 1e6, noNaN: true }));
    fc.assert(
      fc.property(fc.array(batch, { minLength: 1, maxLength: 100 }), (batches) => {
        const cost = trained(batches);
        expect(cost.perRowMs).toBeGreaterThanOrEqual(0);
        expect(cost.fixedMs).toBeGreaterThanOrEqual(0);
        const slowest = Math.max(...batches.map(([, milliseconds]) => milliseconds));
        // A rising line through the mean: the smallest batch takes no longer than the mean.
        expect(cost.predictMs(1)).toBeLessThanOrEqual(slowest * (1 + 1e-9) + 1e-9);
      }),
      { seed: 1, numRuns: 500 },
    );
  });

  test("larger batches that were faster are no reason to expect less than nothing", () => {
    const cost = trained([
      [1, 100],
      [64, 1],
    ]);
    expect(cost.perRowMs).toBe(0);
    expect(cost.fixedMs).toBeGreaterThan(0);
  });

  test("follows when the truth changes", () => {
    const before = sizes.map((rows) => [rows, 0.5 * rows + 2] as const);
    const after = sizes.map((rows) => [rows, 4 * rows + 10] as const);
    const cost = trained(
      [...Array.from({ length: 50 }, () => before), ...Array.from({ length: 20 }, () => after)].flat(),
    );
    expect(cost.predictMs(64) / 266).toBeGreaterThan(0.98);
    expect(cost.predictMs(64) / 266).toBeLessThan(1.02);
  });

  test("one batch that was held up changes nothing", () => {
    const before = sizes.map((rows) => [rows, 0.5 * rows + 2] as const);
    const cost = trained([...before, [64, 3_400], ...before, [1, 0.001], [8, 900]]);
    expect(cost.perRowMs).toBeCloseTo(0.5, 9);
    expect(cost.fixedMs).toBeCloseTo(2, 8);
    expect(cost.deviationMs).toBeCloseTo(0, 8);
  });

  test.each([
    [0.5, 2, 5, 20],
    [5, 20, 0.5, 2],
  ])("a change from %d ms a row and %d ms a batch to %d and %d is believed after two", (...costs) => {
    const [perRowBefore, fixedBefore, perRowAfter, fixedAfter] = costs;
    const before = sizes.map((rows) => [rows, perRowBefore * rows + fixedBefore] as const);
    const batches = [...before, ...before, [32, 32 * perRowAfter + fixedAfter] as const];
    expect(trained(batches).predictMs(64)).toBeCloseTo(64 * perRowBefore + fixedBefore, 6);
    const cost = trained([...batches, [64, 64 * perRowAfter + fixedAfter]]);
    const ratio = cost.predictMs(64) / (64 * perRowAfter + fixedAfter);
    expect(ratio).toBeGreaterThan(0.6);
    expect(ratio).toBeLessThan(1.6);
  });

  test("knows how far batches usually are from what is expected", () => {
    const normal = seededNormal(2);
    const cost = new CostModel();
    for (let index = 0; index < 2_000; index += 1) {
      const rows = sizes[index % sizes.length]!;
      cost.observe(rows, 0.5 * rows + 20 + normal());
    }
    // The mean of a normal's distance from its centre is 0.8 of its standard deviation.
    expect(cost.deviationMs).toBeGreaterThan(0.5);
    expect(cost.deviationMs).toBeLessThan(1.2);
  });
});
