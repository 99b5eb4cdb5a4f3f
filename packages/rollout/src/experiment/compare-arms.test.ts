import { binomialInterval, createRandom } from "@mlops/stats";
import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { type ArmStratum, type ArmSums, compareArms } from "./compare-arms.ts";

const events = (keys: number, sum: number): ArmSums => ({ keys, sum, sumOfSquares: sum });
const plus = (a: ArmSums, b: ArmSums): ArmSums => ({
  keys: a.keys + b.keys,
  sum: a.sum + b.sum,
  sumOfSquares: a.sumOfSquares + b.sumOfSquares,
});

describe("compareArms", () => {
  test("is the difference in the means, and nothing is known without keys or a spread", () => {
    const { estimate, low, high } = compareArms(
      [{ share: 0.5, first: events(5_000, 600), second: events(5_000, 500) }],
      { alpha: 0.05 },
    );
    expect(estimate).toBeCloseTo(0.02, 12);
    expect(low).toBeGreaterThan(0);
    expect(low + high).toBeCloseTo(0.04, 12);
    expect(compareArms([], { alpha: 0.05 })).toMatchObject({ keys: 0, low: -Infinity, high: Infinity });
    const alike = [{ share: 0.5, first: events(900, 0), second: events(900, 0) }];
    expect(compareArms(alike, { alpha: 0.05 })).toMatchObject({ low: -Infinity, high: Infinity });
  });

  test("law: the other way round is the same with the other sign; strata have no order", () => {
    const arm = fc.nat(5_000).chain((keys) => fc.nat(keys).map((sum) => events(keys, sum)));
    const stratum: fc.Arbitrary<ArmStratum> = fc.record({
      share: fc.double({ min: 0.01, max: 0.99, noNaN: true }),
      first: arm,
      second: arm,
    });
    fc.assert(
      fc.property(fc.array(stratum, { minLength: 1, maxLength: 5 }), (strata) => {
        const found = compareArms(strata, { alpha: 0.05 });
        const turned = strata.map(({ share, first, second }) => ({
          share: 1 - share,
          first: second,
          second: first,
        }));
        const back = compareArms(turned.toReversed(), { alpha: 0.05 });
        expect(back.estimate).toBeCloseTo(-found.estimate, 9);
        expect(Number.isFinite(found.low) ? back.high + found.low : 0).toBeCloseTo(0, 9);
        expect(found.low).toBeLessThanOrEqual(found.high);
      }),
      { seed: 1, numRuns: 200 },
    );
  });

  // One in a hundred to nearly all, in even and uneven parts, looked at a hundred times.
  test.each([
    { rate: 0.01, share: 0.5 },
    { rate: 0.01, share: 0.1 },
    { rate: 0.5, share: 0.5 },
    { rate: 0.95, share: 0.1 },
  ])(
    "neither bound is ever wrong too often: A/A at a rate of $rate, a share of $share",
    ({ rate, share }) => {
      const random = createRandom(Math.round(1_000 * rate + 10 * share));
      const runs = 300;
      const wrong = { low: 0, high: 0 };
      for (let run = 0; run < runs; run += 1) {
        let first = events(0, 0);
        let second = events(0, 0);
        const isWrong = { low: false, high: false };
        for (let look = 0; look < 100; look += 1) {
          const keys = random.binomial(200, share);
          first = plus(first, events(keys, random.binomial(keys, rate)));
          second = plus(second, events(200 - keys, random.binomial(200 - keys, rate)));
          if (Math.min(first.keys, second.keys) < 500) continue;
          const { low, high } = compareArms([{ share, first, second }], { alpha: 0.05 });
          isWrong.low ||= low > 0;
          isWrong.high ||= high < 0;
        }
        wrong.low += Number(isWrong.low);
        wrong.high += Number(isWrong.high);
      }
      for (const count of Object.values(wrong)) {
        expect(binomialInterval({ successes: count, trials: runs }).lower).toBeLessThanOrEqual(0.05);
        expect(count / runs).toBeLessThanOrEqual(0.05);
      }
    },
  );

  test("a rate that drifts while the weights do is no difference; pooled, it would be one", () => {
    const random = createRandom(3);
    const strata = [
      { share: 0.1, rate: 0.1 },
      { share: 0.5, rate: 0.3 },
      { share: 0.9, rate: 0.5 },
    ].map(({ share, rate }): ArmStratum => {
      const keys = random.binomial(10_000, share);
      return {
        share,
        first: events(keys, random.binomial(keys, rate)),
        second: events(10_000 - keys, random.binomial(10_000 - keys, rate)),
      };
    });
    const { estimate, low, high } = compareArms(strata, { alpha: 0.05 });
    expect(low).toBeLessThan(0);
    expect(high).toBeGreaterThan(0);
    expect(Math.abs(estimate)).toBeLessThan(0.03);
    const first = strata.map((stratum) => stratum.first).reduce(plus);
    const second = strata.map((stratum) => stratum.second).reduce(plus);
    expect(compareArms([{ share: 0.5, first, second }], { alpha: 0.05 }).low).toBeGreaterThan(0.1);
  });

  test("a mean of few large numbers among many zeros is compared as well", () => {
    const random = createRandom(5);
    const arm = (scale: number): ArmSums => {
      let sums = events(0, 0);
      for (let key = 0; key < 20_000; key += 1) {
        const value = random() < 0.1 ? scale * random.exponential() : 0;
        sums = plus(sums, { keys: 1, sum: value, sumOfSquares: value * value });
      }
      return sums;
    };
    const found = compareArms([{ share: 0.5, first: arm(13), second: arm(10) }], { alpha: 0.05 });
    expect(found.low).toBeGreaterThan(0);
    expect(found.low).toBeLessThan(0.3);
    expect(found.high).toBeGreaterThan(0.3);
  });
});
