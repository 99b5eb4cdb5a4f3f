/** Distances under their usual names. */
export type DistanceName =
  | "psi"
  | "kl"
  | "jensen-shannon"
  | "hellinger"
  | "total-variation"
  | "l-infinity"
  | "kolmogorov-smirnov"
  | "wasserstein";

/** One distance between the two sides of a column. */
export interface DistanceResult {
  readonly name: DistanceName;
  /** How it is computed, in a line. */
  readonly formula: string;
  readonly value: number;
  /** What sampling alone gives on average where nothing has changed; `null` where no law is known. */
  readonly expectedWithoutChange: number | null;
  /** What sampling alone exceeds with probability `alpha`; `null` where no law is known. */
  readonly calibratedThreshold: number | null;
}

/** What a well-known rule says about a column. */
export interface RuleResult {
  readonly rule: "psi-0.1" | "psi-0.2" | "ks-0.05" | "kl-0.2";
  /** What is compared: a distance, or the p-value of Kolmogorov-Smirnov. */
  readonly value: number;
  /** The rule's own fixed threshold. */
  readonly threshold: number;
  /** Whether the rule as it is sees drift: value ≥ threshold, for a p-value value < threshold. */
  readonly fires: boolean;
  /**
   * The threshold that holds the stated rate at these sizes: the fixed one, or what sampling alone
   * exceeds with the probability allowed to one of so many columns, whichever asks for more.
   */
  readonly calibratedThreshold: number;
  readonly firesCalibrated: boolean;
}
