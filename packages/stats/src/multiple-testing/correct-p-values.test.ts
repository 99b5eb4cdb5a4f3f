import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { expectClose } from "../numeric/close.fixtures.ts";
import { correctPValues, type CorrectionMethod } from "./correct-p-values.ts";
import fixtures from "./correct-p-values.fixtures.json" with { type: "json" };

const methods: CorrectionMethod[] = [
  "bonferroni",
  "holm",
  "hochberg",
  "benjamini-hochberg",
  "benjamini-yekutieli",
];
const chances = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 20 });

describe("correctPValues", () => {
  for (const method of methods) {
    it(`agrees with statsmodels: ${method}`, () => {
      for (const { pValues, methods: expected } of fixtures.cases) {
        const { adjusted, rejected, rejections } = correctPValues(pValues, { method });
        for (const [index, value] of expected[method].adjusted.entries()) expectClose(adjusted[index], value);
        expect(rejected).toEqual(expected[method].rejected);
        expect(rejections).toBe(rejected.filter(Boolean).length);
      }
    });
  }

  it("orders the methods by power, keeps the order of p-values, and gives equal ones equal results", () => {
    fc.assert(
      fc.property(chances, (pValues) => {
        const [bonferroni, holm, hochberg, hochbergFdr, yekutieli] = methods.map(
          (method) => correctPValues(pValues, { method }).adjusted,
        );
        for (const [index, pValue] of pValues.entries()) {
          const at = (adjusted: Float64Array | undefined): number => adjusted?.[index] ?? Number.NaN;
          expect(at(bonferroni)).toBeGreaterThanOrEqual(at(holm));
          expect(at(holm)).toBeGreaterThanOrEqual(at(hochberg));
          expect(at(hochberg)).toBeGreaterThanOrEqual(at(hochbergFdr) * (1 - 1e-15));
          expect(at(yekutieli)).toBeGreaterThanOrEqual(at(hochbergFdr) * (1 - 1e-15));
          expect(at(hochbergFdr)).toBeGreaterThanOrEqual(pValue);
          const larger = pValues.flatMap((other, place) => (pValue <= other ? [holm?.[place] ?? 0] : []));
          expect(at(holm)).toBeLessThanOrEqual(Math.min(...larger));
        }
      }),
      { seed: 2, numRuns: 50 },
    );
  });

  it("rejects at the level itself", () => {
    expect(correctPValues([0.025, 0.9], { method: "bonferroni", level: 0.05 }).rejected).toEqual([
      true,
      false,
    ]);
  });

  it("takes none, and refuses what is no p-value", () => {
    expect(correctPValues([], { method: "holm" }).rejections).toBe(0);
    expect(() => correctPValues([0.1, Number.NaN], { method: "holm" })).toThrow("pValues[1] is NaN");
    expect(() => correctPValues([1.1], { method: "holm" })).toThrow("pValues[0] is 1.1; pass a probability");
    expect(() => correctPValues([0.1], { method: "holm", level: 0 })).toThrow("level is 0");
    // @ts-expect-error - what comes from a configuration may be anything
    expect(() => correctPValues([0.1], { method: "sidak" })).toThrow('method is "sidak"; pass "bonferroni"');
  });
});
