import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createRandom } from "../random/create-random.ts";
import { FrequentItems } from "./frequent-items.ts";
import { hashText } from "./hash-text.ts";
import { HyperLogLog } from "./hyper-log-log.ts";
import { KllSketch } from "./kll-sketch.ts";

describe("KllSketch", () => {
  const rankErrorOf = (sketch: KllSketch, sorted: Float64Array): number => {
    const { values, weights } = sketch.toWeighted();
    let worst = 0;
    let rows = 0;
    let below = 0;
    for (let index = 0; index < values.length; index += 1) {
      rows += weights[index]!;
      if (index + 1 < values.length && values[index + 1] === values[index]) continue;
      while (below < sorted.length && sorted[below]! <= values[index]!) below += 1;
      worst = Math.max(worst, Math.abs(rows - below) / sorted.length);
    }
    return worst;
  };

  test("keeps everything up to k values", () => {
    fc.assert(
      fc.property(fc.array(fc.integer(), { maxLength: 64 }), (values) => {
        const sketch = new KllSketch({ k: 64 });
        for (const value of values) sketch.add(value);
        expect([...sketch.toWeighted().values]).toEqual(values.toSorted((left, right) => left - right));
        expect(sketch.rankError).toBe(0);
      }),
    );
  });

  // The bound holds in 99 of 100 cases; of 40 seeded streams, one may be outside.
  test.each([
    ["one stream", 1],
    ["eight merged", 8],
  ])("holds its error bound: %s", (_, parts) => {
    const outside = Array.from({ length: 40 }, (__, seed) => seed).filter((seed) => {
      const random = createRandom(seed);
      const values = Float64Array.from({ length: 20_000 }, () => random.normal());
      const sketches = Array.from(
        { length: parts },
        (___, part) => new KllSketch({ k: 128, seed: seed * 100 + part }),
      );
      for (const [index, value] of values.entries()) sketches[index % parts]!.add(value);
      const [first, ...rest] = sketches;
      for (const sketch of rest) first!.merge(sketch);
      expect(first!.toWeighted().weights.reduce((sum, weight) => sum + weight, 0)).toBe(values.length);
      expect(first!.toWeighted().values.length).toBeLessThan(4 * 128);
      return rankErrorOf(first!, values.sort()) > first!.rankError;
    });
    expect(outside.length).toBeLessThanOrEqual(1);
  });

  test("ascending and descending streams, the same seed, extremes", () => {
    const up = new KllSketch({ k: 100, seed: 3 });
    const down = new KllSketch({ k: 100, seed: 3 });
    const again = new KllSketch({ k: 100, seed: 3 });
    const sorted = Float64Array.from({ length: 30_000 }, (_, index) => index);
    for (const value of sorted) {
      up.add(value);
      again.add(value);
      down.add(29_999 - value);
    }
    expect(rankErrorOf(up, sorted)).toBeLessThan(up.rankError);
    expect(rankErrorOf(down, sorted)).toBeLessThan(up.rankError);
    expect(again.toWeighted()).toEqual(up.toWeighted());
    expect([up.minimum, up.maximum, up.count, up.quantile(0), up.quantile(1)]).toEqual([
      0, 29_999, 30_000, 0, 29_999,
    ]);
    expect(Math.abs(up.quantile(0.5) - 15_000)).toBeLessThan(30_000 * up.rankError);
  });

  test("refuses what it cannot use", () => {
    expect(() => new KllSketch({ k: 7 })).toThrow(/options.k/);
    expect(() => {
      new KllSketch().add(Number.NaN);
    }).toThrow(/value/);
    expect(() => new KllSketch().quantile(0.5)).toThrow(/empty/);
  });
});

describe("hashText", () => {
  test("golden values, which merged counts rely on", () => {
    expect(["", "a", "b", "ab", "ba", "\u{1f600}"].map((text) => hashText(text))).toMatchInlineSnapshot(`
      [
        {
          "high": 3031090980,
          "low": 2717404410,
        },
        {
          "high": 1384542492,
          "low": 2656229504,
        },
        {
          "high": 3219684668,
          "low": 3829036364,
        },
        {
          "high": 2191614509,
          "low": 3892483837,
        },
        {
          "high": 852950946,
          "low": 337600272,
        },
        {
          "high": 712574633,
          "low": 3180770528,
        },
      ]
    `);
  });

  test("one changed bit changes half of the others, and short texts do not collide", () => {
    const hashes = Array.from({ length: 50_000 }, (_, index) => hashText(`item ${index}`));
    expect(new Set(hashes.map(({ high, low }) => high * 2 ** 21 + (low >>> 11))).size).toBe(hashes.length);
    const flips = new Float64Array(64);
    for (let index = 0; index < 4_000; index += 1) {
      const plain = hashText(`word ${index}`);
      const changed = hashText(`vord ${index}`);
      for (let bit = 0; bit < 32; bit += 1) {
        flips[bit]! += ((plain.high ^ changed.high) >>> bit) & 1;
        flips[bit + 32]! += ((plain.low ^ changed.low) >>> bit) & 1;
      }
    }
    for (const flip of flips) expect(Math.abs(flip / 4_000 - 0.5)).toBeLessThan(5 / Math.sqrt(4 * 4_000));
  });
});

describe("HyperLogLog", () => {
  const sketchOf = (start: number, end: number): HyperLogLog => {
    const sketch = new HyperLogLog();
    for (let item = start; item < end; item += 1) sketch.add(hashText(`item ${item}`));
    return sketch;
  };

  test.each([0, 1, 10, 100, 1_000, 3_000, 10_000, 200_000])("%d different values", (count) => {
    const error = Math.abs(sketchOf(0, count).estimate - count);
    expect(error).toBeLessThanOrEqual(3.5 * 0.0325 * count);
  });

  test("the standard error is what is stated", () => {
    const errors = Array.from({ length: 60 }, (_, run) => {
      const sketch = sketchOf(run * 5_000, (run + 1) * 5_000);
      return (sketch.estimate / 5_000 - 1) ** 2;
    });
    const standardError = Math.sqrt(errors.reduce((sum, error) => sum + error, 0) / errors.length);
    expect(standardError).toBeGreaterThan(0.0325 * 0.7);
    expect(standardError).toBeLessThan(0.0325 * 1.3);
  });

  test("merging is what one sketch of all would be, in any order", () => {
    const merged = sketchOf(3_000, 5_000);
    merged.merge(sketchOf(0, 4_000));
    expect(merged.toRegisters()).toEqual(sketchOf(0, 5_000).toRegisters());
    expect(HyperLogLog.fromRegisters(merged.toRegisters()).estimate).toBe(merged.estimate);
  });

  test("refuses what it cannot use", () => {
    expect(() => new HyperLogLog(3)).toThrow(/precision/);
    expect(() => {
      new HyperLogLog(4).merge(new HyperLogLog(5));
    }).toThrow(/precision/);
    expect(() => HyperLogLog.fromRegisters(new Uint8Array(16).fill(34))).toThrow(/rank/);
    expect(() => HyperLogLog.fromRegisters(new Uint8Array(15))).toThrow(/precision/);
  });
});

describe("FrequentItems", () => {
  const items = fc.array(
    fc.nat(40).map((item) => `item ${item}`),
    { maxLength: 300 },
  );
  const countsOf = (texts: readonly string[]): Map<string, number> => {
    const counts = new Map<string, number>();
    for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
    return counts;
  };

  test("counts are within the bound, also merged", () => {
    fc.assert(
      fc.property(items, items, fc.integer({ min: 1, max: 15 }), (left, right, capacity) => {
        const summary = new FrequentItems(capacity);
        const other = new FrequentItems(capacity);
        for (const item of left) summary.add(item);
        for (const item of right) other.add(item);
        summary.merge(other);
        const kept = new Map(summary.top(1_000).map(({ item, count }) => [item, count]));
        const rows = left.length + right.length;
        expect(summary.maxError).toBeLessThanOrEqual(rows / capacity);
        expect(summary.size).toBeLessThanOrEqual(2 * capacity);
        for (const [item, count] of countsOf([...left, ...right])) {
          expect(kept.get(item) ?? 0).toBeLessThanOrEqual(count);
          expect(kept.get(item) ?? 0).toBeGreaterThanOrEqual(count - summary.maxError);
        }
      }),
    );
  });

  test("few items are counted exactly, the most frequent first, ties by name", () => {
    const summary = new FrequentItems(5);
    for (const item of ["b", "a", "c", "c", "b", "a", "d"]) summary.add(item);
    expect(summary.maxError).toBe(0);
    expect(summary.top(3)).toEqual([
      { item: "a", count: 2 },
      { item: "b", count: 2 },
      { item: "c", count: 2 },
    ]);
  });
});
