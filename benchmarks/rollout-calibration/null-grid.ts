import { builtInGuardrails, type GuardrailKind, outputDistribution } from "@mlops/rollout";
import { createRandom, type Random } from "@mlops/stats";

import { divergence, tilt } from "./tilt.ts";

/** A distribution, and how many requests each side has. */
export interface GridCell {
  readonly shape: "uniform" | "geometric";
  readonly bins: number;
  readonly requests: number;
}

const requestCounts: readonly number[] = [50, 100, 200, 500, 1_000];

/** Two shapes, three numbers of cells, five sizes. */
export const grid: readonly GridCell[] = (["uniform", "geometric"] as const).flatMap((shape) =>
  [10, 20, 50].flatMap((bins) => requestCounts.map((requests) => ({ shape, bins, requests }))),
);

/** How often a rule alarms in a cell. */
export interface GridResult {
  readonly cell: GridCell;
  readonly runs: number;
  /** "KL > 0.2" of the shares as they were counted, and with half a request added to each; both arms alike. */
  readonly bare: number;
  readonly smoothed: number;
  /** Our guardrail, asked at every tenth of that number; both arms alike. */
  readonly own: number;
  /** Our guardrail, where the candidate lies exactly at the limit. */
  readonly atLimit: number;
  /** Our guardrail, where it lies at 0.4. */
  readonly beyond: number;
}

export const klLimit = 0.2;
/** How often our guardrail may alarm, in all looks together. */
export const alpha = 0.05;

const { kind: kindName, options = {} } = outputDistribution({
  cells: { by: "class" },
  distance: "kullback-leibler",
  limit: klLimit,
});
const kind: GuardrailKind = builtInGuardrails.find(({ kind: name }) => name === kindName)!;
const parsed = kind.parseOptions(options);
const context = { failAlpha: alpha, passAlpha: alpha, weight: 0.5, control: "stable" } as const;

/** Plays a cell. */
export function runCell(cell: GridCell, runs: number, seed: number): GridResult {
  const q = sharesOf(cell);
  const random = createRandom(seed);
  const count = { bare: 0, smoothed: 0, own: 0, atLimit: 0, beyond: 0 };
  const [limit, beyond] = [tilt(q, klLimit), tilt(q, 0.4)];
  for (let run = 0; run < runs; run += 1) {
    const [a, b] = [draw(q, cell.requests, random), draw(q, cell.requests, random)];
    count.bare += Number(divergence(normalize(a, 0), normalize(b, 0)) > klLimit);
    count.smoothed += Number(divergence(normalize(a, 0.5), normalize(b, 0.5)) > klLimit);
    count.own += Number(failsEver(q, q, cell.requests, random));
    count.atLimit += Number(failsEver(limit, q, cell.requests, random));
    count.beyond += Number(failsEver(beyond, q, cell.requests, random));
  }
  return { cell, runs, ...count };
}

function failsEver(p: readonly number[], q: readonly number[], requests: number, random: Random): boolean {
  const looks = 10;
  const [candidate, control] = [p.map(() => 0), q.map(() => 0)];
  for (let look = 0; look < looks; look += 1) {
    for (const [counts, shares] of [
      [candidate, p],
      [control, q],
    ] as const) {
      for (const [index, found] of draw(shares, requests / looks, random).entries()) counts[index]! += found;
    }
    // What a counter of the guardrail leaves: how many requests each cell has.
    const counts = { candidate: byName(candidate), control: byName(control) };
    if (kind.judge(counts, parsed, context).status === "fail") return true;
  }
  return false;
}

function byName(counts: readonly number[]): Readonly<Record<string, number>> {
  return Object.fromEntries(
    counts.flatMap((count, index) => (count === 0 ? [] : [[`class ${index}`, count]])),
  );
}

function sharesOf({ shape, bins }: GridCell): number[] {
  const weights = Array.from({ length: bins }, (_, index) => (shape === "uniform" ? 1 : 0.7 ** index));
  return normalize(weights, 0);
}

function normalize(counts: readonly number[], added: number): number[] {
  const total = counts.reduce((sum, count) => sum + count + added, 0);
  return counts.map((count) => (count + added) / total);
}

/** A multinomial draw, cell by cell. */
function draw(shares: readonly number[], requests: number, random: Random): number[] {
  let [left, rest] = [requests, 1];
  return shares.map((share) => {
    const found = left === 0 ? 0 : random.binomial(left, Math.min(1, Math.max(0, share / rest)));
    left -= found;
    rest -= share;
    return found;
  });
}
