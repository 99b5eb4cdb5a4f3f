import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createRandom } from "../random/create-random.ts";
import { bhattacharyyaDistance } from "./bhattacharyya.ts";
import { chiSquareDistance } from "./chi-square-distance.ts";
import fixtures from "./distances.fixtures.json" with { type: "json" };
import { hellingerDistance } from "./hellinger.ts";
import { jensenShannonDistance, jensenShannonDivergence } from "./jensen-shannon.ts";
import { klDivergence } from "./kl-divergence.ts";
import { kolmogorovDistance } from "./kolmogorov-distance.ts";
import { populationStabilityIndex } from "./population-stability-index.ts";
import { lInfinityDistance, totalVariationDistance } from "./total-variation.ts";

type Distance = (p: ArrayLike<number>, q: ArrayLike<number>) => number;

const symmetric: readonly (readonly [string, Distance, number])[] = [
  ["populationStabilityIndex", populationStabilityIndex, Infinity],
  ["populationStabilityIndex, none", (p, q) => populationStabilityIndex(p, q, { zeros: "none" }), Infinity],
  ["jensenShannonDivergence", jensenShannonDivergence, 1],
  ["jensenShannonDistance", jensenShannonDistance, 1],
  ["hellingerDistance", hellingerDistance, 1],
  ["bhattacharyyaDistance", bhattacharyyaDistance, Infinity],
  ["totalVariationDistance", totalVariationDistance, 1],
  ["lInfinityDistance", lInfinityDistance, 1],
  ["chiSquareDistance", chiSquareDistance, 1],
  ["kolmogorovDistance", kolmogorovDistance, 1],
];
const all = [...symmetric, ["klDivergence", klDivergence, Infinity] as const];

const cell = fc.oneof(fc.nat(20), fc.nat(1_000_000), fc.constant(0));
const pair = fc
  .array(fc.tuple(cell, cell), { minLength: 1, maxLength: 30 })
  .map((cells) => ({ p: cells.map(([first]) => first), q: cells.map(([, second]) => second) }))
  .filter(({ p, q }) => p.some((count) => count > 0) && q.some((count) => count > 0));

describe("agreement with SciPy", () => {
  test.each(fixtures.pairs)("pair %#", (expected) => {
    const { p, q } = expected;
    const relative: readonly (readonly [number, number])[] = [
      [klDivergence(p, q), expected.kl],
      [klDivergence(p, q, { base: 2 }), expected.klBits],
      [populationStabilityIndex(p, q), expected.psi],
      [jensenShannonDistance(p, q), expected.jensenShannonDistance],
      [hellingerDistance(p, q), expected.hellinger],
      [bhattacharyyaDistance(p, q), expected.bhattacharyya],
      [totalVariationDistance(p, q), expected.totalVariation],
      [lInfinityDistance(p, q), expected.lInfinity],
      [chiSquareDistance(p, q), expected.chiSquare],
      [kolmogorovDistance(p, q), expected.kolmogorov],
    ];
    for (const [index, [actual, wanted]] of relative.entries()) {
      expect(Math.abs(actual / wanted - 1), `row ${index}: ${actual}, ${wanted}`).toBeLessThan(2e-13);
    }
  });

  test("the survey's table: PSI 0.1245, KS 0.1392, KL 0.0667 (KL of the current from the reference)", () => {
    const { p: reference, q: current } = fixtures.pairs[0]!;
    expect(populationStabilityIndex(reference, current).toFixed(4)).toBe("0.1245");
    expect(kolmogorovDistance(reference, current).toFixed(4)).toBe("0.1392");
    expect(klDivergence(current, reference).toFixed(4)).toBe("0.0667");
  });
});

describe.each(all)("%s", (_, distance, maximum) => {
  test("is in its range, and zero for equal shares", () => {
    fc.assert(
      fc.property(pair, fc.integer({ min: 1, max: 9 }), ({ p, q }, factor) => {
        const value = distance(p, q);
        expect(value >= 0 && value <= maximum, String(value)).toBe(true);
        expect(distance(p, p)).toBe(0);
        expect(
          distance(
            p,
            Float64Array.from(p, (count) => count * factor),
          ),
        ).toBeLessThan(1e-7);
      }),
    );
  });

  test.each([
    ["different lengths", [1, 2], [1]],
    ["no cells", [], []],
    ["a negative count", [1, 2], [1, -1]],
    ["NaN", [1, Number.NaN], [1, 1]],
    ["infinity", [1, Infinity], [1, 1]],
    ["no rows", [1, 1], [0, 0]],
  ])("refuses %s", (__, p, q) => {
    expect(() => distance(p, q)).toThrow(expect.objectContaining({ code: "INVALID_ARGUMENT" }));
  });
});

test.each(symmetric)("%s is symmetric to the last bit", (_, distance) => {
  fc.assert(
    fc.property(pair, ({ p, q }) => {
      expect(distance(p, q)).toBe(distance(q, p));
    }),
  );
});

test("the inequalities between them hold", () => {
  fc.assert(
    fc.property(pair, ({ p, q }) => {
      const variation = totalVariationDistance(p, q);
      const hellinger = hellingerDistance(p, q);
      const slack = 1e-12;
      expect(hellinger ** 2).toBeLessThanOrEqual(variation + slack);
      expect(variation).toBeLessThanOrEqual(Math.SQRT2 * hellinger + slack);
      expect(jensenShannonDivergence(p, q)).toBeLessThanOrEqual(variation + slack);
      expect(2 * variation ** 2).toBeLessThanOrEqual(klDivergence(p, q) + slack);
      expect(lInfinityDistance(p, q)).toBeLessThanOrEqual(variation + slack);
      expect(kolmogorovDistance(p, q)).toBeLessThanOrEqual(variation + slack);
    }),
  );
});

test.each([
  ["jensenShannonDistance", jensenShannonDistance],
  ["hellingerDistance", hellingerDistance],
  ["totalVariationDistance", totalVariationDistance],
])("%s holds the triangle inequality", (_, distance) => {
  const counts = fc.array(cell, { minLength: 6, maxLength: 6 }).filter((cells) => cells.some(Boolean));
  fc.assert(
    fc.property(counts, counts, counts, (a, b, c) => {
      expect(distance(a, c)).toBeLessThanOrEqual(distance(a, b) + distance(b, c) + 1e-12);
    }),
  );
});

describe("zero handling", () => {
  const reference = [4999, 1, 0];
  const current = [998, 1, 1];

  test("one new value in a thousand: none is infinite, the others are not", () => {
    const psi = (zeros: Parameters<typeof populationStabilityIndex>[2]): number =>
      populationStabilityIndex(reference, current, zeros);
    expect(psi({ zeros: "none" })).toBe(Infinity);
    expect(klDivergence(current, reference)).toBe(Infinity);
    // (1.5/1001.5 - 0.5/5001.5)·ln(15.01…) and the other two cells, by hand.
    expect(psi({})).toBeCloseTo(0.005716758788427486, 14);
    expect(psi({ zeros: { add: 0.5 } })).toBe(psi({}));
    expect(psi({ zeros: "laplace" })).toBe(psi({ zeros: { add: 1 } }));
    expect(psi({ zeros: { floor: 1e-4 } })).toBeCloseTo((0.001 - 1e-4) * Math.log(10), 2);
    expect(psi({ zeros: "exclude" })).toBeCloseTo(
      0.0008 * Math.log(5) + 0.0018 * Math.log(0.9998 / 0.998),
      12,
    );
  });

  test("without a cell that is empty on one side, adding rows changes nothing", () => {
    const plain = populationStabilityIndex([3, 5], [4, 9], { zeros: "none" });
    for (const zeros of ["jeffreys", "laplace", "exclude", { add: 3 }] as const) {
      expect(populationStabilityIndex([3, 5, 0], [4, 9, 0], { zeros })).toBe(plain);
    }
  });

  test("a floor raises every share below it, empty or not", () => {
    const floored = populationStabilityIndex([0.001, 0.999], [0.5, 0.5], { zeros: { floor: 0.01 } });
    expect(floored).toBeCloseTo(0.49 * Math.log(50) + 0.499 * Math.log(0.999 / 0.5), 12);
  });

  test("probabilities are refused where rows would be added to them", () => {
    expect(() => populationStabilityIndex([0.5, 0.5, 0], [0.4, 0.5, 0.1])).toThrow(/floor/);
    expect(() => klDivergence([0.5, 0.5], [0.4, 0.6], { biasCorrection: "first-order" })).toThrow(/counts/);
    expect(populationStabilityIndex([1, 0], [0, 1])).toBeGreaterThan(0);
  });

  test.each([{ zeros: "smooth" }, { zeros: { floor: 0 } }, { zeros: { add: -1 } }, { zeros: 3 }])(
    "refuses %j",
    (options) => {
      const wrong = options as Parameters<typeof populationStabilityIndex>[2];
      expect(() => populationStabilityIndex([1, 2], [2, 1], wrong)).toThrow(/options.zeros/);
    },
  );

  test.each([1, 0, -2, Number.NaN, Infinity])("refuses a base of %s", (base) => {
    expect(() => klDivergence([1], [1], { base })).toThrow(/options.base/);
    expect(() => jensenShannonDivergence([1], [1], { base })).toThrow(/options.base/);
  });
});

describe("bias correction, simulated without drift", () => {
  const shares = [0.05, 0.05, 0.1, 0.1, 0.1, 0.1, 0.15, 0.15, 0.1, 0.1];
  const n = 600;
  const m = 400;
  const runs = 2_000;

  const simulated = (measure: Distance): { mean: number; error: number } => {
    const random = createRandom(11);
    const counts = (rows: number): number[] => {
      let rest = rows;
      let restShare = 1;
      return shares.map((share, index) => {
        const isLast = index === shares.length - 1;
        const count = isLast ? rest : random.binomial(rest, share / restShare);
        rest -= count;
        restShare -= share;
        return count;
      });
    };
    const values = Array.from({ length: runs }, () => measure(counts(n), counts(m)));
    const mean = values.reduce((sum, value) => sum + value, 0) / runs;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (runs - 1);
    return { mean, error: Math.sqrt(variance / runs) };
  };

  test.each<[string, Distance, Distance, number]>([
    [
      "PSI",
      populationStabilityIndex,
      (p, q) => populationStabilityIndex(p, q, { biasCorrection: "first-order" }),
      9 * (1 / n + 1 / m),
    ],
    [
      "KL",
      klDivergence,
      (p, q) => klDivergence(p, q, { biasCorrection: "first-order" }),
      (9 / 2) * (1 / n + 1 / m),
    ],
    [
      "KL from known shares",
      (p) => klDivergence(p, shares),
      (p) => klDivergence(p, shares, { biasCorrection: "first-order-known-q" }),
      9 / 2 / n,
    ],
  ])("%s: the bias is what theory says, and is taken away", (_, plain, corrected, bias) => {
    const before = simulated(plain);
    // First-order theory leaves out terms in 1/n², about 3 % here.
    expect(Math.abs(before.mean / bias - 1)).toBeLessThan(0.05);
    const after = simulated(corrected);
    expect(Math.abs(after.mean)).toBeLessThan(4 * after.error + 0.01 * bias);
  });
});
