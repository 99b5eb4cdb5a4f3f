import { describe, expect, it } from "vitest";
import { mean } from "../descriptive/sum.ts";
import { linearQuantile } from "../descriptive/quantile.ts";
import { expectClose, expectInterval } from "../numeric/close.fixtures.ts";
import { binomialInterval } from "../intervals/binomial-interval.ts";
import { bootstrap, bootstrapRows, type BootstrapMethod } from "./bootstrap.ts";
import { monteCarloPValue } from "./monte-carlo-p-value.ts";
import { pairingTest, permutationTest, signFlipTest, type PermutationTest } from "./permutation-test.ts";
import { shuffle } from "./random.ts";
import fixtures from "./resampling.fixtures.json" with { type: "json" };
import { seededNormal, seededRandom } from "./seeded-random.fixtures.ts";

const statistics: Record<string, (sample: Float64Array) => number> = {
  mean,
  median: (sample) => linearQuantile(sample.slice().sort(), 0.5),
  variance: (sample) => {
    const centre = mean(sample);
    return sample.reduce((total, value) => total + (value - centre) ** 2, 0) / (sample.length - 1);
  },
};
const difference = (a: Float64Array, b: Float64Array): number => mean(a) - mean(b);

describe("bootstrap", () => {
  for (const { sample, statistic, resamples, rows, results } of fixtures.bootstraps) {
    for (const method of ["percentile", "basic", "bca"] as const satisfies BootstrapMethod[]) {
      it(`agrees with scipy given its resamples: ${method} of the ${statistic}`, () => {
        let drawn = 0;
        const random = (): number => ((rows[drawn++] ?? 0) + 0.5) / sample.length;
        const measure = statistics[statistic] ?? mean;
        const result = bootstrap(sample, measure, { random, resamples, method, confidence: 0.9 });
        expectInterval(result, results[method].interval, 1e-12);
        expectClose(result.standardError, results[method].standardError, 1e-12);
        expect(result.method).toBe(method);
      });
    }
  }

  it("gives the same again for the same seed, and something else for another", () => {
    const sample = [1, 4, 2, 8, 5, 7];
    const run = (seed: number) => bootstrap(sample, mean, { random: seededRandom(seed), resamples: 500 });
    expect(run(1)).toEqual(run(1));
    expect(run(1).lower).not.toBe(run(2).lower);
  });

  it("says when it fell back, and refuses statistics without a value", () => {
    const random = seededRandom(3);
    expect(bootstrap([2, 2, 2], mean, { random, resamples: 50 })).toMatchObject({
      method: "percentile",
      lower: 2,
      upper: 2,
    });
    expect(bootstrap([2], mean, { random, resamples: 50 }).method).toBe("percentile");
    expect(() => bootstrap([1, 2], () => Number.NaN, { random })).toThrow(
      "The statistic of a resample is NaN",
    );
    expect(() => bootstrap([], mean, { random })).toThrow("sample has 0 values");
    expect(() => bootstrap([1, 2], mean, { random: () => 1 })).toThrow("random gave 1");
  });

  it("covers the mean of skewed values about as often as it says", () => {
    const random = seededRandom(4);
    let covered = 0;
    for (let run = 0; run < 300; run += 1) {
      const sample = Float64Array.from({ length: 40 }, () => -Math.log(1 - random()));
      const { lower, upper } = bootstrapRows(
        40,
        (rows) => rows.reduce((sum, row) => sum + (sample[row] ?? 0), 0) / 40,
        {
          random,
          resamples: 400,
          confidence: 0.9,
        },
      );
      if (lower <= 1 && 1 <= upper) covered += 1;
    }
    const { lower, upper } = binomialInterval({ successes: covered, trials: 300 }, { confidence: 0.999 });
    expect(lower).toBeLessThan(0.9);
    expect(upper).toBeGreaterThan(0.86);
  });
});

describe("permutation tests", () => {
  const random = seededRandom(5);

  it("agree with scipy where every rearrangement is tried", () => {
    for (const { kind, first, second, alternative, statistic, pValue } of fixtures.permutations) {
      const options = { random, alternative: alternative as PermutationTest["alternative"] };
      const product = (a: Float64Array, b: Float64Array): number =>
        a.reduce((total, value, row) => total + value * (b[row] ?? 0), 0);
      const result =
        kind === "independent"
          ? permutationTest(first, second, difference, options)
          : kind === "samples"
            ? signFlipTest(first, options)
            : pairingTest(first, second, product, options);
      expectClose(result.statistic, statistic, 1e-12);
      expectClose(result.pValue, pValue, 1e-12);
      expect(result.exact).toBe(true);
    }
  });

  it("count both tails", () => {
    expect(permutationTest([1, 2, 3], [7, 8, 9], difference, { random })).toMatchObject({
      pValue: 0.1,
      tried: 20,
    });
  });

  it("come near the exact p-value when they draw", () => {
    const [first, second] = [
      [1, 4, 2, 6, 3],
      [5, 3, 7, 8, 6],
    ];
    const exact = permutationTest(first, second, difference, { random }).pValue;
    const drawn = permutationTest(first, second, difference, { random, resamples: 200 });
    expect(drawn).toMatchObject({ exact: false, tried: 200 });
    expect(Math.abs(drawn.pValue - exact)).toBeLessThan(0.07);
  });

  it("refuse a statistic that is NaN", () => {
    expect(() => permutationTest([1], [2], () => Number.NaN, { random })).toThrow(
      "statistic is NaN; pass a finite number",
    );
  });
});

describe("monteCarloPValue", () => {
  it("stops at the h-th value as extreme, with p = h / l", () => {
    const values = [0, 5, 0, 5, 0, 5];
    let drawn = 0;
    const result = monteCarloPValue(5, () => values[drawn++] ?? 0, { resamples: 100, stopAfter: 2 });
    expect(result).toEqual({ pValue: 0.5, drawn: 4, asExtreme: 2, stoppedEarly: true });
  });

  it("never gives 0", () => {
    expect(monteCarloPValue(5, () => 0, { resamples: 99 }).pValue).toBe(0.01);
    expect(monteCarloPValue(5, () => 0, { resamples: 99, stopAfter: 3 }).pValue).toBe(0.01);
  });

  it("is valid: P(p <= x) <= x under the hypothesis, early stopping or not", () => {
    for (const stopAfter of [undefined, 5]) {
      const runs = 4_000;
      const random = seededRandom(6);
      const pValues = Array.from({ length: runs }, () => {
        const options = { resamples: 199, ...(stopAfter === undefined ? {} : { stopAfter }) };
        return monteCarloPValue(random(), random, options).pValue;
      });
      for (const level of [0.01, 0.05, 0.2, 0.5]) {
        const rejected = pValues.filter((pValue) => pValue <= level).length;
        const { lower, upper } = binomialInterval(
          { successes: rejected, trials: runs },
          { confidence: 0.999, method: "clopper-pearson" },
        );
        expect(lower).toBeLessThanOrEqual(level);
        // Not only valid but of use: it rejects nearly as often as it may.
        expect(upper).toBeGreaterThan(0.8 * level);
      }
    }
  });
});

describe("shuffle", () => {
  it("gives every order as often", () => {
    const random = seededRandom(7);
    const counts = new Map<string, number>();
    for (let run = 0; run < 6_000; run += 1) {
      const values = [1, 2, 3];
      shuffle(values, random);
      counts.set(values.join(), (counts.get(values.join()) ?? 0) + 1);
    }
    expect(counts.size).toBe(6);
    const chiSquared = [...counts.values()].reduce((total, count) => total + (count - 1_000) ** 2 / 1_000, 0);
    expect(chiSquared).toBeLessThan(20.5);
  });

  it("has a source of normal numbers to test with", () => {
    const normal = seededNormal(seededRandom(8));
    const values = Array.from({ length: 10_000 }, normal);
    expect(Math.abs(mean(values))).toBeLessThan(0.04);
  });
});
