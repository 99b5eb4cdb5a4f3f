import { createRandom } from "@mlops/stats";
import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { chancesToBeBest, weightsWithFloor } from "./thompson.ts";

describe("chancesToBeBest", () => {
  test("is what draws from the beliefs come to", () => {
    const arms = [
      { mean: 0.1, variance: 0.09, keys: 1_000 },
      { mean: 0.12, variance: 0.1056, keys: 600 },
      { mean: 0.11, variance: 0.0979, keys: 100 },
    ];
    const random = createRandom(1);
    const draws = 40_000;
    const best = { share: [0, 0, 0], mean: [0, 0, 0] };
    for (let draw = 0; draw < draws; draw += 1) {
      const shares = arms.map(({ mean, keys }) => random.beta(1 + keys * mean, 1 + keys * (1 - mean)));
      const means = arms.map(({ mean, variance, keys }) => random.normal(mean, Math.sqrt(variance / keys)));
      best.share[shares.indexOf(Math.max(...shares))]! += 1 / draws;
      best.mean[means.indexOf(Math.max(...means))]! += 1 / draws;
    }
    for (const kind of ["share", "mean"] as const) {
      for (const [arm, chance] of chancesToBeBest(arms, kind).entries()) {
        expect(Math.abs(chance - best[kind][arm]!)).toBeLessThan(0.01);
      }
    }
  });

  test("law: they come to 1, equal arms have equal chances, and a better arm has no smaller one", () => {
    const arm = fc.record({
      mean: fc.double({ min: 0, max: 1, noNaN: true }),
      variance: fc.constant(0.2),
      keys: fc.integer({ min: 20, max: 5_000 }),
    });
    fc.assert(
      fc.property(arm, fc.nat(3), fc.constantFrom("share", "mean"), (one, others, kind) => {
        const chances = chancesToBeBest([one, ...Array.from({ length: others }, () => one)], kind);
        expect(chances.reduce((sum, chance) => sum + chance, 0)).toBeCloseTo(1, 9);
        for (const chance of chances) expect(chance).toBeCloseTo(1 / (others + 1), 6);
        const better = { ...one, mean: Math.min(1, one.mean + 0.1) };
        const [own, other] = chancesToBeBest([better, one], kind);
        expect(own).toBeGreaterThanOrEqual(other! - 1e-9);
      }),
      { seed: 2, numRuns: 60 },
    );
  });
});

describe("weightsWithFloor", () => {
  test("law: in thousandths, together 1, none below the floor, none for those that are out", () => {
    const chances = fc
      .array(fc.record({ part: fc.integer({ min: 0, max: 1_000 }), isIn: fc.boolean() }), {
        minLength: 1,
        maxLength: 8,
      })
      .filter((arms) => arms.some(({ part, isIn }) => isIn && part > 0));
    fc.assert(
      fc.property(chances, fc.constantFrom(0.01, 0.05, 0.1), (arms, floor) => {
        const total = arms.reduce((sum, { part, isIn }) => sum + (isIn ? part : 0), 0);
        const weights = weightsWithFloor(
          arms.map(({ part, isIn }) => (isIn ? part / total : undefined)),
          floor,
        );
        expect(Math.round(1_000 * weights.reduce((sum, weight) => sum + weight, 0))).toBe(1_000);
        for (const [arm, weight] of weights.entries()) {
          expect(Number.isInteger(Math.round(weight * 1e9) / 1e6)).toBe(true);
          const { isIn } = arms[arm]!;
          expect(isIn ? weight >= floor - 1e-9 : weight === 0).toBe(true);
        }
      }),
      { seed: 3, numRuns: 300 },
    );
  });
});
