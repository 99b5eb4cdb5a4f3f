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
  const parts = [first, ...others];
  const tally = new RowTally();
  for (const part of parts) {
    checkSameCells(first, part);
    tally.merge(part);
  }
  const counters = first.columns.map(createCounter);
  // Two of them cost little more time than one, and more at a time no less than two.
  for (let start = 0; start < parts.length; start += 2) {
    const pair = parts.slice(start, start + 2);
    for (const [index, counter] of counters.entries())
      counter.merge(pair.map(({ columns }) => columns[index]!));
  }
  return { ...tally.read(), columns: counters.map((counter) => counter.build()) };
}
