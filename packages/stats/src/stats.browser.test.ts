import { expect, test } from "vitest";

import distances from "./distances/distances.fixtures.json" with { type: "json" };
import ksCases from "./hypothesis/ks-two-sample.fixtures.json" with { type: "json" };
import { createRandom, ksTwoSample, populationStabilityIndex } from "./index.ts";

// The numbers are SciPy's and NumPy's; each generator lies beside its fixtures.

test("the two-sample Kolmogorov-Smirnov test agrees with SciPy", () => {
  const cases = ksCases.cases.filter(({ alternative, recipe }) => alternative === "two-sided" && !recipe);
  expect(cases.length).toBeGreaterThan(100);
  for (const { first, second, method, statistic, pValue } of cases) {
    const found = ksTwoSample(first, second, { method: method as "exact" | "asymptotic" });
    expect(found.statistic).toBeCloseTo(statistic, 12);
    expect(found.pValue).toBeCloseTo(pValue, 10);
  }
});

test("the population stability index agrees with NumPy", () => {
  for (const { p, q, psi } of distances.pairs) {
    expect(populationStabilityIndex(p, q)).toBeCloseTo(psi, 12);
  }
});

test("random numbers are those of the seed", () => {
  const random = createRandom(1);
  const again = createRandom(1);
  const drawn = Array.from({ length: 100 }, () => random.normal(0, 1));
  expect(drawn).toEqual(Array.from({ length: 100 }, () => again.normal(0, 1)));
  expect(new Set(drawn).size).toBe(100);
});
