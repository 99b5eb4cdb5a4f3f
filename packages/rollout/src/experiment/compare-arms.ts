import { normalMixtureBound } from "@mlops/stats";

/** What the keys of one arm add up to. */
export interface ArmSums {
  readonly keys: number;
  readonly sum: number;
  readonly sumOfSquares: number;
}

/** Keys of two arms that were drawn alike. */
export interface ArmStratum {
  /** The chance of a key of either arm to be the first's, in (0, 1). */
  readonly share: number;
  readonly first: ArmSums;
  readonly second: ArmSums;
}

/** What {@link compareArms} found. */
export interface ArmComparison {
  /** How many keys of both arms. */
  readonly keys: number;
  /** The first arm's mean less the second's, as if each had had every key. */
  readonly estimate: number;
  readonly low: number;
  readonly high: number;
}

/** The number of keys at which the interval is tightest. */
const tightAt = 5_000;

/**
 * How much larger the first arm's mean is than the second's, with bounds that hold however often one
 * looks, where keys were drawn by known chances that change over time: by a ramp, or by a bandit that
 * looks at what came before.
 *
 * With the chance p of a key to be the first's in its stratum, and m the mean of all keys, each key of
 * value y adds (y - m)/p where it is the first's and -(y - m)/(1 - p) where it is the second's. Its mean
 * is the difference in the means whatever p is, and however the values drift for both arms: strata are
 * never pooled (Simpson's paradox). The margin is the normal-mixture bound of an asymptotic confidence
 * sequence, tightest at 5,000 keys. The variance is the larger one of that of these terms and of what it
 * would be if both arms spread alike: a small arm that has seen few events yet looks surer than it is. It holds in the limit of many keys: begin at some hundred an arm.
 *
 * @param options.alpha - How often each of the bounds may ever be wrong, in (0, 0.5).
 * @see Ham, Bojinov, Lindon and Tingley 2022, Design-Based Confidence Sequences for Anytime-Valid
 *   Causal Inference; Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas 2024, theorem 2.2.
 */
export function compareArms(
  strata: readonly ArmStratum[],
  { alpha }: { readonly alpha: number },
): ArmComparison {
  const keys = total(strata, ({ keys: count }) => count);
  if (keys === 0) return { keys, estimate: 0, low: -Infinity, high: Infinity };
  const mean = total(strata, ({ sum }) => sum) / keys;
  const pooled = total(strata, (arm) => squaresAround(mean, arm)) / keys;
  let sum = 0;
  let squares = 0;
  let pooledSquares = 0;
  for (const { share, first, second } of strata) {
    sum += (first.sum - first.keys * mean) / share - (second.sum - second.keys * mean) / (1 - share);
    squares += squaresAround(mean, first) / share ** 2 + squaresAround(mean, second) / (1 - share) ** 2;
    pooledSquares += (pooled * first.keys) / share ** 2 + (pooled * second.keys) / (1 - share) ** 2;
  }
  const estimate = sum / keys;
  const variance = Math.max(squares / keys - estimate * estimate, pooledSquares / keys);
  // A spread of 0 is one that was not seen yet.
  const isKnown = variance > 0;
  // Twice the level, as each bound is used for itself.
  const bound = normalMixtureBound(keys, { alpha: 2 * alpha, tightAt });
  const margin = isKnown ? (Math.sqrt(variance) * bound) / keys : Infinity;
  return { keys, estimate, low: estimate - margin, high: estimate + margin };
}

function squaresAround(mean: number, { keys, sum, sumOfSquares }: ArmSums): number {
  return Math.max(0, sumOfSquares - 2 * mean * sum + keys * mean * mean);
}

function total(strata: readonly ArmStratum[], of: (arm: ArmSums) => number): number {
  return strata.reduce((sum, { first, second }) => sum + of(first) + of(second), 0);
}
