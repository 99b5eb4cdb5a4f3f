import { monitorEventLoopDelay } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";

import { runClosedLoop } from "../lib/closed-loop.ts";
import { summarizeLatencies } from "../lib/latency-summary.ts";
import type { Engine } from "./engine.ts";
import { findProblem } from "./find-problem.ts";
import type { Load, LoadResult } from "./load.ts";
import type { Exchange } from "./requests.ts";

/**
 * Puts a closed loop of callers on an engine that runs in this process.
 *
 * @throws Error when an answer is wrong, or none.
 */
export async function measureLoad(
  engine: Engine,
  exchanges: readonly Exchange[],
  { callers, durationMs, warmUpMs, idleMs }: Load,
): Promise<LoadResult> {
  const run = async (maxMs: number): Promise<{ latenciesMs: readonly number[]; durationMs: number }> => {
    const result = await runClosedLoop({
      concurrency: callers,
      maxRequests: Infinity,
      maxMs,
      send: (index) => engine.predict(exchanges[index % exchanges.length]!.row),
      findProblem: (answer, index) => findProblem(answer, exchanges[index % exchanges.length]!),
    });
    if (result.firstProblem !== undefined) throw new Error(`${result.errors} errors. ${result.firstProblem}`);
    return result;
  };
  await run(warmUpMs);
  const idle = await watchLoop(() => sleep(idleMs));
  const cpuBefore = process.cpuUsage();
  const { value: result, delay } = await watchLoop(() => run(durationMs));
  const { user, system } = process.cpuUsage(cpuBefore);
  const { p50, p95, p99 } = summarizeLatencies(result.latenciesMs);
  return {
    requestsPerSecond: (result.latenciesMs.length / result.durationMs) * 1000,
    p50Ms: p50,
    p95Ms: p95,
    p99Ms: p99,
    loopDelayP99Ms: Math.max(delay.p99Ms - idle.delay.p50Ms, 0),
    idleLoopDelayP99Ms: idle.delay.p99Ms - idle.delay.p50Ms,
    busyCores: (user + system) / 1000 / result.durationMs,
  };
}

/** Long enough for the timer of the loop's delay to come. */
const timerMs = 3;

/** How late the loop was for a timer of a millisecond, that millisecond included, while `task` ran. */
async function watchLoop<Value>(
  task: () => Promise<Value>,
): Promise<{ readonly value: Value; readonly delay: { readonly p50Ms: number; readonly p99Ms: number } }> {
  const histogram = monitorEventLoopDelay({ resolution: 1 });
  histogram.enable();
  // The timer counts from the first time it has come, and up to the last.
  await sleep(timerMs);
  const value = await task();
  await sleep(timerMs);
  histogram.disable();
  return { value, delay: { p50Ms: histogram.percentile(50) / 1e6, p99Ms: histogram.percentile(99) / 1e6 } };
}
