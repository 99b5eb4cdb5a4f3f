import { percentile } from "../lib/percentile.ts";
import type { Engine } from "./engine.ts";
import type { Exchange } from "./requests.ts";

/** Calls before the other engine has its turn again: few, so that both meet the same machine. */
const callsPerTurn = 20;

/**
 * The medians of one caller's latency with two engines that take turns in one process, where a
 * difference of microseconds does not drown in that between two processes.
 */
export async function measureInTurns(
  engines: readonly [Engine, Engine],
  exchanges: readonly Exchange[],
  durationMs: number,
): Promise<[p50Ms: number, p50Ms: number]> {
  const latenciesMs: [number[], number[]] = [[], []];
  let calls = 0;
  const measure = async (engine: Engine, latencies: number[]): Promise<void> => {
    for (let call = 0; call < callsPerTurn; call += 1) {
      const { row } = exchanges[calls++ % exchanges.length]!;
      const startedAt = performance.now();
      await engine.predict(row);
      latencies.push(performance.now() - startedAt);
    }
  };
  const startedAt = performance.now();
  while (performance.now() - startedAt < durationMs) {
    for (const index of [0, 1] as const) await measure(engines[index], latenciesMs[index]);
  }
  // The first third was for warming up.
  return latenciesMs.map((latencies) => {
    const warm = latencies.slice(Math.floor(latencies.length / 3)).toSorted((a, b) => a - b);
    return percentile(warm, 50);
  }) as [number, number];
}
