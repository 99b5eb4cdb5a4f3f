import { createProfileBuilder, detectDrift, type Profile, profile } from "@mlops/drift";
import { detectLike, type ParityTool, type ParityVerdict } from "@mlops/drift/parity";
import { createRandom } from "@mlops/stats";

import type { Family } from "./families.ts";

/** Sizes of one cell of the table, and how many columns are simulated for it. */
export interface NullCell {
  readonly family: Family;
  readonly referenceRows: number;
  readonly windowRows: number;
  /** Columns without any change, each with its own window. */
  readonly simulated: number;
  /** How many of them the other tools' rules are shown as well. */
  readonly simulatedForOthers: number;
  readonly seed: number;
}

/** How often a verdict was drift. */
export interface Share {
  readonly alarms: number;
  readonly runs: number;
}

/** False alarms by the number of columns of a data set, as an object because it crosses threads. */
type SharesByColumns = Readonly<Record<number, Share>>;

/** The tools whose default rules are shown beside ours. */
export const rivals: readonly ParityTool[] = ["evidently", "nannyml", "azure", "whylogs"];

/** What a cell came to. */
export interface NullResult {
  readonly ours: SharesByColumns;
  readonly others: Readonly<Partial<Record<ParityTool, SharesByColumns>>>;
}

/** Numbers of columns of the simulated data sets. */
export const columnCounts: readonly number[] = [1, 20, 200];

/** A reference this much larger than all its windows together serves several: what they share is small. */
const windowsPerReference = (referenceRows: number): number => (referenceRows >= 50_000 ? 5 : 1);

/**
 * Simulates columns in which nothing has changed, puts them together to data sets of 1, 20 and 200
 * columns, no column in two data sets of one size, and counts the verdicts that are `drift`.
 */
export function runNullCell(cell: NullCell): NullResult {
  const { family, referenceRows, windowRows, simulated, simulatedForOthers, seed } = cell;
  const random = createRandom(seed);
  const pairs: { readonly reference: Profile; readonly current: Profile }[] = [];
  const verdicts = new Map<ParityTool, ParityVerdict["columns"][number][]>(rivals.map((tool) => [tool, []]));
  const shared = windowsPerReference(referenceRows);
  while (pairs.length < simulated) {
    const values = family.draw(random, referenceRows);
    const reference = profile({ x: toColumn(family, values) }, optionsOf(family));
    for (let window = 0; window < shared && pairs.length < simulated; window += 1) {
      const fresh = family.draw(random, windowRows);
      const builder = createProfileBuilder({ reference });
      builder.addAll({ x: toColumn(family, fresh) });
      if (window === 0 && verdicts.get("azure")!.length < simulatedForOthers) {
        for (const tool of rivals) {
          const { columns } = detectLike(
            tool,
            { x: toColumn(family, values) },
            { x: toColumn(family, fresh) },
          );
          verdicts.get(tool)!.push(...columns);
        }
      }
      pairs.push({ reference, current: builder.build() });
    }
  }
  return {
    // Neighbours share a reference: those of one data set stand far apart.
    ours: sharesOf(simulated, (members) => oursIsDrift(members.map((index) => pairs[index]!))),
    others: Object.fromEntries(
      rivals.map((tool) => {
        const columns = verdicts.get(tool)!;
        const needed = tool === "evidently" ? 0.5 : 0;
        const isDrift = (members: readonly number[]): boolean => {
          const share = members.filter((index) => columns[index]!.isDrift).length / members.length;
          return needed === 0 ? share > 0 : share >= needed;
        };
        return [tool, sharesOf(columns.length, isDrift)];
      }),
    ),
  };
}

function optionsOf({ kind }: Family): {
  readonly columns: Record<string, { readonly kind: Family["kind"] }>;
} {
  return { columns: { x: { kind } } };
}

/** A categorical column holds texts. */
function toColumn({ kind }: Pick<Family, "kind">, values: Float64Array): ArrayLike<unknown> {
  return kind === "numeric" ? values : Array.from(values, (rank) => `category ${rank}`);
}

function oursIsDrift(pairs: readonly { readonly reference: Profile; readonly current: Profile }[]): boolean {
  const [first] = pairs;
  const together = (side: "reference" | "current"): Profile => ({
    ...first![side],
    columns: pairs.map((pair, index) => ({ ...pair[side].columns[0]!, name: `x${index}` })),
  });
  return detectDrift(together("reference"), together("current")).status === "drift";
}

function sharesOf(count: number, isDrift: (members: readonly number[]) => boolean): SharesByColumns {
  const shares: Record<number, Share> = {};
  for (const columns of columnCounts) {
    const runs = Math.floor(count / columns);
    let alarms = 0;
    for (let run = 0; run < runs; run += 1) {
      if (isDrift(Array.from({ length: columns }, (_, index) => run + index * runs))) alarms += 1;
    }
    shares[columns] = { alarms, runs };
  }
  return shares;
}
