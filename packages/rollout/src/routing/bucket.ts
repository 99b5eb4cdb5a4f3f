import { murmur3 } from "./murmur3.ts";

/** How many buckets there are: a weight is exact to one of them. */
export const bucketCount = 10_000;

/** What a bucket is asked for. Each question has a seed of its own, so that no answer tells another. */
export type BucketPurpose = "eligible" | "variant" | "shadow";

/** The seed of one question of one rollout, from the rollout's own seed. */
export function seedFor(purpose: BucketPurpose, rolloutSeed: string): number {
  return murmur3(`${purpose}:${rolloutSeed}`, 0);
}

/**
 * The bucket of a key under a seed: `⌊hash · 10,000 / 2³²⌋` of the key's MurmurHash3. By
 * multiplication and not by remainder, so that no bucket is likelier by more than 10,000 / 2³².
 *
 * Under the same seed a key has the same bucket for ever, in every process and every version of
 * this package: what it gives is held by golden values.
 *
 * @returns A whole number in [0, 10,000).
 */
export function bucketOf(key: string, seed: number): number {
  return Math.floor((murmur3(key, seed) * bucketCount) / 2 ** 32);
}
