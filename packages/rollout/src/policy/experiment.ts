/**
 * What makes a policy a test of several candidates at once: each answers a part of the keys, and what
 * came of the answers says which is better than the stable version.
 */
export interface Experiment {
  /** `ab-test`: the weights stay. `bandit`: they follow what was learned. */
  readonly kind: "ab-test" | "bandit";
  /** The candidates, and their weights at first. The stable version has the rest. */
  readonly variants: readonly ExperimentVariant[];
  /** What is compared. */
  readonly metric: ExperimentMetric;
  /** How many keys of the variant and of the stable version have to be counted before they are compared. */
  readonly minimumKeys: number;
  /** How often a test of variants that are no better ever promotes one, over all of them and however often it is looked at; in (0, 0.5). */
  readonly falseWinnerRate: number;
  /** The smallest gain worth having, in the metric's unit: a variant that gains less for certain is dropped. 0: one that is worse. */
  readonly minimumEffect: number;
  /** How long it may stay undecided, in milliseconds; `null`: for ever. Then nobody is promoted. */
  readonly onUndecided: { readonly deadlineMs: number | null; readonly afterwards: "rollback" | "pause" };
  /** How a bandit moves its weights; `null` for an A/B test. */
  readonly reweighting: Reweighting | null;
}

/** One candidate of an {@link Experiment}. */
export interface ExperimentVariant {
  /** The version, as the rollout's `versions` know it. */
  readonly version: string;
  /** Its fraction of the keys, in (0, 1). */
  readonly weight: number;
}

/** What `reportOutcome` reports of a key, once. */
export interface ExperimentMetric {
  /** The name that it is reported by. */
  readonly name: string;
  /** `share`: whether something happened, 0 or 1. `mean`: a number; a key of which none was reported counts as 0. */
  readonly kind: "share" | "mean";
  /** What is better. */
  readonly goal: "increase" | "decrease";
  /** How long after a key's first request its outcome counts, in milliseconds. The key counts when that time is over. */
  readonly attributionMs: number;
}

/** How a bandit moves its weights. */
export interface Reweighting {
  /** The weight that every version keeps at least, in [0.001, 1/versions], down to a thousandth. */
  readonly floor: number;
  /** How often the weights move at most, in milliseconds. */
  readonly everyMs: number;
  /** Weights stay while no version's would change by more than this: keys are not moved for noise. */
  readonly minimumShift: number;
}

/** How keys keep what they were given, although weights, cohorts or their attributes change. */
export interface Sticky {
  /** Raise it to give every key its version anew. */
  readonly bucketVersion: number;
  /** Keys that were given their version under a lower one are out: they have the stable version, and do not count. */
  readonly minimumBucketVersion: number;
  /** An attribute that stands in for a key that is absent, and that a key without a version of its own takes it from. `null`: none. */
  readonly fallbackAttribute: string | null;
}
