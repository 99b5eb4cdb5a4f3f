import { allocate, type Share } from "./allocation.ts";
import { bucketCount, bucketOf, seedFor } from "./bucket.ts";
import {
  growthBookNumber,
  growthBookRanges,
  indexOfRange,
  isInNamespace,
  type Namespace,
} from "./growthbook.ts";
import { unleashPercentile, unleashVariant } from "./unleash.ts";

/** The index of a key's variant; -1 for a key that does not take part. */
export type Assignment = (key: string) => number;

/** What an {@link Assignment} is made of. */
export interface AssignmentOptions {
  readonly seed: string;
  /** The fraction of keys that take part, in [0, 1]. */
  readonly coverage: number;
  readonly variants: readonly Share[];
  /** Of GrowthBook's: the part of a namespace that a key has to lie in. */
  readonly namespace?: Namespace | undefined;
}

/**
 * This package's own: whether a key takes part and which variant it has are two questions with two
 * seeds, so that who takes part says nothing of the variant.
 */
export function assignByBuckets({ seed, coverage, variants }: AssignmentOptions): Assignment {
  const allocation = allocate(variants);
  const variantSeed = seedFor("variant", seed);
  const eligibleSeed = seedFor("eligible", seed);
  const eligibleBuckets = Math.round(coverage * bucketCount);
  if (eligibleBuckets === bucketCount) return (key) => allocation[bucketOf(key, variantSeed)]!;
  return (key) =>
    bucketOf(key, eligibleSeed) < eligibleBuckets ? allocation[bucketOf(key, variantSeed)]! : -1;
}

/** As GrowthBook's SDKs do for an experiment with this seed, coverage, these weights and this namespace. */
export function assignAsGrowthBook(version: 1 | 2): (options: AssignmentOptions) => Assignment {
  return ({ seed, coverage, variants, namespace }) => {
    const ranges = growthBookRanges(
      variants.map(({ weight }) => weight),
      coverage,
    );
    return (key) =>
      namespace !== undefined && !isInNamespace(key, namespace)
        ? -1
        : indexOfRange(growthBookNumber(key, seed, version), ranges);
  };
}

/**
 * As Unleash's SDKs do for a gradual rollout to `coverage` whose group id and variants' group id
 * are the seed. Its percentages are whole, and its weights thousandths.
 */
export function assignAsUnleash({ seed, coverage, variants }: AssignmentOptions): Assignment {
  const percentage = Math.round(coverage * 100);
  const weights = variants.map(({ weight }) => Math.round(weight * 1000));
  return (key) => (unleashPercentile(key, seed) <= percentage ? unleashVariant(key, seed, weights) : -1);
}
