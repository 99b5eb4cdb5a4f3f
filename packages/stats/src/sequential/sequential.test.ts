import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Moments } from "../descriptive/moments.ts";
import { normalQuantile } from "../distributions/normal.ts";
import { expectClose } from "../numeric/close.fixtures.ts";
import { seededRandom } from "../resampling/seeded-random.fixtures.ts";
import {
  bernoulliDifferenceEValue,
  bernoulliDifferenceSequence,
  bernoulliEValue,
  bernoulliSequence,
} from "./bernoulli-sequence.ts";
import { distributionSequenceMargin } from "./distribution-sequence.ts";
import {
  alwaysValidPValue,
  averageEValues,
  eValueFromPValue,
  multiplyEValues,
  rejectByEValues,
} from "./e-values.ts";
import { EmpiricalBernsteinSequence } from "./empirical-bernstein-sequence.ts";
import { eventRatioEValue, eventRatioSequence } from "./event-ratio-sequence.ts";
import {
  crossingProbabilities,
  groupSequentialBounds,
  type GroupSequentialShape,
} from "./group-sequential.ts";
import {
  asymptoticDifferenceSequence,
  asymptoticMeanSequence,
  subGaussianMeanSequence,
} from "./mean-sequence.ts";
import { mixtureSprtEValue } from "./mixture-sprt.ts";
import { normalMixtureBound, normalMixtureLogEValue, normalMixtureRho } from "./normal-mixture.ts";
import { quantileSequence, quantileSequenceRanks } from "./quantile-sequence.ts";
import fixtures from "./sequential.fixtures.json" with { type: "json" };
import { OnlineFalseDiscoveryRate, windowLevel } from "./window-levels.ts";

describe("the normal mixture", () => {
  // Howard's R implementation, as printed in confseq's test/uniform_boundaries_unittest.cpp.
  it("agrees with confseq to the digits it prints", () => {
    const rho = normalMixtureRho({ tightAt: 100 });
    expect(rho).toBeCloseTo(12.60056, 5);
    expect(normalMixtureLogEValue(10, 100, { rho })).toBeCloseTo(-0.6510052, 7);
    expect(normalMixtureBound(100, { tightAt: 100 })).toBeCloseTo(30.35209, 5);
    const oneSided = { tightAt: 100, sides: "one" } as const;
    expect(normalMixtureLogEValue(10, 100, { rho: normalMixtureRho(oneSided), sides: "one" })).toBeCloseTo(
      -0.06502391,
      7,
    );
    expect(normalMixtureBound(100, oneSided)).toBeCloseTo(27.66071, 5);
    expect(distributionSequenceMargin(1_000, { from: 100 })).toBeCloseTo(0.08204769, 6);
  });

  it("is a bound where its evidence is 1/α", () => {
    for (const sides of ["one", "two"] as const) {
      const options = { tightAt: 50, alpha: 0.01, sides };
      const bound = normalMixtureBound(70, options);
      expectClose(
        normalMixtureLogEValue(bound, 70, { rho: normalMixtureRho(options), sides }),
        Math.log(100),
        1e-10,
      );
    }
  });

  it("gives GrowthBook's asymptotic interval: the same with 1/ρ² for ρ", () => {
    const [count, mean, variance, alpha] = [400, 3, 4, 0.05];
    const rho = 1 / Math.sqrt(normalMixtureRho({ tightAt: 5_000, alpha }));
    const scaled = count * rho * rho;
    const margin =
      2 * Math.sqrt(((2 * (scaled + 1)) / (count * scaled)) * Math.log(Math.sqrt(scaled + 1) / alpha));
    const { lower, upper } = asymptoticMeanSequence({ count, mean, variance }, { tightAt: 5_000, alpha });
    expectClose(upper - mean, margin);
    expectClose(mean - lower, margin);
  });

  it("treats a difference as the mean of all values when arms are alike", () => {
    const arm = { count: 500, mean: 1, variance: 9 };
    const difference = asymptoticDifferenceSequence(arm, { ...arm, mean: 0 });
    // Standard error 3 √(2 / 500): that of 1,000 values with deviation 6.
    expectClose(difference.upper - 1, (6 / 1_000) * normalMixtureBound(1_000, { tightAt: 1_000 }));
    const constant = { count: 300, mean: 5, variance: 0 };
    expect(asymptoticMeanSequence(constant)).toMatchObject({ lower: -Infinity, upper: Infinity });
    expect(asymptoticDifferenceSequence(constant, arm)).toMatchObject({ lower: -Infinity, upper: Infinity });
    expect(() => asymptoticMeanSequence({ count: 1, mean: 0, variance: 1 })).toThrow("summary.count is 1");
    expect(subGaussianMeanSequence({ count: 1, mean: 0 }, { deviation: 1 }).upper).toBeGreaterThan(1);
  });
});

describe("bernoulliSequence", () => {
  it("agrees with 50-digit arithmetic", () => {
    for (const { successes, trials, lower, upper } of fixtures.bernoulli) {
      const actual = bernoulliSequence({ successes, trials });
      expectClose(actual.lower, lower, 1e-10);
      expectClose(actual.upper, upper, 1e-10);
    }
  });

  it("leaves out exactly the shares whose evidence reaches 1/α", () => {
    const counts = fc.tuple(fc.nat(60), fc.integer({ min: 60, max: 100 }));
    fc.assert(
      fc.property(
        counts,
        fc.double({ min: 0.001, max: 0.999, noNaN: true }),
        ([successes, trials], share) => {
          for (const bounds of ["both", "lower", "upper"] as const) {
            const { lower, upper } = bernoulliSequence({ successes, trials }, { bounds, alpha: 0.1 });
            const eValue = bernoulliEValue({ successes, trials }, { share, bounds });
            if (Math.abs(eValue - 10) < 1e-6) continue;
            // Evidence for one side says nothing against shares on the other.
            const isBeyond =
              bounds === "lower"
                ? share < lower
                : bounds === "upper"
                  ? share > upper
                  : share < lower || share > upper;
            const isInside = share >= lower && share <= upper;
            expect(isBeyond).toBe(eValue >= 10);
            expect(isInside).toBe(eValue < 10);
          }
        },
      ),
      { seed: 6, numRuns: 200 },
    );
  });

  it("has mean evidence 1 over all outcomes: no error rate is hidden", () => {
    for (const share of [0.03, 0.5]) {
      let mean = 0;
      let chance = (1 - share) ** 40;
      for (let successes = 0; successes <= 40; successes += 1) {
        mean += chance * bernoulliEValue({ successes, trials: 40 }, { share });
        chance *= ((40 - successes) / (successes + 1)) * (share / (1 - share));
      }
      expectClose(mean, 1, 1e-10);
    }
  });

  it("starts with everything and gets one-sided bounds tighter than both", () => {
    expect(bernoulliSequence({ successes: 0, trials: 0 })).toMatchObject({ lower: 0, upper: 1 });
    const counts = { successes: 30, trials: 1_000 };
    const both = bernoulliSequence(counts);
    expect(bernoulliSequence(counts, { bounds: "lower" }).lower).toBeGreaterThan(both.lower);
    expect(bernoulliSequence(counts, { bounds: "upper" }).upper).toBeLessThan(both.upper);
  });

  it("takes differences of two arms", () => {
    const first = { successes: 60, trials: 1_000 };
    const second = { successes: 10, trials: 1_000 };
    const { lower, upper, eValue } = bernoulliDifferenceSequence(first, second);
    expect(lower).toBeGreaterThan(0);
    expect(eValue).toBeGreaterThan(20);
    for (const end of [lower, upper])
      expectClose(bernoulliDifferenceEValue(first, second, { difference: end }), 20, 1e-8);
    const swapped = bernoulliDifferenceSequence(second, first);
    expectClose(swapped.lower, -upper, 1e-10);
    expect(() => bernoulliDifferenceSequence(first, { successes: 0, trials: 0 })).toThrow(
      "second.trials is 0",
    );
  });
});

describe("eventRatioSequence", () => {
  it("has mean evidence 1 over all outcomes", () => {
    const share = 0.3;
    let mean = 0;
    let chance = (1 - share) ** 25;
    for (let first = 0; first <= 25; first += 1) {
      mean += chance * eventRatioEValue([{ share, first, second: 25 - first }]);
      chance *= ((25 - first) / (first + 1)) * (share / (1 - share));
    }
    expectClose(mean, 1, 1e-10);
  });

  it("ends where its evidence is 1/α, and splits strata as it likes", () => {
    const strata = [
      { share: 0.05, first: 12, second: 100 },
      { share: 0.5, first: 60, second: 25 },
    ];
    const { lower, upper, estimate, eValue } = eventRatioSequence(strata);
    for (const ratio of [lower, upper]) expectClose(eventRatioEValue(strata, { ratio }), 20, 1e-8);
    expect(estimate).toBeGreaterThan(lower);
    expect(estimate).toBeLessThan(upper);
    const split = strata.flatMap((stratum) => [
      { ...stratum, second: 0 },
      { ...stratum, first: 0 },
    ]);
    expectClose(eventRatioSequence(split).eValue, eValue, 1e-10);
  });

  it("estimates the ratio that solves the likelihood equation", () => {
    expectClose(eventRatioSequence([{ share: 0.5, first: 30, second: 10 }]).estimate, 3, 1e-12);
    expectClose(eventRatioSequence([{ share: 0.2, first: 30, second: 10 }]).estimate, 12, 1e-12);
  });

  it("is not misled by a ramp, where pooled counts are", () => {
    // Both arms have the same rate of errors, which trebles while traffic moves to the first.
    const strata = [
      { share: 0.05, first: 5, second: 95 },
      { share: 0.5, first: 150, second: 150 },
    ];
    expect(eventRatioSequence(strata).eValue).toBeLessThan(1);
    const pooled = [{ share: (0.05 * 1_000 + 0.5 * 1_000) / 2_000, first: 155, second: 245 }];
    expect(eventRatioSequence(pooled).eValue).toBeGreaterThan(20);
  });

  it("checks the split of traffic at every step", () => {
    const planned = [0.01, 0.05, 0.25, 0.5].map((share) => ({
      share,
      first: 1e4 * share,
      second: 1e4 * (1 - share),
    }));
    expect(eventRatioSequence(planned).eValue).toBeLessThan(1);
    const losing = planned.map((stratum) => ({ ...stratum, first: Math.round(stratum.first * 0.9) }));
    expect(eventRatioSequence(losing).eValue).toBeGreaterThan(1_000);
  });

  it("answers before the first event and when one arm has none", () => {
    expect(eventRatioSequence([{ share: 0.5, first: 0, second: 0 }])).toMatchObject({
      lower: 0,
      upper: Infinity,
    });
    const oneArm = eventRatioSequence([{ share: 0.5, first: 0, second: 30 }]);
    expect(oneArm).toMatchObject({ estimate: 0, lower: 0 });
    expect(oneArm.upper).toBeLessThan(0.5);
    const otherArm = eventRatioSequence([{ share: 0.5, first: 30, second: 0 }]);
    expect(otherArm).toMatchObject({ estimate: Infinity, upper: Infinity });
    expectClose(otherArm.lower, 1 / oneArm.upper, 1e-9);
    expect(() => eventRatioSequence([])).toThrow("strata has 0 values");
  });
});

describe("EmpiricalBernsteinSequence", () => {
  it("follows the mean, never grows, and survives JSON in the middle", () => {
    const random = seededRandom(21);
    let sequence = new EmpiricalBernsteinSequence({ minimum: -1, maximum: 3 });
    expect(sequence.interval).toMatchObject({ lower: -1, upper: 3, count: 0 });
    let before = sequence.interval;
    for (let count = 0; count < 5_000; count += 1) {
      sequence.update(1 + 0.2 * random());
      if (count % 700 === 0)
        sequence = EmpiricalBernsteinSequence.fromJSON(JSON.parse(JSON.stringify(sequence)));
      expect(sequence.interval.lower).toBeGreaterThanOrEqual(before.lower);
      expect(sequence.interval.upper).toBeLessThanOrEqual(before.upper);
      before = sequence.interval;
    }
    expect(before.lower).toBeLessThan(1.1);
    expect(before.upper).toBeGreaterThan(1.1);
    // Its width comes from the values' spread: sub-Gaussian bounds for the range are far wider.
    const { lower, upper } = subGaussianMeanSequence({ count: 5_000, mean: 1.1 }, { deviation: 2 });
    expect(before.upper - before.lower).toBeLessThan((upper - lower) / 5);
  });

  it("agrees with the formula worked out by hand for two values", () => {
    const sequence = new EmpiricalBernsteinSequence({ minimum: 0, maximum: 1, alpha: 0.05 });
    sequence.update(1);
    sequence.update(0);
    const logTerm = Math.log(40);
    // λ1 = λ2 = 1/2; v1 = 4 (1 - 1/2)², v2 = 4 (0 - 3/4)²; ψ = (ln 2 - 1/2) / 4.
    const psi = (Math.LN2 - 0.5) / 4;
    const margin = (logTerm + (1 + 2.25) * psi) / 1;
    const state = sequence.toJSON();
    expectClose((logTerm + state.spread) / state.weight, margin, 1e-14);
    expectClose(state.weightedSum / state.weight, 0.5, 1e-15);
  });

  it("refuses values out of range", () => {
    const sequence = new EmpiricalBernsteinSequence({ minimum: 0, maximum: 1 });
    expect(() => sequence.update(1.1)).toThrow("value is 1.1; pass a number from 0 to 1, or clip it");
    expect(() => sequence.update(Number.NaN)).toThrow("value is NaN");
    expect(() => new EmpiricalBernsteinSequence({ minimum: 1, maximum: 1 })).toThrow("maximum is 1");
  });
});

describe("quantileSequence", () => {
  it("is wider than for one look, and tightest near the count it is made for", () => {
    const ranks = quantileSequenceRanks(1_000, { probability: 0.95 });
    expect(ranks).toEqual({ lowerRank: 928, upperRank: 970, status: "ok" });
    const width = (tightAt: number): number => {
      const { lowerRank = 0, upperRank = 0 } = quantileSequenceRanks(10_000, { probability: 0.5, tightAt });
      return upperRank - lowerRank;
    };
    expect(width(10_000)).toBeLessThan(width(100));
    expect(width(10_000)).toBeLessThan(width(1_000_000));
  });

  it("gets tighter for one bound alone", () => {
    const options = { probability: 0.95 };
    const both = quantileSequenceRanks(1_000, options);
    const lower = quantileSequenceRanks(1_000, { ...options, bounds: "lower" });
    const upper = quantileSequenceRanks(1_000, { ...options, bounds: "upper" });
    expect([lower.upperRank, upper.lowerRank]).toEqual([undefined, undefined]);
    expect(lower.lowerRank).toBeGreaterThan(both.lowerRank ?? 0);
    expect(upper.upperRank).toBeLessThan(both.upperRank ?? 0);
  });

  it("says when there are too few values", () => {
    const sample = Array.from({ length: 60 }, (_, index) => index);
    expect(quantileSequence(sample, { probability: 0.95 })).toMatchObject({
      status: "not-enough-data",
      upper: undefined,
    });
    expect(quantileSequence(sample, { probability: 0.95, bounds: "lower" })).toMatchObject({
      status: "ok",
      upper: undefined,
    });
    expect(quantileSequenceRanks(0, { probability: 0.5 }).status).toBe("not-enough-data");
  });
});

describe("groupSequentialBounds", () => {
  const bounds = (
    shape: GroupSequentialShape,
    looks: number,
    options: { alpha?: number; sides?: 1 | 2 } = {},
  ) => groupSequentialBounds({ shape, looks, ...options }).map(({ bound }) => bound);

  // Jennison and Turnbull 2000, tables 2.1 (Pocock) and 2.3 (O'Brien and Fleming), two-sided.
  it("agrees with the published constants", () => {
    const tables = [
      { alpha: 0.05, looks: 2, pocock: 2.178, obrienFleming: 1.977 },
      { alpha: 0.05, looks: 3, pocock: 2.289, obrienFleming: 2.004 },
      { alpha: 0.05, looks: 4, pocock: 2.361, obrienFleming: 2.024 },
      { alpha: 0.05, looks: 5, pocock: 2.413, obrienFleming: 2.04 },
      { alpha: 0.05, looks: 10, pocock: 2.555, obrienFleming: 2.087 },
      { alpha: 0.01, looks: 5, pocock: 2.986, obrienFleming: 2.621 },
      { alpha: 0.1, looks: 5, pocock: 2.122, obrienFleming: 1.751 },
    ];
    for (const { alpha, looks, pocock, obrienFleming } of tables) {
      expect(bounds({ kind: "pocock" }, looks, { alpha }).at(-1)).toBeCloseTo(pocock, 3);
      expect(bounds({ kind: "obrien-fleming" }, looks, { alpha }).at(-1)).toBeCloseTo(obrienFleming, 3);
    }
  });

  it("agrees with ldbounds and gsDesign for spending functions", () => {
    const spent = bounds({ kind: "lan-demets-obrien-fleming" }, 5);
    for (const [look, bound] of [4.877, 3.357, 2.68, 2.29, 2.031].entries())
      expect(spent[look]).toBeCloseTo(bound, 3);
    const pocock = bounds({ kind: "lan-demets-pocock" }, 5);
    for (const [look, bound] of [2.438, 2.427, 2.41, 2.397, 2.386].entries())
      expect(pocock[look]).toBeCloseTo(bound, 3);
  });

  it("agrees with SciPy's multivariate normal on the chance of crossing", () => {
    for (const { times, bounds: limits, crossed } of fixtures.crossing) {
      const looks = times.map((time, look) => ({ time, bound: limits[look] ?? 0 }));
      const total = crossingProbabilities(looks, { drift: 0 }).reduce((sum, chance) => sum + chance, 0);
      expectClose(total, crossed, 1e-5);
    }
  });

  it("spends exactly alpha, whatever the shape, sides and times", () => {
    const shapes: GroupSequentialShape[] = [
      { kind: "pocock" },
      { kind: "obrien-fleming" },
      { kind: "wang-tsiatis", delta: 0.25 },
      { kind: "haybittle-peto" },
      { kind: "lan-demets-obrien-fleming" },
      { kind: "lan-demets-pocock" },
      { kind: "power", exponent: 3 },
      { kind: "hwang-shih-decani", gamma: -4 },
    ];
    for (const shape of shapes) {
      for (const sides of [1, 2] as const) {
        const looks = groupSequentialBounds({ shape, looks: [0.3, 0.5, 0.9, 1], alpha: 0.04, sides });
        expectClose(looks.at(-1)?.spent, 0.04, 1e-9);
        const chances = crossingProbabilities(looks, { drift: 0, sides });
        expectClose(
          chances.reduce((sum, chance) => sum + chance, 0),
          0.04,
          1e-9,
        );
      }
    }
  });

  it("is a plain z-test for one look, and keeps most of its power for five", () => {
    expectClose(bounds({ kind: "pocock" }, 1)[0], normalQuantile(0.975), 1e-12);
    const drift = normalQuantile(0.975) + normalQuantile(0.9);
    const power = (shape: GroupSequentialShape, looks: number): number =>
      crossingProbabilities(groupSequentialBounds({ shape, looks }), { drift }).reduce(
        (sum, chance) => sum + chance,
        0,
      );
    expectClose(power({ kind: "pocock" }, 1), 0.9, 1e-5);
    // Jennison and Turnbull, tables 2.2 and 2.4: five looks need 1.207 and 1.026 times the data for power 0.9.
    const inflated = (shape: GroupSequentialShape, ratio: number): number =>
      crossingProbabilities(groupSequentialBounds({ shape, looks: 5 }), {
        drift: drift * Math.sqrt(ratio),
      }).reduce((sum, chance) => sum + chance, 0);
    expect(inflated({ kind: "pocock" }, 1.207)).toBeCloseTo(0.9, 3);
    expect(inflated({ kind: "obrien-fleming" }, 1.026)).toBeCloseTo(0.9, 3);
  });

  it("refuses plans that cannot be", () => {
    const shape = { kind: "pocock" } as const;
    expect(() => groupSequentialBounds({ shape, looks: [0.5, 0.5] })).toThrow(
      "looks[1] is 0.5; pass rising times",
    );
    expect(() => groupSequentialBounds({ shape, looks: 0 })).toThrow("looks is 0");
    expect(() => groupSequentialBounds({ shape: { kind: "haybittle-peto", interim: 1 }, looks: 3 })).toThrow(
      "spend",
    );
  });
});

describe("e-values", () => {
  it("mSPRT: agrees with its formula and has mean 1 under the hypothesis", () => {
    // ∫ e(x) φ(x) dx over a grid: V = 1, τ = 0.5.
    let mean = 0;
    for (let x = -12; x < 12; x += 0.001) {
      mean +=
        0.001 *
        mixtureSprtEValue({ estimate: x, standardError: 1 }, { effectDeviation: 0.5 }) *
        Math.exp((-x * x) / 2);
    }
    expectClose(mean / Math.sqrt(2 * Math.PI), 1, 1e-9);
  });

  it("mSPRT and the normal mixture are the same test: τ² = 1/ρ", () => {
    const log = normalMixtureLogEValue(12, 100, { rho: 25 });
    const eValue = mixtureSprtEValue({ estimate: 0.12, standardError: 0.1 }, { effectDeviation: 0.2 });
    expectClose(Math.log(eValue), log, 1e-12);
  });

  it("become p-values that never rise", () => {
    expect(alwaysValidPValue(1, 25)).toBe(0.04);
    expect(alwaysValidPValue(0.04, 2)).toBe(0.04);
    expect(alwaysValidPValue(1, 0.5)).toBe(1);
    expect(alwaysValidPValue(1, Infinity)).toBe(0);
  });

  it("merge by mean, weighted mean and product", () => {
    expect(averageEValues([0, 3, 6])).toBe(3);
    expect(averageEValues([0, 4], [1, 3])).toBe(3);
    expect(multiplyEValues([2, 3])).toBe(6);
    expect(() => averageEValues([])).toThrow("eValues is empty");
    expect(() => averageEValues([-1])).toThrow("eValues[0] is -1");
    expect(() => averageEValues([1], [0])).toThrow("weights sum to 0");
  });

  it("come from p-values at a price", () => {
    expectClose(eValueFromPValue(0.01), 5);
    expect(eValueFromPValue(1)).toBe(0.5);
  });

  it("reject by e-BH", () => {
    expect(rejectByEValues([60, 31, 10, 1], { level: 0.1 })).toEqual([true, true, false, false]);
    expect(rejectByEValues([21, 20, 20, 1], { level: 0.1 })).toEqual([true, true, true, false]);
    expect(rejectByEValues([1, 1])).toEqual([false, false]);
  });
});

describe("levels of windows", () => {
  it("sum to alpha", () => {
    let total = 0;
    for (let window = 1; window <= 10_000; window += 1) total += windowLevel(window, { alpha: 0.05 });
    expectClose(total, 0.05 * (1 - 1 / 10_001), 1e-10);
  });

  it("rise after a discovery, and survive JSON", () => {
    const stream = new OnlineFalseDiscoveryRate();
    const first = stream.test(0.5).level;
    expect(stream.level).toBeLessThan(first);
    expect(stream.test(1e-6).rejected).toBe(true);
    expect(stream.level).toBeGreaterThan(first / 2);
    const copy = OnlineFalseDiscoveryRate.fromJSON(JSON.parse(JSON.stringify(stream)));
    expect(copy.level).toBe(stream.level);
  });

  it("remember a bounded number of discoveries", () => {
    const stream = new OnlineFalseDiscoveryRate();
    for (let test = 0; test < 1_500; test += 1) stream.test(0);
    expect(stream.toJSON().discoveries).toHaveLength(1_000);
    expect(stream.level).toBeGreaterThan(0.01);
    expect(stream.level).toBeLessThanOrEqual(0.05);
  });

  it("know Moments by its names", () => {
    const { count, mean = 0, sampleVariance: variance = 0 } = Moments.of([1, 2, 3, 4]);
    expect(asymptoticMeanSequence({ count, mean, variance }).estimate).toBe(2.5);
  });
});
