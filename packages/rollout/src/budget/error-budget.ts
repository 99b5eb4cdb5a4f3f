import { InvalidOptionsError } from "@mlops/core";
import { z } from "zod";

import type { BudgetGate, BurnWindow } from "./budget-gate.ts";
import { type Bucket, BucketRing, bucketsPerWindow } from "./bucket-ring.ts";

export type { BudgetGate, BudgetVerdict, BurnWindow } from "./budget-gate.ts";

/** Options of {@link errorBudget}. */
export interface ErrorBudgetOptions {
  /** The fraction of requests that are to go well, in (0, 1): 0.999 leaves one of a thousand for failures. */
  readonly objective: number;
  /** The time that the objective is over, in milliseconds. Default 30 days. */
  readonly periodMs?: number | undefined;
  /** A request that takes longer, in milliseconds, counts as a failure. Default none does. */
  readonly latencyLimitMs?: number | undefined;
  /** What counts as burning too fast. Default {@link defaultAlerts}. */
  readonly alerts?: readonly BurnAlert[] | undefined;
  /** How many failures a verdict against a rollout takes at least: one of few requests is no rate. Default 5. */
  readonly minimumFailures?: number | undefined;
}

/** A pair of windows, and how much of the budget may be used up in the long one. */
export interface BurnAlert {
  /** In milliseconds. */
  readonly longMs: number;
  /** In milliseconds; at most `longMs`. It ends the alert soon after the failures end. */
  readonly shortMs: number;
  /** The fraction of the whole period's budget, in (0, 1]. The speed that uses it up is `budget · periodMs / longMs`. */
  readonly budget: number;
}

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/**
 * Four pairs, at 14.4, 6, 3 and 1 times the speed that uses up 30 days' budget in 30 days.
 *
 * @see Beyer, Murphy, Rensin, Kawahara and Thorne, The Site Reliability Workbook (2018), chapter 5,
 *   "Multiwindow, Multi-Burn-Rate Alerts", table 5-8; the pair of a day as Sloth has it.
 */
export const defaultAlerts: readonly BurnAlert[] = Object.freeze([
  { longMs: hourMs, shortMs: 5 * minuteMs, budget: 0.02 },
  { longMs: 6 * hourMs, shortMs: 30 * minuteMs, budget: 0.05 },
  { longMs: dayMs, shortMs: 2 * hourMs, budget: 0.1 },
  { longMs: 3 * dayMs, shortMs: 6 * hourMs, budget: 0.1 },
]);

const duration = z
  .number()
  .gt(0)
  .max(3_650 * dayMs);
interface ParsedOptions extends ErrorBudgetOptions {
  readonly periodMs: number;
  readonly alerts: readonly BurnAlert[];
  readonly minimumFailures: number;
}

const schema: z.ZodType<ParsedOptions> = z
  .strictObject({
    objective: z.number().gt(0).lt(1),
    periodMs: duration.default(30 * dayMs),
    latencyLimitMs: z.number().gt(0).optional(),
    alerts: z
      .array(z.strictObject({ longMs: duration, shortMs: duration, budget: z.number().gt(0).max(1) }))
      .min(1)
      .max(16)
      .default([...defaultAlerts]),
    minimumFailures: z.number().int().min(1).default(5),
  })
  .refine(({ alerts }) => alerts.every(({ longMs, shortMs }) => shortMs <= longMs), {
    path: ["alerts"],
    error: "a short window is longer than its long one",
  });

/** What one replica counted: the buckets of each ring, by the length of a bucket in milliseconds. */
type Counts = Readonly<Record<string, readonly Bucket[]>>;

/**
 * An error budget, counted from a rollout's own requests: whichever version answered, all but those
 * whose caller was to blame. It lets no rollout start or go on while the budget burns too fast by
 * any pair of windows, nor when that of the whole period is used up.
 *
 * A window has 60 buckets, so that memory is bounded (five rings of 61 by default, about 7 kB), and
 * reaches up to a sixtieth further back. Requests that were never counted burn nothing: before
 * traffic, the budget is whole. The replicas' counts merge by addition, on their own clocks.
 *
 * @throws InvalidOptionsError `INVALID_OPTIONS`
 *
 * @example
 * ```ts
 * createRollout({ ..., errorBudget: errorBudget({ objective: 0.999 }) });
 * ```
 */
export function errorBudget(options: ErrorBudgetOptions): BudgetGate {
  const { objective, periodMs, latencyLimitMs = Infinity, alerts, minimumFailures } = parseOptions(options);
  // 1 - 0.999 is 0.0010000000000000009.
  const allowed = Number((1 - objective).toPrecision(12));
  const lengths = [...new Set([periodMs, ...alerts.map(({ longMs }) => longMs)])];
  const createRings = (): Map<number, BucketRing> =>
    new Map(lengths.map((lengthMs) => [lengthMs, new BucketRing(lengthMs / bucketsPerWindow)]));
  const rings = createRings();
  const own = [...rings.values()];

  const addTo = (target: ReadonlyMap<number, BucketRing>, counts: unknown, now = Infinity): void => {
    for (const [length, ring] of target) {
      // What a clock that runs ahead counted was counted by now.
      const last = Math.floor((now * bucketsPerWindow) / length);
      const buckets = (counts as Counts)[String(length)] ?? []; // As `counts` gave it.
      ring.addBuckets(buckets.map(([index, all, failed]) => [Math.min(index, last), all, failed]));
    }
  };

  return {
    observe(outcome, totalMs, at) {
      const isFailure = outcome === "failure" || !(totalMs <= latencyLimitMs);
      for (let index = 0; index < own.length; index += 1) own[index]!.add(at, isFailure);
    },
    counts: () =>
      Object.fromEntries(
        [...rings].map(([length, ring]): [string, Bucket[]] => [String(length), ring.buckets()]),
      ),
    restore: (counts) => addTo(rings, counts),
    judge(counts, now) {
      const together = createRings();
      for (const one of counts) addTo(together, one, now);
      const sumOf = (lengthMs: number, windowMs: number): Sum =>
        sumSince(together.get(lengthMs)!.buckets(), lengthMs / bucketsPerWindow, now - windowMs);
      const burnOf = ({ requests, failures }: Sum): number =>
        requests === 0 ? 0 : failures / requests / allowed;

      const windows = alerts.map(({ longMs, shortMs, budget }): BurnWindow => {
        const long = sumOf(longMs, longMs);
        const short = sumOf(longMs, shortMs);
        const factor = Number(((budget * periodMs) / longMs).toPrecision(12));
        const isAbove = ({ requests, failures }: Sum): boolean => failures > factor * allowed * requests;
        return {
          longMs,
          shortMs,
          factor,
          longBurn: burnOf(long),
          shortBurn: burnOf(short),
          requests: long.requests,
          failures: long.failures,
          isBurning: long.failures >= minimumFailures && isAbove(long) && isAbove(short),
        };
      });
      const { requests, failures, first } = sumOf(periodMs, periodMs);
      // Traffic is taken to go on as it was seen.
      const seenMs = Math.min(periodMs, Math.max(0, now - first));
      const consumed = (burnOf({ requests, failures, first }) * seenMs) / periodMs;
      const isSpent = failures >= minimumFailures && consumed >= 1;
      const burning = windows.find(({ isBurning }) => isBurning);
      return {
        isLeft: burning === undefined && !isSpent,
        reason: tellWhy({ objective, requests, failures, consumed, isSpent, burning }),
        objective,
        requests,
        failures,
        consumed,
        windows,
      };
    },
  };
}

function parseOptions(options: ErrorBudgetOptions): ParsedOptions {
  const result = schema.safeParse(options);
  if (result.success) return result.data;
  const { path, message } = result.error.issues[0]!;
  const option = ["errorBudget", ...path.map(String)].join(".");
  throw new InvalidOptionsError({
    option,
    problem: `is not what it has to be: ${message}`,
    cause: result.error,
  });
}

interface Sum {
  readonly requests: number;
  readonly failures: number;
  /** When the first bucket with requests begins; `Infinity` for none. */
  readonly first: number;
}

/** The sum of the buckets that were not over at a time. */
function sumSince(buckets: readonly Bucket[], bucketMs: number, since: number): Sum {
  let [requests, failures, first] = [0, 0, Infinity];
  for (const [index, all, failed] of buckets) {
    if ((index + 1) * bucketMs <= since) continue;
    first = Math.min(first, index * bucketMs);
    requests += all;
    failures += failed;
  }
  return { requests, failures, first };
}

function tellWhy(found: {
  readonly objective: number;
  readonly requests: number;
  readonly failures: number;
  readonly consumed: number;
  readonly isSpent: boolean;
  readonly burning: BurnWindow | undefined;
}): string {
  const { objective, requests, failures, consumed, isSpent, burning } = found;
  const goal = `${Number((objective * 100).toPrecision(6))} %`;
  if (burning !== undefined) {
    const { longMs, shortMs, factor, longBurn, shortBurn } = burning;
    return `the budget of ${goal} burns ${short(longBurn)} times as fast as it lasts over ${hours(longMs)} and ${short(shortBurn)} times over ${hours(shortMs)}, where ${short(factor)} is the most (${burning.failures} of ${burning.requests} requests failed)`;
  }
  const used = `${failures} of ${requests} requests failed, which is ${short(consumed * 100)} % of the budget of ${goal}`;
  if (isSpent) return `the budget is used up: ${used}`;
  return requests === 0 ? "no request has been counted yet" : used;
}

function short(value: number): string {
  return String(Number(value.toPrecision(3)));
}

function hours(ms: number): string {
  return ms % hourMs === 0 ? `${ms / hourMs} h` : `${short(ms / minuteMs)} min`;
}
