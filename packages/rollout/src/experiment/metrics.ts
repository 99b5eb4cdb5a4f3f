import type { ExperimentMetric } from "../policy/experiment.ts";

/** Options of {@link shareOf} and {@link meanOf}. */
export interface MetricOptions {
  /** How long after a key's first request its outcome counts, in milliseconds. Take the time in which nearly all come. */
  readonly attributionMs: number;
  /** What is better. Default `increase`. */
  readonly goal?: "increase" | "decrease" | undefined;
}

/** The share of keys for which something happened, such as a purchase. */
export function shareOf(name: string, { attributionMs, goal = "increase" }: MetricOptions): ExperimentMetric {
  return { name, kind: "share", goal, attributionMs };
}

/** The mean of a number over all keys, such as revenue; a key of which none was reported counts as 0. */
export function meanOf(name: string, { attributionMs, goal = "increase" }: MetricOptions): ExperimentMetric {
  return { name, kind: "mean", goal, attributionMs };
}
