/**
 * What tells whether a service has room left for the risk of a change: `errorBudget` of
 * `@mlops/rollout/error-budget` is one. Each replica counts with one of its own, and judges what all
 * have counted.
 */
export interface BudgetGate {
  /** Counts one request that ended at a time, in milliseconds since the Unix epoch. It is called for each, so it allocates nothing. */
  observe(outcome: "success" | "failure", totalMs: number, at: number): void;
  /** What was counted so far, as JSON of bounded size. */
  counts(): unknown;
  /** Adds what this replica had counted before it was started again. */
  restore(counts: unknown): void;
  /** What the counts of all replicas together say. A function of its arguments alone. */
  judge(counts: readonly unknown[], now: number): BudgetVerdict;
}

/** Whether the error budget lets a rollout start or go on, and what that rests on. */
export interface BudgetVerdict {
  readonly isLeft: boolean;
  /** What was found, in words. */
  readonly reason: string;
  /** The fraction of requests that are to go well. */
  readonly objective: number;
  /** Requests and failures of the period, as far as they were seen. */
  readonly requests: number;
  readonly failures: number;
  /** The fraction of the whole period's budget that is used up; above 1 where it is overdrawn. */
  readonly consumed: number;
  readonly windows: readonly BurnWindow[];
}

/** How fast the budget burns, by one pair of windows: 1 is the speed that uses it up exactly at the end of the period. */
export interface BurnWindow {
  readonly longMs: number;
  readonly shortMs: number;
  /** What both speeds may be at most. */
  readonly factor: number;
  /** The speed over the long window, and over the short one. */
  readonly longBurn: number;
  readonly shortBurn: number;
  /** Requests and failures of the long window. */
  readonly requests: number;
  readonly failures: number;
  /** Whether both are above the factor, by enough failures. */
  readonly isBurning: boolean;
}
