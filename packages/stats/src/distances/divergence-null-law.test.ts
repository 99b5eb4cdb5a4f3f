import { describe, expect, test } from "vitest";
import { createRandom } from "../random/create-random.ts";
import { bhattacharyyaDistance } from "./bhattacharyya.ts";
import { chiSquareDistance } from "./chi-square-distance.ts";
import { type DivergenceName, divergenceNullLaw } from "./divergence-null-law.ts";
import { hellingerDistance } from "./hellinger.ts";
import { jensenShannonDivergence } from "./jensen-shannon.ts";
import { klDivergence } from "./kl-divergence.ts";
import { populationStabilityIndex } from "./population-stability-index.ts";

const divergences: readonly (readonly [DivergenceName, (p: number[], q: number[]) => number])[] = [
  ["populationStabilityIndex", populationStabilityIndex],
  ["klDivergence", klDivergence],
  ["jensenShannonDivergence", jensenShannonDivergence],
  ["hellingerDistanceSquared", (p, q) => hellingerDistance(p, q) ** 2],
  ["bhattacharyyaDistance", bhattacharyyaDistance],
  ["chiSquareDistance", chiSquareDistance],
];

const cells = 10;
const runs = 4_000;

function decileCounts(random: ReturnType<typeof createRandom>, rows: number): number[] {
  let rest = rows;
  return Array.from({ length: cells }, (_, cell) => {
    const count = random.binomial(rest, 1 / (cells - cell));
    rest -= count;
    return count;
  });
}

describe("samples without drift", () => {
  test.each(divergences)("$0: mean, variance and the threshold", (name, measure) => {
    const [n, m] = [2_000, 500];
    const random = createRandom(17);
    const values = Array.from({ length: runs }, () =>
      measure(decileCounts(random, n), decileCounts(random, m)),
    );
    const law = divergenceNullLaw(name, { cells, n, m });
    const mean = values.reduce((sum, value) => sum + value, 0) / runs;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (runs - 1);
    // Standard errors of a chi-square sample's mean (0.75 %) and variance (3.3 %), and first-order theory.
    expect(Math.abs(mean / law.mean - 1)).toBeLessThan(0.03);
    expect(Math.abs(variance / law.variance - 1)).toBeLessThan(0.13);
    const alarms = values.filter((value) => value > law.threshold(0.05)).length / runs;
    expect(Math.abs(alarms - 0.05)).toBeLessThan(4 * Math.sqrt((0.05 * 0.95) / runs));
  });
});

test("the threshold has the p-value it was asked for", () => {
  const law = divergenceNullLaw("populationStabilityIndex", { cells: 10, n: 5_000, m: 100 });
  expect(law.mean).toBeCloseTo(0.0918, 12);
  expect(law.threshold(0.05)).toBeCloseTo(0.0102 * 16.918977604620448, 12);
  expect(law.pValue(law.threshold(0.01))).toBeCloseTo(0.01, 12);
  expect(law.pValue(0)).toBe(1);
  expect(divergenceNullLaw("klDivergence", { cells: 3, n: 10, m: Infinity }).mean).toBeCloseTo(0.1, 12);
});

test.each([
  { cells: 1, n: 10, m: 10 },
  { cells: 3, n: 0, m: 10 },
  { cells: 3, n: 10, m: Number.NaN },
])("refuses %j", (sizes) => {
  expect(() => divergenceNullLaw("klDivergence", sizes)).toThrow(/sizes/);
});
