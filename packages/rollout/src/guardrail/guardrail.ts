import type { Verdict } from "./verdict.ts";

/** Whose request it was: the candidate's, or that of what it is compared with. */
export type Arm = "candidate" | "control";

/**
 * One request and how it ended, as a guardrail sees it. A `PredictionEvent` of `@mlops/core` is
 * one.
 */
export interface GuardrailEvent {
  readonly outcome: "success" | "failure";
  /** Milliseconds from the request to its answer. */
  readonly totalMs: number;
  /** The output of a request that had one. */
  readonly output?: unknown;
  /** Of a shadowed request: the output that the live version gave to the same input. */
  readonly live?: unknown;
  /** The error of a request that had one. */
  readonly error?: { readonly code: string } | undefined;
}

/**
 * A kind of guardrail: what it counts of each request, and what it concludes from the counts of
 * all replicas together. Registered under its name, policies use it by `kind`.
 *
 * Counts are plain JSON, and merge by a function that is associative and commutative: replicas send
 * them, not requests. The verdict is a function of the merged counts, the options and the policy alone, so that
 * a replay gives the same. It has to hold however often it is asked; `describeGuardrail` of
 * `@mlops/rollout/testing` checks all of this.
 */
export interface GuardrailKind<Options = unknown, Counts = unknown> {
  readonly kind: string;
  /**
   * The options of a rule, with their defaults.
   *
   * @throws InvalidPolicyError `INVALID_POLICY`
   */
  parseOptions(options: Readonly<Record<string, unknown>>): Options;
  /** A counter for one stage, in one replica. */
  createCounter(options: Options): GuardrailCounter<Counts>;
  /** The counts of two replicas, as if one had seen all. */
  merge(a: Counts, b: Counts, options: Options): Counts;
  /** What the counts say. */
  judge(counts: Counts, options: Options, context: JudgeContext): Verdict;
}

/** What a guardrail is told of the policy that asks it. */
export interface JudgeContext {
  /** How often it may ever say `fail` of a candidate that is within the limit: the policy's rate, shared out over its guardrails and stages. */
  readonly failAlpha: number;
  /** How often it may ever say `pass` of a candidate that is beyond the limit. */
  readonly passAlpha: number;
  /** The fraction of keys that the candidate answers in the stage. */
  readonly weight: number;
  /** What the candidate is compared with in the stage. */
  readonly control: "stable" | "matched";
}

/** Counts the requests of one stage. */
export interface GuardrailCounter<Counts = unknown> {
  /** Adds one request. It is called for each, so it allocates nothing. */
  observe(event: GuardrailEvent, arm: Arm): void;
  /** Adds that an answer turned out to be right or wrong. Absent: it does not matter. */
  observeQuality?(isCorrect: boolean, arm: Arm): void;
  /** Adds what turned out to be the right answer to a shadowed request, with what both versions gave. Absent: it does not matter, and no pairs are kept. */
  observeTruth?(pair: { readonly output: unknown; readonly live: unknown; readonly truth: unknown }): void;
  /** What was counted so far, as JSON. */
  counts(): Counts;
}
