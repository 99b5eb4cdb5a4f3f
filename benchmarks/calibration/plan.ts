import { families } from "./families.ts";
import type { NullCell } from "./null-runs.ts";
import type { PowerOptions } from "./power-runs.ts";

/** Work for one thread at a time; plain data. */
export type Job =
  | { readonly kind: "null"; readonly family: string; readonly cell: Omit<NullCell, "family"> }
  | { readonly kind: "power"; readonly options: PowerOptions };

/** How much is simulated. */
export interface PlanOptions {
  readonly isQuick: boolean;
  readonly seed: number;
}

/** Rows of the references and of the windows. */
export const referenceSizes: readonly number[] = [500, 5_000, 50_000];
export const windowSizes: readonly number[] = [50, 100, 250, 1_000, 10_000];

const columnsByReference: Readonly<Record<number, number>> = { 500: 2_000, 5_000: 1_000, 50_000: 400 };
const othersByReference: Readonly<Record<number, number>> = { 500: 400, 5_000: 200, 50_000: 40 };

/** Every cell of the table, the slowest first, and the power in parts. */
export function createPlan({ isQuick, seed }: PlanOptions): Job[] {
  const jobs: Job[] = [];
  let next = seed;
  for (const referenceRows of isQuick ? [500] : referenceSizes.toReversed()) {
    for (const windowRows of isQuick ? [50, 1_000] : windowSizes.toReversed()) {
      for (const family of families) {
        next += 1;
        const cell = {
          referenceRows,
          windowRows,
          simulated: isQuick ? 40 : columnsByReference[referenceRows]!,
          simulatedForOthers: isQuick ? 20 : othersByReference[referenceRows]!,
          seed: next,
        };
        jobs.push({ kind: "null", family: family.name, cell });
      }
    }
  }
  for (let part = 0; part < (isQuick ? 1 : 8); part += 1) {
    next += 1;
    jobs.push({
      kind: "power",
      options: { rounds: isQuick ? 2 : 25, roundsForOthers: isQuick ? 1 : 6, seed: next },
    });
  }
  return jobs;
}
