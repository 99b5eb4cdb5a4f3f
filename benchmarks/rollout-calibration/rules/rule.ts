import type { TracedRequest } from "../trace.ts";

/** What rolls a candidate out, as a tool does it. */
export interface Rule {
  readonly name: string;
  /** Begins a rollout. */
  start(): RunningRule;
}

/** A rollout under way. */
export interface RunningRule {
  /** The fraction of requests that the candidate answers now. */
  readonly weight: number;
  readonly outcome: "running" | "completed" | "rolled-back";
  /** Sees a request, and which version answered it. */
  observe(request: TracedRequest, isCandidate: boolean): void;
  /** A second is over. */
  endSecond(second: number): void;
}

/** What may not be exceeded: the same numbers for all rules. */
export const limits = { p95Ms: 500, errorRate: 0.02 } as const;
