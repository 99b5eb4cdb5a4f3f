import type { TracedRequest } from "../trace.ts";
import { limits } from "./rule.ts";

/**
 * The candidate's requests of the last seconds, as a query over a window of a metrics store has
 * them. The limit of the latency is an edge of Prometheus' default buckets, so "the p95 is above it"
 * is exactly "more than 5 % are above it".
 */
export class CandidateWindow {
  readonly #seconds: number;
  readonly #counts: { requests: number; slow: number; failed: number }[] = [];
  #now = { requests: 0, slow: 0, failed: 0 };

  constructor(seconds: number) {
    this.#seconds = seconds;
  }

  observe({ candidate }: TracedRequest, isCandidate: boolean): void {
    if (!isCandidate) return;
    this.#now.requests += 1;
    this.#now.slow += Number(candidate.totalMs > limits.p95Ms);
    this.#now.failed += Number(candidate.fails);
  }

  endSecond(): void {
    this.#counts.push(this.#now);
    if (this.#counts.length > this.#seconds) this.#counts.shift();
    this.#now = { requests: 0, slow: 0, failed: 0 };
  }

  /** Whether each metric is within its limit; `undefined` where the query gives nothing. */
  isWithin(metric: "latency" | "errors"): boolean | undefined {
    const sum = (key: "requests" | "slow" | "failed"): number =>
      this.#counts.reduce((total, counts) => total + counts[key], 0);
    const requests = sum("requests");
    if (requests === 0) return undefined;
    return metric === "latency"
      ? sum("slow") <= 0.05 * requests
      : sum("failed") <= limits.errorRate * requests;
  }
}
