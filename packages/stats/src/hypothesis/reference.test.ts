import { describe, expect, it } from "vitest";
import {
  andersonDarlingKSample,
  chiSquaredGoodnessOfFit,
  chiSquaredIndependence,
  cramerVonMisesTwoSample,
  energyDistance,
  energyStatistic,
  eppsSingleton,
  fisherExact,
  gGoodnessOfFit,
  gIndependence,
  ksOneSample,
  ksTwoSample,
  levene,
  mannWhitneyU,
  mcNemar,
  oneProportionZTest,
  studentTTest,
  twoProportionZTest,
  wassersteinDistance,
  welchTTest,
  wilcoxonSignedRank,
} from "../index.ts";
import {
  lcgSample,
  pValueError,
  relativeError,
  statisticError,
  toNumber,
} from "../numeric/close-to.fixtures.ts";
import type { Alternative, Method } from "./alternative.ts";
import counts from "./counts.fixtures.json" with { type: "json" };
import distributionFunctions from "./distribution-functions.fixtures.json" with { type: "json" };
import ksOneSampleFixtures from "./ks-one-sample.fixtures.json" with { type: "json" };
import ksTwoSampleFixtures from "./ks-two-sample.fixtures.json" with { type: "json" };
import mannWhitneyFixtures from "./mann-whitney-u.fixtures.json" with { type: "json" };
import moments from "./moments.fixtures.json" with { type: "json" };
import wilcoxonFixtures from "./wilcoxon-signed-rank.fixtures.json" with { type: "json" };

/** A fixture file's cases; what is in them is read as the type that the generator wrote. */
function casesOf<T>(fixtures: { readonly cases: readonly unknown[] }, test?: string): readonly T[] {
  const all = fixtures.cases as readonly (T & { readonly test?: string })[];
  return test === undefined ? all : all.filter((entry) => entry.test === test);
}

interface Tested {
  readonly statistic: number;
  readonly pValue: number;
}

interface TwoSamples extends Tested {
  readonly first: readonly number[];
  readonly second: readonly number[];
  readonly alternative: Alternative;
  readonly method: Method;
}

/** What is further off than promised, with its case; nothing where both numbers are close. */
function mismatch(found: Tested, entry: Tested, scale = 0): string {
  const statistic = statisticError(found.statistic, toNumber(entry.statistic), scale);
  const pValue = pValueError(found.pValue, entry.pValue);
  if (statistic <= 1 && pValue <= 1) return "";
  return `${statistic}, ${pValue}: ${JSON.stringify(found)}, not ${JSON.stringify(entry)}`;
}

describe("beside exact counts and mpmath", () => {
  it("ksTwoSample", () => {
    const cases = casesOf<TwoSamples & { readonly recipe?: boolean }>(ksTwoSampleFixtures);
    expect(cases.length).toBeGreaterThan(700);
    for (const entry of cases) {
      const { alternative, method } = entry;
      const [first, second] = entry.recipe
        ? [lcgSample(entry.first), lcgSample(entry.second)]
        : [entry.first, entry.second];
      const found = ksTwoSample(first, second, { alternative, method });
      expect(mismatch(found, entry)).toBe("");
      expect(found.method).toBe(method);
    }
  });

  it("ksOneSample", () => {
    for (const entry of casesOf<{ sample: number[]; alternative: Alternative } & Tested>(
      ksOneSampleFixtures,
    )) {
      expect(
        mismatch(
          ksOneSample(entry.sample, (x) => x, { alternative: entry.alternative }),
          entry,
          1e-3,
        ),
      ).toBe("");
    }
  });

  it("mannWhitneyU", () => {
    for (const entry of casesOf<TwoSamples & { readonly continuityCorrection: boolean }>(
      mannWhitneyFixtures,
    )) {
      expect(mismatch(mannWhitneyU(entry.first, entry.second, entry), entry)).toBe("");
    }
  });

  it("wilcoxonSignedRank", () => {
    interface Case extends TwoSamples {
      readonly differences: readonly number[];
      readonly zeros: "drop" | "pratt" | "split";
    }
    for (const entry of casesOf<Case>(wilcoxonFixtures)) {
      expect(mismatch(wilcoxonSignedRank(entry.differences, entry), entry)).toBe("");
    }
  });

  it.each(["student", "welch"] as const)("%s t-test", (method) => {
    const test = method === "student" ? studentTTest : welchTTest;
    for (const entry of casesOf<TwoSamples & { readonly degreesOfFreedom: number }>(moments, method)) {
      const found = test(entry.first, entry.second, { alternative: entry.alternative });
      // A difference of means near 0 has lost digits before it gets here: its scale is 1 standard error.
      expect(mismatch(found, entry, 1)).toBe("");
      expect(relativeError(found.degreesOfFreedom, entry.degreesOfFreedom)).toBeLessThan(1e-12);
    }
  });

  it("levene", () => {
    interface Case extends Tested {
      readonly samples: readonly (readonly number[])[];
      readonly center: "median" | "mean";
    }
    for (const entry of casesOf<Case>(moments, "levene")) {
      expect(mismatch(levene(entry.samples, { center: entry.center }), entry, 1)).toBe("");
    }
  });

  it("goodness of fit", () => {
    interface Case extends Tested {
      readonly observed: readonly number[];
      readonly expected: readonly number[];
      readonly estimatedParameters: number;
      readonly degreesOfFreedom: number;
      readonly method: "pearson" | "log-likelihood";
    }
    for (const entry of casesOf<Case>(counts, "goodness")) {
      const test = entry.method === "pearson" ? chiSquaredGoodnessOfFit : gGoodnessOfFit;
      const { expected, estimatedParameters } = entry;
      const found = test(entry.observed, { expected, estimatedParameters });
      expect(mismatch(found, entry, 1e-3)).toBe("");
      expect(found.degreesOfFreedom).toBe(entry.degreesOfFreedom);
    }
  });

  it("independence", () => {
    interface Case extends Tested {
      readonly table: readonly (readonly number[])[];
      readonly yatesCorrection: boolean;
      readonly degreesOfFreedom: number;
      readonly method: "pearson" | "log-likelihood";
    }
    for (const entry of casesOf<Case>(counts, "independence")) {
      const test = entry.method === "pearson" ? chiSquaredIndependence : gIndependence;
      const found = test(entry.table, { yatesCorrection: entry.yatesCorrection });
      expect(mismatch(found, entry, 1e-3)).toBe("");
      expect(found.degreesOfFreedom).toBe(entry.degreesOfFreedom);
    }
  });

  it("fisherExact", () => {
    interface Case {
      readonly table: readonly [readonly [number, number], readonly [number, number]];
      readonly alternative: Alternative;
      readonly pValue: number;
    }
    for (const entry of casesOf<Case>(counts, "fisher")) {
      const { pValue } = fisherExact(entry.table, { alternative: entry.alternative });
      expect(pValueError(pValue, entry.pValue), JSON.stringify({ entry, pValue })).toBeLessThan(1);
    }
  });

  it("mcNemar", () => {
    interface Case {
      readonly firstOnly: number;
      readonly secondOnly: number;
      readonly continuityCorrection: boolean;
      readonly exact: number;
      readonly midP: number;
      readonly statistic: number;
      readonly asymptotic: number;
    }
    for (const entry of casesOf<Case>(counts, "mcnemar")) {
      expect(pValueError(mcNemar(entry).pValue, entry.exact)).toBeLessThan(1);
      expect(pValueError(mcNemar(entry, { method: "mid-p" }).pValue, entry.midP)).toBeLessThan(1);
      const { continuityCorrection } = entry;
      const asymptotic = mcNemar(entry, { method: "asymptotic", continuityCorrection });
      expect(mismatch(asymptotic, { statistic: entry.statistic, pValue: entry.asymptotic })).toBe("");
    }
  });

  it("proportions", () => {
    interface Case {
      readonly first: readonly [number, number];
      readonly second: readonly [number, number];
      readonly probability: number;
      readonly alternative: Alternative;
      readonly one: readonly [number, number];
      readonly two: readonly [number, number];
    }
    for (const { first, second, probability, alternative, one, two } of casesOf<Case>(
      counts,
      "proportions",
    )) {
      const [observed, other] = [first, second].map(([successes, trials]) => ({ successes, trials }));
      if (observed === undefined || other === undefined) throw new Error("a case has two proportions");
      const alone = oneProportionZTest(observed, probability, { alternative });
      expect(mismatch(alone, { statistic: one[0], pValue: one[1] }, 1e-2)).toBe("");
      expect(
        mismatch(twoProportionZTest(observed, other, { alternative }), {
          statistic: two[0],
          pValue: two[1],
        }),
      ).toBe("");
    }
  });

  it("andersonDarlingKSample", () => {
    interface Case extends Tested {
      readonly samples: readonly (readonly number[])[];
      readonly variant: "midrank" | "right";
    }
    for (const { samples, variant, statistic, pValue } of casesOf<Case>(distributionFunctions, "anderson")) {
      const found = andersonDarlingKSample(samples, { variant });
      expect(mismatch(found, { statistic, pValue: pValue ?? found.pValue }, 1)).toBe("");
    }
  });

  it("cramerVonMisesTwoSample", () => {
    for (const entry of casesOf<TwoSamples>(distributionFunctions, "cvm")) {
      expect(mismatch(cramerVonMisesTwoSample(entry.first, entry.second, entry), entry, 1e-2)).toBe("");
    }
  });

  it("eppsSingleton", () => {
    for (const entry of casesOf<TwoSamples>(distributionFunctions, "epps")) {
      const found = eppsSingleton(entry.first, entry.second);
      // Conditions up to 1e5 are in the file: see the function's limits.
      expect(relativeError(found.statistic, entry.statistic)).toBeLessThan(1e-9);
      expect(relativeError(found.pValue, entry.pValue)).toBeLessThan(1e-8);
    }
  });

  it("distances", () => {
    interface Case {
      readonly first: readonly number[];
      readonly second: readonly number[];
      readonly weights?: readonly [readonly number[], readonly number[]];
      readonly wasserstein: number;
      readonly energy: number;
    }
    for (const entry of casesOf<Case>(distributionFunctions, "distances")) {
      const { first, second, weights } = entry;
      const options = weights && { firstWeights: weights[0], secondWeights: weights[1] };
      expect(statisticError(wassersteinDistance(first, second, options), entry.wasserstein)).toBeLessThan(1);
      expect(statisticError(energyDistance(first, second, options), entry.energy)).toBeLessThan(1);
      if (weights) continue;
      const size = (first.length * second.length) / (first.length + second.length);
      expect(statisticError(energyStatistic(first, second), size * entry.energy ** 2)).toBeLessThan(2);
    }
  });
});
