/**
 * What a guardrail says of the candidate.
 *
 * - `pass`: what it watches is within its limit, at its confidence.
 * - `fail`: it is beyond its limit, at its confidence.
 * - `inconclusive`: there is evidence, and not enough of it for either.
 * - `no-data`: there is no evidence to speak of.
 * - `error`: the guardrail itself failed.
 *
 * Only `pass` can promote, and only `fail` means that something is wrong with the candidate.
 */
export type VerdictStatus = "pass" | "fail" | "inconclusive" | "no-data" | "error";

/** A verdict and what it rests on. */
export interface Verdict {
  readonly status: VerdictStatus;
  /** What was found, in words, with its numbers and units. */
  readonly reason: string;
  readonly evidence: Evidence;
}

/** What a verdict rests on. All of it is of the current stage alone. */
export interface Evidence {
  /** Requests of the candidate that were judged. */
  readonly samples: number;
  /** Requests of what it was compared with; absent where the limit is fixed. */
  readonly controlSamples?: number | undefined;
  /** What was estimated, in the guardrail's own unit. */
  readonly estimate?: number | undefined;
  /** The bounds of its confidence interval. */
  readonly low?: number | undefined;
  readonly high?: number | undefined;
  /** What it may not exceed. */
  readonly limit?: number | undefined;
  /** The unit of the numbers above, such as `ms`. */
  readonly unit?: string | undefined;
}

/** All {@link VerdictStatus}es. */
export const verdictStatuses: readonly VerdictStatus[] = Object.freeze([
  "pass",
  "fail",
  "inconclusive",
  "no-data",
  "error",
]);
