import type { Random } from "@mlops/stats";
import type { ProfileRow } from "../profile/profile-data.ts";
import { inferSchema } from "./infer-schema.ts";
import { validate } from "./validate.ts";

/**
 * Faults that the reference tolerates are frequent enough to occur in each. A row of columns that are hard to bound: heavy tails, rare categories, missing and odd values.
 */
function hardRow(random: Random): ProfileRow {
  return {
    normal: random.normal(),
    heavyTail: Math.exp(2 * random.normal()),
    uniform: random(),
    counts: random.poisson(2),
    rare: `c${random.zipf(2, 40)}`,
    few: `c${random.zipf(2, 6)}`,
    missing: random() < 0.08 ? null : random() < 0.08 ? Number.NaN : random.normal(),
    wrong: random() < 0.1 ? "?" : random() < 0.9,
    seldom: random() < 0.03,
  };
}

/** How many of some batches, from the very distribution of their reference, had an anomaly. */
export function countFalseAlarms(
  random: Random,
  runs: number,
  {
    referenceRows,
    batchRows,
    margin,
  }: { readonly referenceRows: number; readonly batchRows: number; readonly margin: number },
): number {
  const rows = (count: number): ProfileRow[] => Array.from({ length: count }, () => hardRow(random));
  let alarms = 0;
  for (let run = 0; run < runs; run += 1) {
    const schema = inferSchema(rows(referenceRows), { margin });
    if (!validate(schema, rows(batchRows)).isValid) alarms += 1;
  }
  return alarms;
}
