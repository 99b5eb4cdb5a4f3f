import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { InvalidOptionsError } from "../errors/invalid-options-error.ts";
import { DDSketch, type DDSketchOptions } from "./dd-sketch.ts";
import { seededRandom } from "./metrics-event.fixtures.ts";
import { percentileOfSorted } from "./nearest-rank.ts";

const percentiles = [0, 0.1, 1, 5, 10, 25, 50, 75, 90, 95, 99, 99.9, 99.99, 100];

/** Room for the rounding of a logarithm and an exponential at indices up to 35,000. */
const rounding = 1e-10;

function sketchOf(values: Iterable<number>, options?: DDSketchOptions): DDSketch {
  const sketch = new DDSketch(options);
  for (const value of values) sketch.add(value);
  return sketch;
}

/** All but the sum, whose last digits depend on the order. */
function exactPart(sketch: DDSketch): object {
  return { ...sketch.toJSON(), sum: undefined };
}

const random = seededRandom(20_190_801);
const normal = (): number => Math.sqrt(-2 * Math.log(random())) * Math.cos(2 * Math.PI * random());
const distributions: Readonly<Record<string, () => number>> = {
  "Pareto with tail index 1": () => 1 / random(),
  "Pareto with tail index 0.3": () => random() ** (-1 / 0.3),
  "log-normal": () => Math.exp(2 * normal()),
  exponential: () => -Math.log(random()),
  uniform: () => 1_000 * random(),
  "two far modes": () => (random() < 0.9 ? 1 + random() : 10_000 + 5_000 * random()),
  "a tenth of zeros": () => (random() < 0.1 ? 0 : random()),
};

describe("the estimate of every percentile is within the relative accuracy", () => {
  const cases = Object.entries(distributions).flatMap(([name, draw]) =>
    [0.001, 0.01, 0.05].map((accuracy) => [name, accuracy, draw] as const),
  );
  test.each(cases)("%s, accuracy %d", (_name, relativeAccuracy, draw) => {
    const values = Float64Array.from({ length: 20_000 }, draw);
    const sketch = sketchOf(values, { relativeAccuracy, maxBuckets: 2 ** 16 });
    const sorted = values.sort();
    for (const percentile of percentiles) {
      const exact = percentileOfSorted(sorted, percentile)!;
      const error = Math.abs(sketch.percentile(percentile)! - exact);
      expect(error, `percentile ${percentile}`).toBeLessThanOrEqual((relativeAccuracy + rounding) * exact);
    }
  });

  test("for any values, over the whole range of doubles", () => {
    const value = fc.double({ min: 2.3e-308, max: 1e308, noNaN: true });
    const any = fc.array(fc.oneof(value, fc.constantFrom(0, 1, 1e-9)), { minLength: 1, maxLength: 50 });
    fc.assert(
      fc.property(any, fc.double({ min: 0, max: 100, noNaN: true }), (values, percentile) => {
        const sketch = sketchOf(values, { maxBuckets: 2 ** 16 });
        const exact = percentileOfSorted(
          values.toSorted((a, b) => a - b),
          percentile,
        )!;
        expect(Math.abs(sketch.percentile(percentile)! - exact)).toBeLessThanOrEqual(
          (0.01 + rounding) * exact,
        );
      }),
    );
  });
});

test("the example of the documentation", () => {
  const sketch = sketchOf(Array.from({ length: 1000 }, (_, index) => index + 1));
  expect(sketch.percentile(95)!.toFixed(1)).toBe("944.0");
});

test("an empty sketch has no percentile, minimum or maximum", () => {
  const sketch = new DDSketch();
  expect([sketch.percentile(50), sketch.min, sketch.max, sketch.count, sketch.sum]).toEqual([
    undefined,
    undefined,
    undefined,
    0,
    0,
  ]);
});

test("one value, and equal ones, are every percentile exactly", () => {
  for (const values of [[0.3], [7, 7, 7], [0, 0], [5e-324]]) {
    const sketch = sketchOf(values);
    for (const percentile of [0, 100]) expect(sketch.percentile(percentile)).toBe(values[0]);
  }
  expect(sketchOf([7, 7, 7]).percentile(50)).toBe(7);
});

test.each([NaN, -1, -Infinity, Infinity, -5e-324])("refuses %d, and stays as it was", (value) => {
  const sketch = sketchOf([1, 2]);
  const before = sketch.toJSON();
  expect(sketch.add(value)).toBe(false);
  expect(sketch.toJSON()).toEqual(before);
});

test("the zero bucket counts -0 and what is too small", () => {
  expect(sketchOf([-0, 0, 5e-324, 1]).toJSON()).toMatchObject({ zeroCount: 3, counts: [1] });
});

describe("merging", () => {
  // Far apart and few buckets, so that the lowest ones are collapsed.
  const value = fc.double({ min: 1e-6, max: 1e6, noNaN: true });
  const parts = fc.array(fc.array(fc.oneof(value, fc.constant(0)), { maxLength: 12 }), {
    minLength: 1,
    maxLength: 6,
  });

  test.each([2048, 100, 1])(
    "gives what one sketch of all gives, in any order and grouping, with %d buckets",
    (maxBuckets) => {
      fc.assert(
        fc.property(parts, fc.infiniteStream(fc.nat()), (valuesOfParts, choices) => {
          const all = sketchOf(valuesOfParts.flat(), { maxBuckets });
          const sketches = valuesOfParts.map((values) => sketchOf(values, { maxBuckets }));
          const take = (): DDSketch => sketches.splice(choices.next().value! % sketches.length, 1)[0]!;
          while (sketches.length > 1) {
            const target = take();
            target.merge(take());
            sketches.push(target);
          }
          const merged = sketches[0]!;
          expect(exactPart(merged)).toEqual(exactPart(all));
          expect(merged.sum).toBeCloseTo(all.sum, 6);
          expect(percentiles.map((p) => merged.percentile(p))).toEqual(
            percentiles.map((p) => all.percentile(p)),
          );
        }),
      );
    },
  );

  test("with itself doubles it", () => {
    const sketch = sketchOf([0, 1, 2, 1_000]);
    sketch.merge(sketch);
    expect(exactPart(sketch)).toEqual(exactPart(sketchOf([0, 0, 1, 1, 2, 2, 1_000, 1_000])));
  });

  test("refuses another accuracy or number of buckets", () => {
    for (const other of [{ relativeAccuracy: 0.02 }, { maxBuckets: 64 }]) {
      expect(() => new DDSketch().merge(new DDSketch(other))).toThrow(InvalidOptionsError);
    }
  });
});

describe("memory", () => {
  test("is bounded, and the upper percentiles stay accurate when the lower ones collapse", () => {
    const maxBuckets = 100;
    const values = Array.from({ length: 5_000 }, () => 10 ** (12 * random() - 6));
    const sketch = sketchOf(values, { maxBuckets });
    expect(sketch.bucketCount).toBeLessThanOrEqual(maxBuckets);
    const sorted = values.toSorted((a, b) => a - b);
    for (const percentile of [95, 99, 99.9]) {
      const exact = percentileOfSorted(sorted, percentile)!;
      expect(Math.abs(sketch.percentile(percentile)! - exact)).toBeLessThanOrEqual((0.01 + rounding) * exact);
    }
    expect(sketch.percentile(0)).toBe(sorted[0]);
  });

  test("of latencies from 10 µs to 1 minute is at most 7 KiB", () => {
    expect(sketchOf([0.01, 60_000, 1, 500]).bucketCount * 8).toBeLessThanOrEqual(7 * 1024);
  });
});

describe("JSON", () => {
  test("comes back the same, and goes on counting", () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 1e9, noNaN: true })),
        fc.double({ min: 0, max: 1e9, noNaN: true }),
        (values, next) => {
          const sketch = sketchOf(values, { maxBuckets: 50 });
          const copy = DDSketch.fromJSON(JSON.parse(JSON.stringify(sketch)));
          expect(copy.toJSON()).toEqual(sketch.toJSON());
          copy.add(next);
          sketch.add(next);
          expect(copy.toJSON()).toEqual(sketch.toJSON());
        },
      ),
    );
  });

  const valid = sketchOf([1, 2]).toJSON();
  test.each<[string, unknown]>([
    ["nothing", null],
    ["a text", "{}"],
    ["an empty object", {}],
    ["a negative count", { ...valid, counts: [-1, 3] }],
    ["a fractional count", { ...valid, count: 2.5, counts: [2.5] }],
    ["counts that do not add up", { ...valid, count: 3 }],
    ["counts that end with 0", { ...valid, counts: [...valid.counts, 0] }],
    ["no counts", { ...valid, counts: undefined }],
    ["too many counts", { ...valid, maxBuckets: 1 }],
    ["too many buckets", { ...valid, maxBuckets: 2 ** 40 }],
    ["an accuracy of 0", { ...valid, relativeAccuracy: 0 }],
    ["an accuracy of NaN", { ...valid, relativeAccuracy: NaN }],
    ["an index that is none", { ...valid, firstIndex: 1e300 }],
    ["a range that is none", { ...valid, min: 3, max: 2 }],
    ["no range", { ...valid, min: null }],
    ["a sum that is none", { ...valid, sum: "2" }],
  ])("of %s is refused", (_name, json) => {
    expect(() => DDSketch.fromJSON(json)).toThrow(InvalidOptionsError);
  });
});

test.each<DDSketchOptions>([
  { relativeAccuracy: 0 },
  { relativeAccuracy: 1 },
  { relativeAccuracy: NaN },
  { maxBuckets: 0 },
  { maxBuckets: 1.5 },
  { maxBuckets: Infinity },
])("%j are no options", (options) => {
  expect(() => new DDSketch(options)).toThrow(InvalidOptionsError);
});
