import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { binomialCdf, binomialPmf } from "../distributions/binomial.ts";
import { expectClose, expectInterval } from "../numeric/close.fixtures.ts";
import { binomialInterval, type BinomialIntervalMethod } from "./binomial-interval.ts";
import fixtures from "./intervals.fixtures.json" with { type: "json" };
import { meanInterval } from "./mean-interval.ts";
import { percentile, percentileRank } from "./percentile.ts";
import { poissonRateInterval } from "./poisson-rate-interval.ts";
import { quantileInterval, quantileRanks } from "./quantile-interval.ts";
import { proportionDifferenceInterval, proportionRatioInterval } from "./two-proportions.ts";

const methods: BinomialIntervalMethod[] = ["wilson", "clopper-pearson", "mid-p", "jeffreys", "agresti-coull"];

describe("binomialInterval", () => {
  for (const method of methods) {
    it(`agrees with the reference: ${method}`, () => {
      // At the edges Jeffreys' bound is 0 or 1 by convention, which statsmodels does not follow.
      const rows = fixtures.binomial.filter((row) => {
        const isEdge = row.successes === 0 || row.successes === row.trials;
        return row[method] !== undefined && !(method === "jeffreys" && isEdge);
      });
      expect(rows.length).toBeGreaterThan(10);
      for (const { successes, trials, confidence, ...expected } of rows) {
        const interval = binomialInterval({ successes, trials }, { confidence, method });
        expectInterval(interval, expected[method] ?? [], method === "wilson" ? 1e-11 : 1e-12);
      }
    });

    it(`mirrors failures and stays in [0, 1]: ${method}`, () => {
      fc.assert(
        fc.property(fc.integer({ min: 1, max: 500 }), fc.nat(500), (trials, some) => {
          const successes = some % (trials + 1);
          const one = binomialInterval({ successes, trials }, { method });
          const other = binomialInterval({ successes: trials - successes, trials }, { method });
          expect(one.lower).toBeGreaterThanOrEqual(0);
          expect(one.upper).toBeLessThanOrEqual(1);
          expect(one.lower).toBeLessThanOrEqual(one.estimate);
          expect(one.upper).toBeGreaterThanOrEqual(one.estimate);
          expect(Math.abs(one.lower - (1 - other.upper))).toBeLessThan(1e-12);
        }),
        { seed: 3, numRuns: 50 },
      );
    });
  }

  it("holds its coverage, computed exactly: Clopper-Pearson always, Wilson about", () => {
    for (const trials of [10, 40]) {
      const coverage = (method: BinomialIntervalMethod, share: number): number => {
        let covered = 0;
        for (let successes = 0; successes <= trials; successes += 1) {
          const { lower, upper } = binomialInterval({ successes, trials }, { method });
          if (lower <= share && share <= upper) covered += binomialPmf(successes, trials, share);
        }
        return covered;
      };
      for (let share = 0.01; share < 1; share += 0.007) {
        expect(coverage("clopper-pearson", share)).toBeGreaterThanOrEqual(0.95);
        expect(coverage("wilson", share)).toBeGreaterThan(0.83);
      }
    }
  });

  it("refuses impossible counts", () => {
    expect(() => binomialInterval({ successes: 3, trials: 2 })).toThrow("counts.successes is 3");
    expect(() => binomialInterval({ successes: 0, trials: 0 })).toThrow("counts.trials is 0");
    expect(() => binomialInterval({ successes: 0.5, trials: 2 })).toThrow("counts.successes is 0.5");
    expect(() => binomialInterval({ successes: 1, trials: 2 }, { confidence: 95 })).toThrow(
      "confidence is 95",
    );
  });
});

describe("two proportions", () => {
  it("agree with 50-digit arithmetic and statsmodels", () => {
    for (const row of fixtures.two) {
      const { first, second } = row;
      expectInterval(
        proportionDifferenceInterval(first, second, { method: "newcombe" }),
        row.newcombe,
        1e-11,
      );
      expectInterval(proportionDifferenceInterval(first, second), row["miettinen-nurminen"], 1e-11);
      if (row.ratio !== undefined) expectInterval(proportionRatioInterval(first, second), row.ratio, 1e-11);
    }
  });

  it("agree with the table of Newcombe 1998", () => {
    const [first, second] = [
      { successes: 56, trials: 70 },
      { successes: 48, trials: 80 },
    ];
    const rounded = ({ lower, upper }: { lower: number; upper: number }): string[] => [
      lower.toFixed(4),
      upper.toFixed(4),
    ];
    expect(rounded(proportionDifferenceInterval(first, second))).toEqual(["0.0528", "0.3382"]);
    expect(rounded(proportionDifferenceInterval(first, second, { method: "newcombe" }))).toEqual([
      "0.0524",
      "0.3339",
    ]);
  });

  it("answer where an arm has no success, or nothing else", () => {
    const none = { successes: 0, trials: 20 };
    const all = { successes: 20, trials: 20 };
    expect(proportionRatioInterval(none, none)).toMatchObject({
      estimate: Number.NaN,
      lower: 0,
      upper: Infinity,
    });
    expect(proportionRatioInterval(all, none).upper).toBe(Infinity);
    expect(proportionRatioInterval(none, all).lower).toBe(0);
    expect(proportionDifferenceInterval(all, none).upper).toBe(1);
    const { lower, upper } = proportionDifferenceInterval(none, none);
    expect(lower).toBeCloseTo(-upper, 12);
  });

  it("swap when the arms do", () => {
    fc.assert(
      fc.property(fc.nat(30), fc.nat(30), fc.integer({ min: 30, max: 60 }), (a, b, trials) => {
        const first = { successes: a, trials };
        const second = { successes: b, trials: 40 };
        const one = proportionDifferenceInterval(first, second);
        const other = proportionDifferenceInterval(second, first);
        expect(Math.abs(one.lower + other.upper)).toBeLessThan(1e-9);
      }),
      { seed: 4, numRuns: 30 },
    );
  });
});

describe("meanInterval", () => {
  it("agrees with scipy", () => {
    for (const { sample, interval } of fixtures.means) expectInterval(meanInterval(sample), interval, 1e-12);
  });

  it("needs two values", () => {
    expect(() => meanInterval([1])).toThrow("sample has 1 values; pass at least 2.");
  });
});

describe("poissonRateInterval", () => {
  it("agrees with scipy", () => {
    for (const { events, exposure, interval } of fixtures.poisson) {
      expectInterval(poissonRateInterval({ events, exposure }), interval, 1e-12);
    }
  });
});

describe("percentileRank", () => {
  it("is right where p · N / 100 is whole, which floating point is not", () => {
    expect(percentileRank(99.9, 1000)).toBe(999);
    expect(Math.ceil((99.9 * 1000) / 100)).toBe(999);
    expect(Math.ceil((99.9 / 100) * 1000)).toBe(1000);
    expect(percentileRank(95, 20)).toBe(19);
    expect(percentileRank(0.1, 1000)).toBe(1);
    expect(percentileRank(1e-9, 10)).toBe(1);
    expect(percentileRank(100, 7)).toBe(7);
  });

  it("agrees with whole-number arithmetic for every tenth of a percent", () => {
    for (let tenths = 1; tenths <= 1000; tenths += 1) {
      for (const count of [1, 7, 10, 100, 1000, 99_999]) {
        const expected = Math.floor((tenths * count + 999) / 1000);
        expect(percentileRank(Number(`${tenths}e-1`), count)).toBe(expected);
      }
    }
  });

  it("picks a value of the sample", () => {
    expect(percentile([5, 1, 4, 2, 3], 50)).toBe(3);
    expect(percentile([5, 1, 4, 2, 3], 60)).toBe(3);
    expect(percentile([5, 1, 4, 2, 3], 60.1)).toBe(4);
    expect(() => percentile([], 50)).toThrow("sample has 0 values");
    expect(() => percentile([1], 0)).toThrow("percentile is 0");
  });
});

describe("quantileInterval", () => {
  it("takes the ranks that scipy's binomial gives", () => {
    for (const { count, probability, lowerRank, upperRank } of fixtures.quantiles) {
      const actual = quantileRanks(count, { probability });
      expect(actual).toMatchObject({ lowerRank: lowerRank ?? undefined, upperRank: upperRank ?? undefined });
    }
  });

  it("needs exactly as many values as it says, and invents no bound below", () => {
    for (const probability of [0.5, 0.9, 0.95, 0.99, 0.999]) {
      for (const bounds of ["both", "lower", "upper"] as const) {
        const { countNeeded } = quantileRanks(0, { probability, bounds });
        expect(quantileRanks(countNeeded, { probability, bounds }).status).toBe("ok");
        expect(quantileRanks(countNeeded - 1, { probability, bounds }).status).toBe("not-enough-data");
      }
    }
    expect(quantileRanks(0, { probability: 0.95 }).countNeeded).toBe(72);
    const sample = Array.from({ length: 50 }, (_, index) => index);
    const interval = quantileInterval(sample, { probability: 0.95 });
    expect(interval).toMatchObject({ status: "not-enough-data", upper: undefined, lower: 43, estimate: 47 });
  });

  it("covers at least as often as it says, computed exactly", () => {
    for (const count of [72, 100, 333]) {
      for (const probability of [0.5, 0.9, 0.95]) {
        const { lowerRank = 0, upperRank = count + 1 } = quantileRanks(count, { probability });
        // The quantile lies in [X(r), X(s)) when at least r and fewer than s values are at most it.
        const coverage =
          binomialCdf(upperRank - 1, count, probability) - binomialCdf(lowerRank - 1, count, probability);
        expect(coverage).toBeGreaterThanOrEqual(0.95);
        expect(coverage).toBeLessThan(0.995);
      }
    }
  });

  it("does not care about the order or the scale of values", () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ noNaN: true, min: -1e6, max: 1e6 }), { minLength: 72, maxLength: 90 }),
        (sample) => {
          const options = { probability: 0.95 };
          const interval = quantileInterval(sample, options);
          expect(quantileInterval(sample.toReversed(), options)).toEqual(interval);
          const doubled = quantileInterval(
            sample.map((value) => 2 * value),
            options,
          );
          expectClose(doubled.upper, 2 * (interval.upper ?? 0));
        },
      ),
      { seed: 5, numRuns: 30 },
    );
  });
});
