import { expect, test } from "vitest";

import { bucketCount, bucketOf, type BucketPurpose, seedFor } from "./bucket.ts";

const keys = Array.from({ length: 200_000 }, (_, index) => `user-${index}`);

// The 0.9999 quantile of chi-squared with 99 degrees of freedom is 160.056.
const limitOf99Degrees = 160.1;

test("a key has the bucket that it always had", () => {
  const seed = seedFor("variant", "price-2026");
  expect(seed).toBe(215559051);
  expect(["", "user-1", "user-2", "userŁ", "ключ", "🦊"].map((key) => bucketOf(key, seed))).toEqual([
    4886, 2727, 7427, 6158, 3079, 6766,
  ]);
});

test("buckets are whole numbers below the count, and equally full", () => {
  const seed = seedFor("variant", "even");
  const counts = new Float64Array(100);
  for (const key of keys) {
    const bucket = bucketOf(key, seed);
    expect(Number.isInteger(bucket) && bucket >= 0 && bucket < bucketCount).toBe(true);
    counts[Math.floor(bucket / 100)]! += 1;
  }
  expect(chiSquared(counts, keys.length / 100)).toBeLessThan(limitOf99Degrees);
});

test.each<[string, [BucketPurpose, string], [BucketPurpose, string]]>([
  ["two purposes of one rollout", ["eligible", "one"], ["variant", "one"]],
  ["the shadow and the variant", ["shadow", "one"], ["variant", "one"]],
  ["two rollouts", ["variant", "one"], ["variant", "two"]],
  ["two rollouts of like names", ["variant", "price-1"], ["variant", "price-2"]],
])("%s are independent", (_, first, second) => {
  const [seedA, seedB] = [seedFor(...first), seedFor(...second)];
  const table = new Float64Array(100);
  for (const key of keys) {
    const row = Math.floor(bucketOf(key, seedA) / 1000);
    const column = Math.floor(bucketOf(key, seedB) / 1000);
    table[row * 10 + column]! += 1;
  }
  // All cells of the table are equally likely, which is more than independence.
  expect(chiSquared(table, keys.length / 100)).toBeLessThan(limitOf99Degrees);
});

function chiSquared(counts: Float64Array, expected: number): number {
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
}
