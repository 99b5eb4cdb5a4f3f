import { correctPValues } from "@mlops/stats";
import type { ColumnTest } from "./column-test.ts";
import type { ResolvedDriftOptions } from "./drift-options.ts";

/** A column's p-value, with and without regard to the other columns. */
export interface AdjustedColumn {
  /** The smallest of its tests times their number. */
  readonly pValue: number;
  readonly adjustedPValue: number;
  /** Which of its tests stand after all adjusting, in the order given. */
  readonly isSignificant: readonly boolean[];
}

/**
 * Adjusts for the number of tests within each column (Bonferroni: they are few, and may depend on
 * each other), and then for the number of columns.
 *
 * @returns For each column; `undefined` for one without a test.
 */
export function adjustColumns(
  columns: readonly (readonly ColumnTest[])[],
  { correction, level }: Pick<ResolvedDriftOptions, "correction" | "level">,
): readonly (AdjustedColumn | undefined)[] {
  const pValues = columns.map((tests) =>
    tests.reduce((smallest, { pValue }) => Math.min(smallest, pValue.high * tests.length), 1),
  );
  const tested = columns.flatMap((tests, column) => (tests.length === 0 ? [] : [column]));
  const corrected = correctPValues(
    tested.map((column) => pValues[column]!),
    { method: correction, level },
  );
  const places = new Map(tested.map((column, place) => [column, place]));
  // A test stands where its column would, had it this p-value.
  const limit = Math.max(
    -1,
    ...tested.filter((_, place) => corrected.rejected[place]).map((column) => pValues[column]!),
  );
  return columns.map((tests, column) => {
    const place = places.get(column);
    if (place === undefined) return undefined;
    return {
      pValue: pValues[column]!,
      adjustedPValue: corrected.adjusted[place]!,
      isSignificant: tests.map(({ pValue }) => pValue.high * tests.length <= limit),
    };
  });
}
