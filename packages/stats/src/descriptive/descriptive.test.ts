import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { InvalidArgumentError } from "../errors/invalid-argument-error.ts";
import { expectClose } from "../numeric/close.fixtures.ts";
import fixtures from "./descriptive.fixtures.json" with { type: "json" };
import { mean, sum } from "./sum.ts";
import { Moments } from "./moments.ts";

const finite = fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e300, max: 1e300 });

describe("sum", () => {
  it("agrees with math.fsum to the last bit", () => {
    for (const { values, sum: expected } of [...fixtures.sums, ...fixtures.cases])
      expect(sum(values)).toBe(expected);
  });

  it("keeps what a loop loses", () => {
    expect(sum([1e16, 1, -1e16])).toBe(1);
    expect(sum([])).toBe(0);
  });

  it("does not depend on the order", () => {
    fc.assert(
      fc.property(fc.array(finite, { maxLength: 30 }), (values) => {
        expect(sum(values.toReversed())).toBe(sum(values));
      }),
      { seed: 1 },
    );
  });

  it("refuses what has no sum, and says where it is", () => {
    expect(() => sum([1, Number.NaN])).toThrow("values[1] is NaN; pass finite numbers");
    expect(() => sum([Infinity])).toThrow(InvalidArgumentError);
    // @ts-expect-error - a caller without types
    expect(() => sum(undefined)).toThrow("values is of type undefined; pass an array.");
    // @ts-expect-error - a text has a length, and is no array
    expect(() => sum("12")).toThrow("values is of type string; pass an array.");
    expect(() => mean([])).toThrow("values has 0 values; pass at least 1.");
  });
});

describe("Moments", () => {
  for (const { name, values, weights, unweighted, weighted } of fixtures.cases) {
    it(`agrees with 50-digit arithmetic: ${name}`, () => {
      for (const [moments, expected] of [
        [Moments.of(values), unweighted],
        [Moments.of(values, weights), weighted],
      ] as const) {
        expectClose(moments.mean, expected.mean, 1e-15);
        expectClose(moments.variance, expected.variance, 1e-13);
        expectClose(moments.sampleVariance, expected.sampleVariance, 1e-12);
        expectClose(moments.skewness, expected.skewness, 1e-12);
        expectClose(moments.excessKurtosis, expected.excessKurtosis, 1e-12);
      }
    });
  }

  it("gives the same one by one, merged in any grouping, and through JSON", () => {
    const { values, weights } = fixtures.cases[1] ?? { values: [], weights: [] };
    const whole = Moments.of(values, weights);
    for (const cut of [0, 1, 7, 25, 49, 50]) {
      const left = new Moments();
      const right = new Moments();
      for (const [row, value] of values.entries()) (row < cut ? left : right).add(value, weights[row]);
      const copy = Moments.fromJSON(JSON.parse(JSON.stringify(left)));
      copy.merge(right);
      expect(copy.count).toBe(50);
      expect([copy.minimum, copy.maximum]).toEqual([whole.minimum, whole.maximum]);
      for (const key of [
        "weight",
        "mean",
        "variance",
        "sampleVariance",
        "skewness",
        "excessKurtosis",
      ] as const) {
        expectClose(copy[key], whole[key] ?? Number.NaN, 1e-12);
      }
    }
  });

  it("has no opinion on what it has not seen", () => {
    const moments = new Moments();
    expect([
      moments.mean,
      moments.variance,
      moments.sampleVariance,
      moments.skewness,
      moments.minimum,
    ]).toEqual(Array(5).fill(undefined));
    moments.add(3);
    expect([moments.mean, moments.variance, moments.sampleVariance, moments.skewness]).toEqual([
      3,
      0,
      undefined,
      undefined,
    ]);
    const other = new Moments();
    other.merge(moments);
    expect(other.toJSON()).toEqual(moments.toJSON());
  });

  it("refuses NaN and weights that do not weigh", () => {
    expect(() => new Moments().add(Number.NaN)).toThrow("value is NaN");
    expect(() => new Moments().add(1, 0)).toThrow("weight is 0; pass a finite number above 0.");
    expect(() => Moments.of([1, 2], [1, 0])).toThrow("weights[1] is 0");
    expect(() => Moments.of([1, 2], [1])).toThrow("weights has 1 values and values has 2");
  });
});
