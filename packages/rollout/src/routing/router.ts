import { InvalidPolicyError } from "../errors/invalid-policy-error.ts";
import { checkShares, type Share } from "./allocation.ts";
import {
  assignAsGrowthBook,
  assignAsUnleash,
  assignByBuckets,
  type Assignment,
  type AssignmentOptions,
} from "./assignment.ts";
import { bucketCount, bucketOf, seedFor } from "./bucket.ts";
import type { Namespace } from "./growthbook.ts";

/**
 * The ways to assign a key. A rollout keeps the one that it began with, so that an upgrade moves
 * nobody; what each gives is held by golden values.
 *
 * - `murmur3-32/1`: this package's own, for any text.
 * - `growthbook/1`, `growthbook/2`: what GrowthBook's SDKs give with that hash version.
 * - `unleash`: what Unleash's SDKs give for a gradual rollout and its variants.
 */
export type RoutingAlgorithm = "murmur3-32/1" | "growthbook/1" | "growthbook/2" | "unleash";

const assignments: Readonly<Record<RoutingAlgorithm, (options: AssignmentOptions) => Assignment>> = {
  "murmur3-32/1": assignByBuckets,
  "growthbook/1": assignAsGrowthBook(1),
  "growthbook/2": assignAsGrowthBook(2),
  unleash: assignAsUnleash,
};

/** The names of all {@link RoutingAlgorithm}s. */
export const routingAlgorithms: readonly RoutingAlgorithm[] = Object.freeze(
  Object.keys(assignments) as RoutingAlgorithm[], // The keys of the record above.
);

/** How keys are spread over variants: plain data, the same in every replica. */
export interface Routing {
  /** How keys are assigned. Default `murmur3-32/1`. */
  readonly algorithm?: RoutingAlgorithm | undefined;
  /** What the assignment is drawn with. Two rollouts with different seeds are independent. */
  readonly seed: string;
  /** The fraction of keys that take part at all, in [0, 1]. The rest have the default variant. Default 1. */
  readonly coverage?: number | undefined;
  /**
   * The variants and their shares of those who take part, which come to 1. A share counts to
   * 1/10,000. With two, a larger share of the first only adds to those who have it.
   */
  readonly variants: readonly Share[];
  /** The variant of those who do not take part. Default the last of `variants`. */
  readonly defaultVariant?: string | undefined;
  /** The fraction of keys whose requests are also sent to a shadow, in [0, 1]. Default 0. */
  readonly shadow?: number | undefined;
  /** With `growthbook/…`: who is outside this part of the namespace does not take part. Default none. */
  readonly namespace?: Namespace | undefined;
}

/** A {@link Routing} made ready for millions of decisions a second. It never changes. */
export class Router {
  /** The names of the variants, by index. */
  readonly variants: readonly string[];
  readonly #assign: Assignment;
  readonly #defaultIndex: number;
  readonly #shadowSeed: number;
  readonly #shadowBuckets: number;

  /** @throws InvalidPolicyError `INVALID_POLICY` when the routing cannot be meant. */
  constructor(routing: Routing) {
    const { algorithm = "murmur3-32/1", seed, variants, coverage = 1, shadow = 0, namespace } = routing;
    if (!Object.hasOwn(assignments, algorithm)) {
      const problem = `is ${JSON.stringify(algorithm)}; it has to be one of ${routingAlgorithms.join(", ")}`;
      throw new InvalidPolicyError({ field: "algorithm", problem });
    }
    if (typeof seed !== "string" || seed === "") {
      throw new InvalidPolicyError({ field: "seed", problem: "has to be a text of at least one character" });
    }
    checkShares(variants);
    checkFraction("coverage", coverage);
    checkFraction("shadow", shadow);
    this.variants = Object.freeze(variants.map(({ variant }) => variant));
    this.#assign = assignments[algorithm]({ seed, coverage, variants, namespace });
    this.#defaultIndex = findDefault(this.variants, routing.defaultVariant);
    this.#shadowSeed = seedFor("shadow", seed);
    this.#shadowBuckets = Math.round(shadow * bucketCount);
  }

  /** The index of a key's variant in {@link Router.variants}. Nothing is allocated. */
  route(key: string): number {
    const index = this.#assign(key);
    return index < 0 ? this.#defaultIndex : index;
  }

  /** Whether a key takes part. Who does not has the default variant. */
  isEligible(key: string): boolean {
    return this.#assign(key) >= 0;
  }

  /** Whether a key's requests also go to the shadow: a question of its own, whatever the variant. */
  isShadowed(key: string): boolean {
    return this.#shadowBuckets > 0 && bucketOf(key, this.#shadowSeed) < this.#shadowBuckets;
  }
}

function findDefault(variants: readonly string[], name: string | undefined): number {
  const index = name === undefined ? variants.length - 1 : variants.indexOf(name);
  if (index >= 0) return index;
  const known = variants.map((variant) => JSON.stringify(variant)).join(", ");
  const problem = `is ${JSON.stringify(name)}; it has to be one of ${known}`;
  throw new InvalidPolicyError({ field: "defaultVariant", problem });
}

function checkFraction(field: string, value: number): void {
  if (value >= 0 && value <= 1) return;
  throw new InvalidPolicyError({
    field,
    problem: `is ${String(value)}; it has to be a fraction from 0 to 1`,
  });
}
