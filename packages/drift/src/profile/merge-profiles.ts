import { createCounter } from "./create-counter.ts";
import type { Profile } from "./profile.ts";
import { RowTally } from "./row-tally.ts";
import { checkSameCells } from "./same-cells.ts";

/**
 * One profile of the rows of all. The order and the grouping make no difference, not in the last
 * bit: replicas count their rows, and send their profiles.
 *
 * @throws IncompatibleProfilesError `INCOMPATIBLE_PROFILES` unless all were counted on the same cells.
 */
export function mergeProfiles(first: Profile, ...others: readonly Profile[]): Profile {
  const tally = new RowTally();
  const counters = first.columns.map(createCounter);
  for (const part of [first, ...others]) {
    checkSameCells(first, part);
    tally.merge(part);
    for (const [index, counter] of counters.entries()) counter.merge(part.columns[index]!);
  }
  return { ...tally.read(), columns: counters.map((counter) => counter.build()) };
}
