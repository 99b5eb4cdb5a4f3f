import { createRandom, normalQuantile, type Random } from "@mlops/stats";

import type { GuardrailEvent } from "../guardrail/guardrail.ts";

/** How one version answers, for a simulation. */
export interface TrafficModel {
  /** The 95th percentile of its latency, in milliseconds; log-normal. */
  readonly p95Ms: number;
  /** The median of its latency, in milliseconds. Default a third of `p95Ms`. */
  readonly medianMs?: number | undefined;
  /** The fraction of requests that fail, in [0, 1]. Default 0. */
  readonly errorRate?: number | undefined;
  /** How its answers are spread over classes: each one's share. Default one class. */
  readonly classes?: Readonly<Record<string, number>> | undefined;
  /** The fraction of answers that are wrong, in [0, 1]: what reports of quality say. Default none is reported. */
  readonly wrongRate?: number | undefined;
}

/** Requests of one version, one after the other. */
export interface TrafficSource {
  next(): GuardrailEvent;
  /** Whether the answer was right; `undefined` where nothing is reported. */
  isCorrect(): boolean | undefined;
}

/** Draws requests of a version. */
export function createTraffic(model: TrafficModel, random: Random): TrafficSource {
  const { p95Ms, medianMs = p95Ms / 3, errorRate = 0, classes = { only: 1 }, wrongRate } = model;
  const generator = createRandom(Math.floor(random() * 2 ** 32));
  const spread = Math.log(p95Ms / medianMs) / normalQuantile(0.95);
  const center = Math.log(medianMs);
  const names = Object.keys(classes);
  const bounds: number[] = [];
  let sum = 0;
  for (const name of names) bounds.push((sum += classes[name]!));
  const draw = (): string => {
    const at = generator() * sum;
    return names[bounds.findIndex((bound) => at < bound)] ?? names.at(-1)!;
  };
  return {
    next() {
      const totalMs = Math.exp(center + spread * generator.normal());
      return generator() < errorRate
        ? { outcome: "failure", totalMs, error: { code: "BACKEND_FAILED" } }
        : { outcome: "success", totalMs, output: draw() };
    },
    isCorrect: () => (wrongRate === undefined ? undefined : generator() >= wrongRate),
  };
}
