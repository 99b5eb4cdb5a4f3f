import { describe, expect, it } from "vitest";
import * as stats from "../index.ts";
import { relativeError, toNumber } from "../numeric/close-to.fixtures.ts";
import { andersonDarlingSf } from "./anderson-darling.ts";
import { cramerVonMisesSf } from "./cramer-von-mises.ts";
import json from "./functions.fixtures.json" with { type: "json" };
import { kolmogorovOneSampleSf } from "./kolmogorov-one-sample.ts";
import { pelzGoodCdf } from "./pelz-good.ts";

/** What each docstring promises, where that is not the usual 1e-12. */
const promised: Readonly<Record<string, number>> = {
  kolmogorovOneSampleSf: 1e-10,
  kolmogorovOneSidedSf: 1e-11,
  andersonDarlingSf: 1e-9,
  cramerVonMisesSf: 1e-9,
  logGamma: 2e-15,
  erf: 1e-15,
  erfc: 2e-15,
  normalQuantile: 1e-15,
};

/** A function's name, its arguments, and its value; infinities are words. */
type Case = readonly [name: string, values: readonly unknown[], wanted: number | string];

// What is in the file is read as the type that the generator wrote.
const cases = json.cases as readonly unknown[] as readonly Case[];
const functions = new Map<string, unknown>(Object.entries({ ...stats, andersonDarlingSf, cramerVonMisesSf }));
const names = [...new Set(cases.map(([name]) => name))];

describe("functions beside mpmath", () => {
  it.each(names)("%s", (name) => {
    const call = functions.get(name);
    if (typeof call !== "function") throw new TypeError(`${name} is not exported`);
    for (const [, values, wanted] of cases.filter(([of]) => of === name)) {
      const found: unknown = Reflect.apply(call, undefined, [...values]);
      const error = relativeError(Number(found), toNumber(wanted));
      expect(error, `${name}(${JSON.stringify(values)}) is ${String(found)}, not ${wanted}`).toBeLessThan(
        promised[name] ?? 1e-12,
      );
    }
  });

  it("covers what it should", () => {
    expect(cases.length).toBeGreaterThan(1_200);
    expect(names).toContain("kolmogorovOneSampleSf");
  });
});

describe("where one method hands over to the next", () => {
  it("Kolmogorov: the counted law and the expansion agree at 10,000", () => {
    for (const z of [0.5, 0.7, 0.9, 1.2, 1.6, 1.99]) {
      const distance = z / 100;
      expect(
        relativeError(1 - pelzGoodCdf(distance, 10_000), kolmogorovOneSampleSf(distance, 10_000)),
      ).toBeLessThan(2e-8);
    }
  });

  it("Kolmogorov: one and both lines agree where crossing both is negligible", () => {
    for (const n of [10, 400, 9_000, 300_000]) {
      const below = kolmogorovOneSampleSf(Math.sqrt(4 / n) * (1 - 1e-9), n);
      const above = kolmogorovOneSampleSf(Math.sqrt(4 / n) * (1 + 1e-9), n);
      expect(relativeError(below, above)).toBeLessThan(n > 10_000 ? 1e-6 : 1e-7);
    }
  });
});

describe("quantiles invert their distribution functions", () => {
  const probabilities = [1e-12, 0.001, 0.3, 0.5, 0.77, 0.999, 1 - 1e-9];

  it.each([
    ["normal", stats.normalCdf, stats.normalQuantile, []],
    ["t", stats.studentTCdf, stats.studentTQuantile, [2.5]],
    ["chi-squared", stats.chiSquaredCdf, stats.chiSquaredQuantile, [7]],
    ["beta", stats.betaCdf, stats.betaQuantile, [0.7, 3]],
    ["F", stats.fCdf, stats.fQuantile, [3, 11]],
  ] as const)("%s", (_, cdf, quantile, parameters) => {
    for (const probability of probabilities) {
      const back: unknown = Reflect.apply(cdf, undefined, [
        Reflect.apply(quantile, undefined, [probability, ...parameters]),
        ...parameters,
      ]);
      expect(relativeError(Number(back), probability)).toBeLessThan(1e-12);
    }
  });

  it("reach the ends of the support", () => {
    expect([stats.normalQuantile(0), stats.normalQuantile(1)]).toEqual([-Infinity, Infinity]);
    expect([stats.chiSquaredQuantile(0, 3), stats.chiSquaredQuantile(1, 3)]).toEqual([0, Infinity]);
    expect([stats.betaQuantile(0, 2, 3), stats.betaQuantile(1, 2, 3)]).toEqual([0, 1]);
    expect([stats.fQuantile(0, 2, 3), stats.fQuantile(1, 2, 3)]).toEqual([0, Infinity]);
    expect([stats.studentTQuantile(0, 3), stats.studentTQuantile(0.5, 3)]).toEqual([-Infinity, 0]);
    expect([stats.binomialQuantile(0, 9, 0.2), stats.binomialQuantile(1, 9, 0.2)]).toEqual([0, 9]);
    expect(stats.poissonQuantile(1, 4)).toBe(Infinity);
  });
});

describe("arguments outside the domain", () => {
  it.each([
    ["x", () => stats.logGamma(0)],
    ["x", () => stats.erf(Number.NaN)],
    ["x", () => stats.log1mexp(0.1)],
    ["a", () => stats.regularizedIncompleteBeta(0, 1, 0.5)],
    ["x", () => stats.regularizedIncompleteBeta(1, 1, 1.5)],
    ["x", () => stats.regularizedLowerGamma(1, -1)],
    ["probability", () => stats.normalQuantile(1.5)],
    ["degreesOfFreedom", () => stats.studentTSf(1, 0)],
    ["degreesOfFreedom", () => stats.chiSquaredSf(1, Number.POSITIVE_INFINITY)],
    ["trials", () => stats.binomialCdf(1, 2.5, 0.5)],
    ["parameters.draws", () => stats.hypergeometricPmf(1, { population: 3, successes: 2, draws: 4 })],
    ["mean", () => stats.poissonCdf(1, -1)],
    ["n", () => stats.kolmogorovOneSampleSf(0.5, 0)],
  ])("%s is named", (argument, call) => {
    expect(call).toThrow(expect.objectContaining({ code: "INVALID_ARGUMENT", argument }));
  });

  it("takes infinities where the law has a limit", () => {
    expect(stats.normalCdf(-Infinity)).toBe(0);
    expect(stats.studentTSf(Infinity, 4)).toBe(0);
    expect(stats.studentTCdf(1.5, Infinity)).toBe(stats.normalCdf(1.5));
    expect(stats.chiSquaredSf(Infinity, 4)).toBe(0);
    expect(stats.fSf(Infinity, 4, 5)).toBe(0);
    expect(stats.erfc(Infinity)).toBe(0);
    expect(stats.erfcx(-30)).toBe(Infinity);
    expect(stats.normalLogSf(Infinity)).toBe(-Infinity);
    expect(stats.kolmogorovSf(Infinity)).toBe(0);
    expect(stats.poissonCdf(Infinity, 3)).toBe(1);
  });
});
