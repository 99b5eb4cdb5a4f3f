import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { InvalidPolicyError } from "../errors/invalid-policy-error.ts";
import { allocate, checkShares, type Share } from "./allocation.ts";
import { bucketCount } from "./bucket.ts";

function countsOf(shares: readonly Share[]): number[] {
  const counts = shares.map(() => 0);
  for (const variant of allocate(shares)) counts[variant]! += 1;
  return counts;
}

function toShares(weights: readonly number[]): Share[] {
  return weights.map((weight, index) => ({ variant: `v${index}`, weight }));
}

describe("allocate", () => {
  test.each([
    [[1], [10_000]],
    [
      [0.9, 0.1],
      [9_000, 1_000],
    ],
    // 0.07 · 10,000 is 700.0000000000001.
    [
      [0.07, 0.93],
      [700, 9_300],
    ],
    [
      [0.0001, 0.9999],
      [1, 9_999],
    ],
    [
      [0, 1],
      [0, 10_000],
    ],
    [
      [1 / 3, 1 / 3, 1 / 3],
      [3_334, 3_333, 3_333],
    ],
    [
      [0.00005, 0.99995],
      [1, 9_999],
    ],
  ])("%j", (weights, counts) => {
    expect(countsOf(toShares(weights))).toEqual(counts);
  });

  test("law: every bucket has a variant, and no variant is further than one bucket from its weight", () => {
    const parts = fc
      .array(fc.nat(1_000), { minLength: 1, maxLength: 255 })
      .filter((list) => list.some(Boolean));
    fc.assert(
      fc.property(parts, (list) => {
        const sum = list.reduce((total, part) => total + part, 0);
        const shares = toShares(list.map((part) => part / sum));
        expect(() => checkShares(shares)).not.toThrow();
        const counts = countsOf(shares);
        expect(counts.reduce((total, count) => total + count, 0)).toBe(bucketCount);
        for (const [index, { weight }] of shares.entries())
          expect(Math.abs(counts[index]! - weight * bucketCount)).toBeLessThan(1);
      }),
      { seed: 1, numRuns: 200 },
    );
  });

  test("law: a larger first share keeps all buckets that it had", () => {
    const weight = fc.nat(bucketCount).map((count) => count / bucketCount);
    fc.assert(
      fc.property(weight, weight, (a, b) => {
        const [small, large] = a < b ? [a, b] : [b, a];
        const before = allocate(toShares([small, 1 - small]));
        const after = allocate(toShares([large, 1 - large]));
        expect(before.every((variant, bucket) => variant !== 0 || after[bucket] === 0)).toBe(true);
      }),
      { seed: 1, numRuns: 200 },
    );
  });
});

describe("checkShares", () => {
  test.each<[string, readonly Share[], string]>([
    ["no variant", [], "variants"],
    ["too many variants", toShares(Array<number>(256).fill(1 / 256)), "variants"],
    ["a negative weight", toShares([-0.1, 1.1]), "variants[0].weight"],
    ["a weight above one", toShares([0, 1.1]), "variants[1].weight"],
    ["a weight that is no number", toShares([0.5, Number.NaN]), "variants[1].weight"],
    ["weights that do not come to one", toShares([0.5, 0.4]), "variants"],
    ["percentages", toShares([90, 10]), "variants[0].weight"],
    ["one name twice", [...toShares([0.5]), ...toShares([0.5])], "variants[1].variant"],
  ])("refuses %s", (_, shares, field) => {
    const error = catchError(() => checkShares(shares));
    expect(InvalidPolicyError.isInstance(error)).toBe(true);
    expect(error).toMatchObject({ code: "INVALID_POLICY", field });
  });
});

function catchError(run: () => void): unknown {
  try {
    run();
    return undefined;
  } catch (error) {
    return error;
  }
}
