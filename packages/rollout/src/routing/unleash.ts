import { murmur3 } from "./murmur3.ts";

/** The seed of a variant's hash, other than that of the rollout's so that one does not tell the other. */
const variantSeed = 86_028_157;

/**
 * The percentile, from 1 to 100, that a gradual rollout of Unleash compares with its percentage.
 *
 * It hashes UTF-8 bytes, as Unleash's server and most of its SDKs do. Its Node SDK takes the low
 * byte of each UTF-16 code unit instead, and so gives `Ł` what it gives `A`.
 *
 * @see https://docs.getunleash.io/reference/activation-strategies
 */
export function unleashPercentile(key: string, groupId: string): number {
  return (murmur3(`${groupId}:${key}`, 0) % 100) + 1;
}

/** The index of the variant that Unleash gives to a key; -1 where all weights are 0. */
export function unleashVariant(key: string, groupId: string, weights: readonly number[]): number {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  if (total <= 0) return -1;
  const target = (murmur3(`${groupId}:${key}`, variantSeed) % total) + 1;
  let reached = 0;
  for (let index = 0; index < weights.length; index += 1) {
    reached += weights[index]!;
    if (weights[index]! > 0 && reached >= target) return index;
  }
  return -1;
}
