import { InvalidPolicyError } from "../errors/invalid-policy-error.ts";
import { bucketCount } from "./bucket.ts";

/** What one variant gets. */
export interface Share {
  /** The variant's name. */
  readonly variant: string;
  /** Its fraction of the keys, in [0, 1]. */
  readonly weight: number;
}

/** The most variants that one rollout has. */
const maxVariants = 255;

/**
 * Which variant each bucket belongs to, by the variant's index: the first variant has the first
 * buckets, and so on. The shares come to 1. A weight counts to 1/10,000; where rounding leaves buckets over, they go
 * to the variants that lost most by it, the earlier first.
 *
 * With two variants, `[canary, stable]`, a larger weight of the first only adds to its buckets: no
 * key that had the canary leaves it.
 */
export function allocate(shares: readonly Share[]): Uint8Array {
  const counts = countBuckets(shares.map(({ weight }) => weight));
  const allocation = new Uint8Array(bucketCount);
  let next = 0;
  for (const [variant, count] of counts.entries()) {
    allocation.fill(variant, next, next + count);
    next += count;
  }
  return allocation;
}

/** Whole buckets by weight: largest remainders first. */
export function countBuckets(weights: readonly number[]): number[] {
  const exact = weights.map((weight) => roundNoise(weight * bucketCount));
  const counts = exact.map(Math.floor);
  const left = bucketCount - counts.reduce((sum, count) => sum + count, 0);
  const byLoss = [...exact.keys()].sort((a, b) => exact[b]! - counts[b]! - (exact[a]! - counts[a]!));
  for (const variant of byLoss.slice(0, left)) counts[variant]! += 1;
  return counts;
}

/** 0.07 · 10,000 is 700.0000000000001; that is no bucket more. */
function roundNoise(buckets: number): number {
  const rounded = Math.round(buckets);
  return Math.abs(buckets - rounded) < 1e-6 ? rounded : buckets;
}

/**
 * Holds shares to what they have to be: named once each, and 1 together.
 *
 * @throws InvalidPolicyError `INVALID_POLICY`
 */
export function checkShares(shares: readonly Share[]): void {
  if (shares.length === 0 || shares.length > maxVariants) {
    const problem = `has ${shares.length} entries; it has to have 1 to ${maxVariants}`;
    throw new InvalidPolicyError({ field: "variants", problem });
  }
  const names = new Set<string>();
  for (const [index, { variant, weight }] of shares.entries()) {
    if (!(weight >= 0 && weight <= 1)) {
      const problem = `is ${String(weight)}; it has to be a fraction from 0 to 1`;
      throw new InvalidPolicyError({ field: `variants[${index}].weight`, problem });
    }
    if (names.has(variant)) {
      const problem = `is ${JSON.stringify(variant)} again; each variant has a name of its own`;
      throw new InvalidPolicyError({ field: `variants[${index}].variant`, problem });
    }
    names.add(variant);
  }
  const sum = shares.reduce((total, { weight }) => total + weight, 0);
  if (Math.abs(sum - 1) > 1e-6) {
    const problem = `have weights of ${sum} together; they have to come to 1`;
    throw new InvalidPolicyError({ field: "variants", problem });
  }
}
