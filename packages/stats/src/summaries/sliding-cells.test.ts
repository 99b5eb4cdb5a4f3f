import fc from "fast-check";
import { expect, test } from "vitest";
import { kolmogorovDistance } from "../distances/kolmogorov-distance.ts";
import { populationStabilityIndex } from "../distances/population-stability-index.ts";
import { equalMassGroups, sumGroups } from "./cell-groups.ts";
import { SlidingCells } from "./sliding-cells.ts";

const setting = fc
  .tuple(
    fc.array(fc.nat(30), { minLength: 1, maxLength: 40 }).filter((rows) => rows.some(Boolean)),
    fc.integer({ min: 1, max: 25 }),
    fc.integer({ min: 1, max: 12 }),
  )
  .chain(([reference, windowSize, groups]) =>
    fc.record({
      reference: fc.constant(reference),
      windowSize: fc.constant(windowSize),
      groups: fc.constant(groups),
      cells: fc.array(fc.nat(reference.length - 1), { minLength: 1, maxLength: 80 }),
    }),
  );

test("at every step, what a count of the window from the start would give", () => {
  fc.assert(
    fc.property(setting, ({ reference, windowSize, groups, cells }) => {
      const sliding = new SlidingCells({ reference, windowSize, groups });
      const cellGroups = equalMassGroups(reference, groups);
      for (const [index, cell] of cells.entries()) {
        sliding.add(cell);
        const counts = new Float64Array(reference.length);
        for (const kept of cells.slice(Math.max(0, index + 1 - windowSize), index + 1)) counts[kept]! += 1;
        expect(sliding.counts).toEqual(counts);
        expect([...sliding.rows]).toEqual(cells.slice(Math.max(0, index + 1 - windowSize), index + 1));
        expect(sliding.size).toBe(Math.min(index + 1, windowSize));
        expect(sliding.kolmogorovDistance).toBeCloseTo(kolmogorovDistance(reference, counts), 12);
        // Half a row to each group, whether one is empty or not.
        const half = (rows: Float64Array): Float64Array =>
          sumGroups(rows, cellGroups).map((row) => row + 0.5);
        expect(sliding.populationStabilityIndex).toBeCloseTo(
          populationStabilityIndex(half(Float64Array.from(reference)), half(counts)),
          12,
        );
      }
    }),
  );
});

test("a window from before does not drift: after a million rows it is bit for bit a fresh one", () => {
  const reference = Array.from({ length: 64 }, (_, cell) => 1 + ((cell * 7) % 5));
  const old = new SlidingCells({ reference, windowSize: 100 });
  const fresh = new SlidingCells({ reference, windowSize: 100 });
  for (let row = 0; row < 1_000_000; row += 1) old.add((row * 13) % 64);
  for (let row = 0; row < 100; row += 1) {
    old.add((row * row) % 64);
    fresh.add((row * row) % 64);
  }
  expect(old.kolmogorovDistance).toBe(fresh.kolmogorovDistance);
  expect(old.populationStabilityIndex).toBe(fresh.populationStabilityIndex);
});

test.each([
  ["no rows", { reference: [0, 0], windowSize: 5 }],
  ["fractions", { reference: [0.5, 1], windowSize: 5 }],
  ["an empty window", { reference: [1], windowSize: 0 }],
  ["numbers beyond exact integers", { reference: [2 ** 50], windowSize: 2 ** 10 }],
])("refuses %s", (_, options) => {
  expect(() => new SlidingCells(options)).toThrow(expect.objectContaining({ code: "INVALID_ARGUMENT" }));
});

test.each([-1, 2, 0.5, Number.NaN])("refuses the cell %s of two", (cell) => {
  const sliding = new SlidingCells({ reference: [1, 1], windowSize: 3 });
  expect(() => {
    sliding.add(cell);
  }).toThrow(/cell/);
});
