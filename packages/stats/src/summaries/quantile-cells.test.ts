import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createRandom } from "../random/create-random.ts";
import { equalMassGroups, sumGroups } from "./cell-groups.ts";
import { kolmogorovInterval } from "./kolmogorov-interval.ts";
import { nextDown } from "./next-down.ts";
import { QuantileCells } from "./quantile-cells.ts";

const finite = fc.double({ noNaN: true, noDefaultInfinity: true });
const tied = fc.oneof(fc.integer({ min: -5, max: 5 }), finite);

function countOn(cells: QuantileCells, values: Iterable<number>): Float64Array {
  const counts = new Float64Array(cells.cellCount);
  for (const value of values) counts[cells.indexOf(value)]! += 1;
  return counts;
}

/** D of the values themselves, by its definition. */
function exactDistance(left: readonly number[], right: readonly number[]): number {
  const share = (values: readonly number[], x: number): number =>
    values.filter((value) => value <= x).length / values.length;
  return Math.max(...[...left, ...right].map((x) => Math.abs(share(left, x) - share(right, x))));
}

describe("QuantileCells", () => {
  test("a value's cell is the number of edges below it", () => {
    fc.assert(
      fc.property(fc.uniqueArray(finite, { maxLength: 1023 }), finite, (numbers, value) => {
        const edges = [...new Set(numbers.map((number) => number + 0))].sort((left, right) => left - right);
        const cells = new QuantileCells(edges);
        for (const probe of [value, ...edges.slice(0, 5), Infinity, -Infinity]) {
          const index = edges.filter((edge) => edge < probe).length;
          expect(cells.indexOf(probe)).toBe(index);
          const counts = new Float64Array(cells.cellCount);
          cells.countInto(counts, Float64Array.of(probe, 1), 1);
          expect(counts.indexOf(1)).toBe(index);
        }
      }),
    );
  });

  test("each of few values has a cell of its own, and the gaps between them have others", () => {
    const cells = QuantileCells.learn([3, -0, 1, 0, 3, 3]);
    expect([...countOn(cells, [0, -0, 0.5, 1, 2, 3, 4, -1])]).toEqual([1, 2, 1, 1, 1, 1, 1]);
    expect([0, 1, 2, 3, 4, 5, 6].map((cell) => cells.isPoint(cell))).toEqual([
      false,
      true,
      false,
      true,
      false,
      true,
      false,
    ]);
  });

  test("no cell holds more than about 1/1024 of the rows, but single values", () => {
    const random = createRandom(1);
    const values = Array.from({ length: 50_000 }, (_, index) =>
      index % 3 === 0 ? 0 : index % 7 === 0 ? random.integer(30) : Math.exp(3 * random.normal()),
    );
    const cells = QuantileCells.learn(values);
    const counts = countOn(cells, values);
    expect(cells.cellCount).toBeLessThanOrEqual(1024);
    expect(cells.cellCount).toBeGreaterThan(900);
    for (const [cell, count] of counts.entries()) {
      expect(cells.isPoint(cell) || count <= (2 * values.length) / 1024, `cell ${cell}: ${count}`).toBe(true);
    }
  });

  test("never more cells than asked for, whatever the values", () => {
    const values = fc.array(tied, { maxLength: 200 });
    fc.assert(
      fc.property(values, fc.integer({ min: 2, max: 40 }), (numbers, maxCells) => {
        const cells = QuantileCells.learn(numbers, { maxCells });
        expect(cells.cellCount).toBeLessThanOrEqual(maxCells);
        const weights = numbers.map(() => 1);
        expect(QuantileCells.learn(numbers, { maxCells, weights }).equals(cells)).toBe(true);
      }),
    );
  });

  test("NaN, infinities and the ends of the range", () => {
    expect(QuantileCells.learn([Number.NaN, Infinity, -Infinity]).cellCount).toBe(1);
    const ends = QuantileCells.learn([-Number.MAX_VALUE, Number.MAX_VALUE]);
    expect([...countOn(ends, [-Number.MAX_VALUE, 0, Number.MAX_VALUE])]).toEqual([1, 1, 1, 0]);
    expect([1, 0, -1, 5e-324, -Number.MAX_VALUE].map(nextDown)).toEqual([
      1 - 2 ** -53,
      -5e-324,
      -1 - 2 ** -52,
      0,
      -Infinity,
    ]);
  });

  test("partitions are equal when their edges are, and differ in one bit of one edge", () => {
    const edges = Array.from({ length: 1_000 }, (_, index) => index / 7);
    const cells = new QuantileCells(edges);
    expect(cells.equals(new QuantileCells(edges))).toBe(true);
    for (const index of [0, 1, 500, 999]) {
      const changed = edges.with(index, nextDown(edges[index]!));
      expect(cells.equals(new QuantileCells(changed))).toBe(false);
    }
    expect(cells.equals(new QuantileCells(edges.slice(1)))).toBe(false);
    expect(new QuantileCells([1, 2]).equals(new QuantileCells([1, 3]))).toBe(false);
  });

  test.each([
    ["too many edges", (): unknown => new QuantileCells(new Float64Array(1024).map((_, index) => index))],
    ["edges out of order", () => new QuantileCells([1, 1])],
    ["an infinite edge", () => new QuantileCells([1, Infinity])],
    ["one cell", () => QuantileCells.learn([1], { maxCells: 1 })],
    ["too many cells", () => QuantileCells.learn([1], { maxCells: 1025 })],
    ["a negative weight", () => QuantileCells.learn([1], { weights: [-1] })],
    ["missing weights", () => QuantileCells.learn([1], { weights: [] })],
  ])("refuses %s", (_, act) => {
    expect(act).toThrow(expect.objectContaining({ code: "INVALID_ARGUMENT" }));
  });
});

describe("kolmogorovInterval", () => {
  const sample = fc.array(tied, { minLength: 1, maxLength: 60 });

  test("contains D of the values themselves, and is exact for few values", () => {
    fc.assert(
      fc.property(sample, sample, fc.integer({ min: 2, max: 30 }), (reference, current, maxCells) => {
        const exact = exactDistance(reference, current);
        const intervalOn = (cells: QuantileCells): { readonly lower: number; readonly upper: number } =>
          kolmogorovInterval(countOn(cells, reference), countOn(cells, current), (cell) =>
            cells.isPoint(cell),
          );
        const coarse = intervalOn(QuantileCells.learn(reference, { maxCells }));
        expect(coarse.lower).toBeLessThanOrEqual(exact + 1e-12);
        expect(coarse.upper).toBeGreaterThanOrEqual(exact - 1e-12);
        const fine = intervalOn(QuantileCells.learn([...reference, ...current]));
        expect(fine.lower).toBeCloseTo(exact, 12);
        expect(fine.upper).toBeCloseTo(exact, 12);
      }),
    );
  });

  test("is about 1/1024 wide for 1,024 cells of a continuous variable", () => {
    const random = createRandom(2);
    const reference = Array.from({ length: 100_000 }, () => random.normal());
    const current = Array.from({ length: 100_000 }, () => random.normal(0.05));
    const cells = QuantileCells.learn(reference);
    const { lower, upper } = kolmogorovInterval(countOn(cells, reference), countOn(cells, current));
    expect(upper - lower).toBeGreaterThan(0);
    expect(upper - lower).toBeLessThan(1.5 / 1024);
  });

  test.each([
    [[1, 2], [1]],
    [
      [0, 0],
      [1, 0],
    ],
    [
      [1, 1],
      [0, 0],
    ],
    [
      [Number.NaN, 1],
      [1, 1],
    ],
  ])("refuses %j and %j", (p, q) => {
    expect(() => kolmogorovInterval(p, q)).toThrow(expect.objectContaining({ code: "INVALID_ARGUMENT" }));
  });
});

describe("equalMassGroups", () => {
  test("groups are neighbours, complete, and about equal where the cells allow it", () => {
    const counts = fc.array(fc.nat(50), { minLength: 1, maxLength: 80 }).filter((rows) => rows.some(Boolean));
    fc.assert(
      fc.property(counts, fc.integer({ min: 1, max: 20 }), (rows, groups) => {
        const cellGroups = equalMassGroups(rows, groups);
        const { groupCount, groupOfCell } = cellGroups;
        expect(groupCount).toBeLessThanOrEqual(groups);
        expect([...new Set(groupOfCell)]).toEqual(Array.from({ length: groupCount }, (_, group) => group));
        expect([...groupOfCell]).toEqual([...groupOfCell].sort((left, right) => left - right));
        const total = rows.reduce((sum, count) => sum + count, 0);
        expect(sumGroups(rows, cellGroups).reduce((sum, count) => sum + count, 0)).toBe(total);
      }),
    );
    expect([
      ...sumGroups(new Float64Array(1024).fill(3), equalMassGroups(new Float64Array(1024).fill(3), 8)),
    ]).toEqual(Array.from({ length: 8 }, () => 384));
  });

  test("refuses a reference without rows, and counts of other cells", () => {
    expect(() => equalMassGroups([0, 0], 2)).toThrow(/no rows/);
    expect(() => sumGroups([1], equalMassGroups([1, 1], 2))).toThrow(/cells/);
  });
});
