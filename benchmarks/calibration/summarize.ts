import { binomialInterval } from "@mlops/stats";

import { columnCounts, type rivals, type Share } from "./null-runs.ts";
import type { Outcome } from "./run-job.ts";

/** The rate that our verdict states. */
export const statedRate = 0.05;
/** It may be missed by this factor at most. */
export const allowedFactor = 1.2;

/** Adds up shares. */
export function pool(shares: readonly (Share | undefined)[]): Share {
  return shares.reduce<Share>(
    (sum, share) => ({ alarms: sum.alarms + (share?.alarms ?? 0), runs: sum.runs + (share?.runs ?? 0) }),
    { alarms: 0, runs: 0 },
  );
}

/** The outcomes in which nothing changed. */
export type NullOutcome = Extract<Outcome, { readonly job: { readonly kind: "null" } }>;

/** A tool's false alarms over some outcomes; ours is `drift`. */
export function falseAlarms(outcomes: readonly NullOutcome[], tool: string, columns: number): Share {
  return pool(
    outcomes.map(({ result }) =>
      tool === "drift" ? result.ours[columns] : result.others[tool as (typeof rivals)[number]]?.[columns],
    ),
  );
}

/** A share with its Clopper-Pearson interval, in percent. */
export function formatShare({ alarms, runs }: Share): string {
  if (runs === 0) return "–";
  const { estimate, lower, upper } = binomialInterval(
    { successes: alarms, trials: runs },
    { method: "clopper-pearson" },
  );
  return `${percent(estimate)} [${percent(lower)}, ${percent(upper)}]`;
}

function percent(share: number): string {
  const value = 100 * share;
  return value >= 10 ? value.toFixed(0) : value.toFixed(1);
}

/** From so many runs on the share itself says enough: its standard error is then below 0.7 %. */
const manyRuns = 1_000;

/**
 * Where our verdict does not hold its rate: a number of columns for which it is above the allowed one
 * over all cells, or a cell that is above it beyond what chance explains (1 in 10,000). Over fewer than
 * 1,000 runs it has to be above beyond chance too, here 1 in 40.
 */
export function findBroken(outcomes: readonly NullOutcome[]): string[] {
  const limit = statedRate * allowedFactor;
  return columnCounts.flatMap((columns) => {
    const all = falseAlarms(outcomes, "drift", columns);
    const broken: string[] = [];
    if (all.runs > 0 && (all.runs >= manyRuns ? all.alarms / all.runs : lowerBound(all, 0.95)) > limit) {
      broken.push(`${columns} columns: ${formatShare(all)} %`);
    }
    for (const { job, result } of outcomes) {
      const { alarms, runs } = result.ours[columns]!;
      if (runs === 0) continue;
      if (lowerBound({ alarms, runs }, 0.9998) <= limit) continue;
      const { referenceRows, windowRows } = job.cell;
      broken.push(
        `${job.family}, ${referenceRows} against ${windowRows}, ${columns} columns: ${alarms} of ${runs}`,
      );
    }
    return broken;
  });
}

function lowerBound({ alarms, runs }: Share, confidence: number): number {
  return binomialInterval({ successes: alarms, trials: runs }, { method: "clopper-pearson", confidence })
    .lower;
}
