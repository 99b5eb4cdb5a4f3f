/**
 * Where the versions that keys were given live, and what came of them: shared by all replicas, as the
 * rollout's own store is. A scope holds the keys of one rollout with one seed.
 *
 * An implementation in a database needs two tables or hashes: one by scope and key, and one of sums by
 * scope, generation, weights and version, in which keys are added up when their time is over. Writing a
 * key and what it adds up to has to happen whole or not at all. It passes `describeAssignmentStore` of
 * `@mlops/rollout/testing`.
 */
export interface AssignmentStore {
  /** What each of the keys holds, in their order; `undefined` for nothing. */
  read(scope: string, keys: readonly string[]): Promise<readonly (Assignment | undefined)[]>;

  /**
   * Keeps what a key holds, where that is of the same generation or a later one; else the proposal
   * takes its place. Of several that come at once, one is first and the others get what it wrote.
   *
   * @returns What the key holds then; `undefined` where there is no room for another key.
   */
  claim(scope: string, key: string, proposal: Assignment): Promise<Assignment | undefined>;

  /** Adds what came of a key, once, and only within `attributionMs` of when it was given its version. */
  report(scope: string, key: string, outcome: ReportedOutcome): Promise<ReportReceipt>;

  /** The sums of the keys of a generation that were given their version before a time. A key that was summed once may be in all later sums. */
  tally(scope: string, options: TallyOptions): Promise<readonly Tally[]>;
}

/** What a key was given. */
export interface Assignment {
  readonly version: string;
  /** The policy's `sticky.bucketVersion` then. */
  readonly bucketVersion: number;
  /** The start of the experiment that it counts in: the rollout's epoch. */
  readonly generation: number;
  /** When, in milliseconds since the Unix epoch. */
  readonly at: number;
  /** Which versions it was drawn from, in the policy's order, the stable one last; none outside experiments. */
  readonly versions: readonly string[];
  /**
   * What the version was drawn by: how many of 10,000 buckets each of the versions had. Keys that were drawn alike are compared with each other, and no others.
   */
  readonly weights: readonly number[];
}

/** What came of a key. */
export interface ReportedOutcome {
  readonly generation: number;
  readonly value: number;
  readonly at: number;
  readonly attributionMs: number;
}

/** What became of a report, as in `OutcomeReceipt`. */
export type ReportReceipt = "counted" | "unknown-key" | "late" | "repeated";

/** Which sums are wanted. */
export interface TallyOptions {
  readonly generation: number;
  /** Milliseconds since the Unix epoch. */
  readonly before: number;
}

/** What the keys add up to that have one version and were drawn by the same weights. */
export interface Tally {
  readonly weights: readonly number[];
  readonly version: string;
  readonly keys: number;
  /** The sum of their outcomes, and that of their squares. A key without an outcome counts as 0. */
  readonly sum: number;
  readonly sumOfSquares: number;
}
