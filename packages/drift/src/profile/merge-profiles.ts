import { createCounter } from "./create-counter.ts";
import type { Profile } from "./profile.ts";
import { RowTally } from "./row-tally.ts";
import { checkSameCells } from "./same-cells.ts";

/** So few that what they hold of neighbouring columns stays in the processor's cache. */
const chunkSize = 64;

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
  for (let start = 0; start < parts.length; start += chunkSize) {
    const chunk = parts.slice(start, start + chunkSize);
    for (const [index, counter] of counters.entries())
      counter.merge(chunk.map(({ columns }) => columns[index]!));
  }
  return { ...tally.read(), columns: counters.map((counter) => counter.build()) };
}
