import { createRandom, hypergeometricPmf } from "@mlops/stats";
import { describe, expect, test } from "vitest";
import type { TestSettings } from "./column-test.ts";
import { drawHypergeometric } from "./draw-hypergeometric.ts";
import { minimumDetectableShift } from "./minimum-detectable-shift.ts";
import { poolRareCells } from "./pool-rare-cells.ts";
import { testCells } from "./test-cells.ts";

const settings: TestSettings = {
  confidence: 0.95,
  materialShift: 0.05,
  materialSpecialShare: 0.01,
  materialMeanShift: 0.125,
  seed: 1,
  levelPerColumn: 0.05 / 20,
  isWholeRows: true,
};

describe("drawHypergeometric", () => {
  test.each([
    { population: 30, successes: 12, draws: 9 },
    { population: 5_000, successes: 40, draws: 300 },
    { population: 12, successes: 11, draws: 10 },
  ])("has the law of %j", ({ population, successes, draws }) => {
    const random = createRandom(3);
    const counts = new Map<number, number>();
    for (let draw = 0; draw < 20_000; draw += 1) {
      const drawn = drawHypergeometric(random, population, successes, draws);
      counts.set(drawn, (counts.get(drawn) ?? 0) + 1);
    }
    for (const [drawn, count] of counts) {
      const expected = 20_000 * hypergeometricPmf(drawn, { population, successes, draws });
      expect(Math.abs(count - expected)).toBeLessThan(5 * Math.sqrt(expected) + 3);
    }
  });
});

describe("testCells", () => {
  test("by permutation it agrees with all tables counted one by one", () => {
    const reference = [40, 20, 25];
    const current = [4, 10, 9];
    const result = testCells(
      { subject: "values", counts: { reference, current }, what: "categories" },
      settings,
    )!;
    expect(result.test).toBe("chi-square-permutation");
    const exact = exactPValue(reference, current);
    // The standard error of a share that ended at twenty exceedances, or of 8,000 draws.
    expect(Math.abs(result.pValue.high - exact)).toBeLessThan((4 * exact) / Math.sqrt(20));
  });

  test("two cells are tested exactly, many full ones by χ²", () => {
    const counts = { reference: [50, 50], current: [10, 1] };
    expect(testCells({ subject: "values", counts, what: "booleans" }, settings)!.test).toBe("fisher-exact");
    const full = { reference: [500, 500, 500], current: [100, 100, 200] };
    const result = testCells({ subject: "values", counts: full, what: "categories" }, settings)!;
    expect(result.test).toBe("chi-square");
    // scipy.stats.chi2_contingency([[500, 500, 500], [100, 100, 200]])
    expect(result.statistic).toBeCloseTo(37.698412698412696, 10);
  });

  test("without rows on one side there is nothing to test", () => {
    const counts = { reference: [1, 2], current: [0, 0] };
    expect(testCells({ subject: "values", counts, what: "categories" }, settings)).toBeUndefined();
  });
});

/** P(χ² at least as large) over all tables with the same sums: three cells, two rows. */
function exactPValue(reference: readonly number[], current: readonly number[]): number {
  const together = reference.map((count, cell) => count + current[cell]!);
  const n = reference.reduce((sum, count) => sum + count, 0);
  const m = current.reduce((sum, count) => sum + count, 0);
  const chiSquare = (cells: readonly number[]): number =>
    cells.reduce((sum, count, cell) => {
      const expected = (together[cell]! * m) / (n + m);
      const other = (together[cell]! * n) / (n + m);
      return sum + (count - expected) ** 2 / expected + (count - expected) ** 2 / other;
    }, 0);
  const observed = chiSquare(current) * (1 - 1e-12);
  let pValue = 0;
  for (let first = 0; first <= Math.min(together[0]!, m); first += 1) {
    for (let second = 0; second <= Math.min(together[1]!, m - first); second += 1) {
      const third = m - first - second;
      if (third > together[2]! || chiSquare([first, second, third]) < observed) continue;
      pValue +=
        hypergeometricPmf(first, { population: n + m, successes: together[0]!, draws: m }) *
        hypergeometricPmf(second, {
          population: n + m - together[0]!,
          successes: together[1]!,
          draws: m - first,
        });
    }
  }
  return pValue;
}

describe("poolRareCells", () => {
  test("pools what expects too few on the smaller side, and until they are enough", () => {
    const { counts, pooled } = poolRareCells({ reference: [900, 60, 20, 20], current: [90, 6, 2, 2] }, 5);
    expect(counts).toEqual({
      reference: Float64Array.of(900, 100),
      current: Float64Array.of(90, 10),
    });
    expect(pooled).toBe(3);
  });
});

describe("minimumDetectableShift", () => {
  test("is found about four times in five", () => {
    const random = createRandom(9);
    const draw = (size: number, share: number): number[] => {
      const inside = random.binomial(size, share);
      return [inside, size - inside];
    };
    const level = 0.01;
    const rows = { reference: 2_000, current: 400 };
    const test0 = testCells(
      {
        subject: "values",
        counts: { reference: draw(2_000, 0.5), current: draw(400, 0.5) },
        what: "booleans",
      },
      settings,
    )!;
    const shift = minimumDetectableShift({ ...test0, rows }, level);
    let found = 0;
    for (let run = 0; run < 500; run += 1) {
      const counts = { reference: draw(2_000, 0.5), current: draw(400, 0.5 + shift) };
      const { pValue } = testCells({ subject: "values", counts, what: "booleans" }, settings)!;
      if (pValue.high <= level) found += 1;
    }
    expect(found / 500).toBeGreaterThan(0.74);
    expect(found / 500).toBeLessThan(0.88);
  });
});
