import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  andersonDarlingKSample,
  chiSquaredIndependence,
  cramerVonMisesTwoSample,
  createKsReference,
  energyDistance,
  fisherExact,
  ksTwoSample,
  mannWhitneyU,
  twoProportionZTest,
  wassersteinDistance,
  welchTTest,
} from "../index.ts";
import { relativeError } from "../numeric/close-to.fixtures.ts";

const settings = { seed: 20_261, numRuns: 150 } as const;
const values = fc.array(fc.integer({ min: -20, max: 20 }), { minLength: 3, maxLength: 30 });
const wide = fc.array(fc.double({ noNaN: true }), { minLength: 1, maxLength: 30 });
const ascending = (a: number, b: number) => a - b;
const alternatives = ["two-sided", "less", "greater"] as const;

/** Tests of two samples that say the same when the samples change places. */
const symmetric = {
  ksExact: (a, b) => ksTwoSample(a, b),
  ksAsymptotic: (a, b) => ksTwoSample(a, b, { method: "asymptotic" }),
  mannWhitneyU: (a, b) => ({ pValue: mannWhitneyU(a, b).pValue }),
  cramerVonMises: (a, b) => cramerVonMisesTwoSample(a, b),
  wasserstein: (a, b) => ({ statistic: wassersteinDistance(a, b) }),
  energy: (a, b) => ({ statistic: energyDistance(a, b) }),
} satisfies Record<
  string,
  (a: readonly number[], b: readonly number[]) => { readonly statistic?: number; readonly pValue?: number }
>;

describe.each(Object.entries(symmetric))("%s", (_, test) => {
  it("is symmetric in its samples", () => {
    fc.assert(
      fc.property(values, values, (a, b) => {
        const [one, other] = [test(a, b), test(b, a)] as { statistic?: number; pValue?: number }[];
        expect(relativeError(one?.statistic ?? 1, other?.statistic ?? 1)).toBeLessThan(1e-12);
        expect(relativeError(one?.pValue ?? 1, other?.pValue ?? 1)).toBeLessThan(1e-10);
      }),
      settings,
    );
  });

  it("does not depend on the order of rows, and leaves its input alone", () => {
    fc.assert(
      fc.property(values, values, (a, b) => {
        const before = [...a];
        const found = test(a, b);
        expect(a).toEqual(before);
        expect(test(a.toReversed(), b.toSorted(ascending))).toEqual(found);
        expect(test(a.toSorted(ascending), b.toReversed())).toEqual(found);
      }),
      settings,
    );
  });
});

describe("tests of ranks", () => {
  it("are unchanged by increasing maps", () => {
    fc.assert(
      fc.property(values, values, (a, b) => {
        const map = (x: number) => Math.exp(x / 4) + x ** 3;
        const [c, d] = [a.map(map), b.map(map)];
        const { location: _, ...ks } = ksTwoSample(a, b);
        expect(ksTwoSample(c, d)).toMatchObject(ks);
        expect(mannWhitneyU(c, d)).toEqual(mannWhitneyU(a, b));
        expect(cramerVonMisesTwoSample(c, d)).toEqual(cramerVonMisesTwoSample(a, b));
      }),
      settings,
    );
  });

  it("take infinities, and every p-value is in [0, 1]", () => {
    fc.assert(
      fc.property(wide, wide, fc.constantFrom(...alternatives), (a, b, alternative) => {
        const found = [ksTwoSample(a, b, { alternative }), mannWhitneyU(a, b, { alternative })];
        for (const { pValue, statistic } of found) {
          expect(pValue >= 0 && pValue <= 1 && statistic >= 0).toBe(true);
        }
      }),
      settings,
    );
  });

  it("turn less into greater when the samples change places", () => {
    fc.assert(
      fc.property(values, values, (a, b) => {
        for (const method of ["exact", "asymptotic"] as const) {
          const less = ksTwoSample(a, b, { alternative: "less", method }).pValue;
          expect(
            relativeError(less, ksTwoSample(b, a, { alternative: "greater", method }).pValue),
          ).toBeLessThan(1e-12);
        }
        const less = mannWhitneyU(a, b, { alternative: "less" }).pValue;
        expect(relativeError(less, mannWhitneyU(b, a, { alternative: "greater" }).pValue)).toBeLessThan(
          1e-12,
        );
      }),
      settings,
    );
  });
});

describe("ksTwoSample", () => {
  it("finds the distance that a count of every value finds", () => {
    fc.assert(
      fc.property(values, values, (a, b) => {
        const share = (sample: readonly number[], x: number) => sample.filter((value) => value <= x).length;
        const differences = [...a, ...b].map((x) => share(a, x) * b.length - share(b, x) * a.length);
        const largest = Math.max(...differences.map(Math.abs)) / a.length / b.length;
        const { statistic, location, sign } = ksTwoSample(a, b);
        expect(statistic).toBeCloseTo(largest, 14);
        const there = share(a, location) / a.length - share(b, location) / b.length;
        expect(sign * there).toBeCloseTo(statistic, 14);
      }),
      settings,
    );
  });

  it("gives the same through a reference, sorted or not", () => {
    fc.assert(
      fc.property(wide, wide, fc.constantFrom(...alternatives), (a, b, alternative) => {
        const wanted = ksTwoSample(a, b, { alternative });
        expect(createKsReference(a).test(b, { alternative })).toEqual(wanted);
        expect(createKsReference(Float64Array.from(a).sort()).test(b, { alternative })).toEqual(wanted);
      }),
      settings,
    );
  });

  it("is 0 for a sample and itself, and 1 for samples apart", () => {
    expect(ksTwoSample([1, 2, 3], [1, 2, 3])).toMatchObject({ statistic: 0, pValue: 1 });
    expect(ksTwoSample([5, 5, 5], [5, 5])).toMatchObject({ statistic: 0, pValue: 1 });
    expect(ksTwoSample([1, 2], [3, 4, 5])).toMatchObject({ statistic: 1, pValue: 0.2, location: 2, sign: 1 });
    expect(ksTwoSample([-Infinity, 0], [0, Infinity])).toMatchObject({ statistic: 0.5 });
  });

  it("chooses by the larger sample", () => {
    const many = Float64Array.from({ length: 10_000 }, (_, i) => i);
    const more = Float64Array.from({ length: 10_001 }, (_, i) => i + 150);
    expect(ksTwoSample(many, many.slice(5)).method).toBe("exact");
    expect(ksTwoSample(many, more).method).toBe("asymptotic");
    // The limit comes near the exact value, which SciPy cannot find for one side of these sizes.
    const [some, others] = [many.slice(0, 2_000), many.slice(0, 2_001).map((x) => x + 90)];
    const exact = ksTwoSample(some, others, { alternative: "greater", method: "exact" }).pValue;
    const limit = ksTwoSample(some, others, { alternative: "greater", method: "asymptotic" }).pValue;
    expect(relativeError(limit, exact)).toBeLessThan(0.05);
  });
});

describe("tests that are one test", () => {
  it("two proportions squared are chi-squared without correction", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 4, maxLength: 4 }),
        ([a, b, c, d]) => {
          const [w, x, y, z] = [a ?? 1, b ?? 1, c ?? 1, d ?? 1];
          const table = [
            [w, x],
            [y, z],
          ] as const;
          const chi = chiSquaredIndependence(table, { yatesCorrection: false });
          const ratio = twoProportionZTest({ successes: w, trials: w + x }, { successes: y, trials: y + z });
          expect(Math.abs(ratio.statistic ** 2 - chi.statistic)).toBeLessThan(1e-11 * (1 + chi.statistic));
          expect(relativeError(ratio.pValue, chi.pValue)).toBeLessThan(1e-9);
        },
      ),
      settings,
    );
  });

  it("Fisher's test is the same for a table turned around", () => {
    const cell = fc.integer({ min: 0, max: 40 });
    fc.assert(
      fc.property(cell, cell, cell, cell, (a, b, c, d) => {
        const { pValue } = fisherExact([
          [a, b],
          [c, d],
        ]);
        const turned = [
          fisherExact([
            [d, c],
            [b, a],
          ]),
          fisherExact([
            [a, c],
            [b, d],
          ]),
          fisherExact([
            [b, a],
            [d, c],
          ]),
        ];
        for (const other of turned) expect(relativeError(other.pValue, pValue)).toBeLessThan(1e-10);
        expect(pValue > 0 && pValue <= 1).toBe(true);
      }),
      settings,
    );
  });

  it("Anderson-Darling does not care for the order of samples", () => {
    fc.assert(
      fc.property(values, values, values, (a, b, c) => {
        fc.pre(new Set([...a, ...b, ...c]).size > 1);
        const found = andersonDarlingKSample([a, b, c]);
        expect(andersonDarlingKSample([c, a, b]).statistic).toBeCloseTo(found.statistic, 10);
        expect(found.pValue >= 0 && found.pValue <= 1).toBe(true);
      }),
      settings,
    );
  });

  it("Welch's t does not change with the unit, and turns with the samples", () => {
    fc.assert(
      fc.property(values, values, (a, b) => {
        fc.pre(new Set(a).size > 1 && new Set(b).size > 1);
        const { statistic, pValue } = welchTTest(a, b);
        const scaled = welchTTest(
          a.map((x) => 1e6 * x + 3),
          b.map((x) => 1e6 * x + 3),
        );
        expect(scaled.statistic).toBeCloseTo(statistic, 6);
        expect(welchTTest(b, a).statistic).toBeCloseTo(-statistic, 12);
        expect(relativeError(welchTTest(b, a).pValue, pValue)).toBeLessThan(1e-10);
      }),
      settings,
    );
  });
});

describe("distances", () => {
  it("move with a shift, scale with a unit, and treat weights as repetition", () => {
    const weights = fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 30, maxLength: 30 });
    fc.assert(
      fc.property(values, values, weights, (a, b, all) => {
        const shifted = a.map((x) => x + 7);
        expect(wassersteinDistance(a, shifted)).toBeCloseTo(7, 12);
        const [c, d] = [a.map((x) => 3 * x), b.map((x) => 3 * x)];
        expect(wassersteinDistance(c, d)).toBeCloseTo(3 * wassersteinDistance(a, b), 10);
        const firstWeights = a.map((_, i) => (all[i] ?? 0) + (i === 0 ? 1 : 0));
        const repeated = a.flatMap((x, i) => Array<number>(firstWeights[i] ?? 0).fill(x));
        expect(wassersteinDistance(a, b, { firstWeights })).toBeCloseTo(wassersteinDistance(repeated, b), 12);
        expect(energyDistance(a, b, { firstWeights })).toBeCloseTo(energyDistance(repeated, b), 12);
      }),
      settings,
    );
  });
});
