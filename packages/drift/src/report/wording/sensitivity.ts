import type { ColumnResult } from "../../verdict/column-result.ts";
import type { DriftResult } from "../../verdict/drift-result.ts";

/**
 * The smallest change of a column that would most likely be found with another number of current
 * rows and the same reference, in (0, 1].
 *
 * Every bound of `minimumDetectableShift` is a constant over √N with N = nm/(n + m), so it carries
 * over; one that was cut off at 1 does not, nor does one of a side without values: `null`.
 */
export function detectableShiftWith(column: ColumnResult, currentRows: number): number | null {
  const { minimumDetectableShift: shift, valueRows } = column;
  const now = harmonicRows(valueRows.reference, valueRows.current);
  const then = harmonicRows(valueRows.reference, currentRows);
  if (shift === null || shift >= 1 || !(now > 0) || !(then > 0)) return null;
  return Math.min(shift * Math.sqrt(now / then), 1);
}

/**
 * How many current rows with a value a column needs to find a change of this share of rows, with a
 * probability of 0.8. `Infinity` where the reference is too small for it; `null` where nothing
 * can be said.
 */
export function currentRowsFor(column: ColumnResult, shift: number): number | null {
  const { minimumDetectableShift: shiftNow, valueRows } = column;
  const now = harmonicRows(valueRows.reference, valueRows.current);
  if (shiftNow === null || shiftNow >= 1 || !(now > 0)) return null;
  const needed = now * (shiftNow / shift) ** 2;
  const rows = (needed * valueRows.reference) / (valueRows.reference - needed);
  return needed >= valueRows.reference ? Infinity : Math.ceil(rows);
}

/** The columns that say how small a change could have been found. */
export interface Sensitivity {
  /** Half of the columns find a smaller change than this one. */
  readonly middle: ColumnResult;
  /** The column in which the largest change could have been missed. */
  readonly least: ColumnResult;
}

/** `null` where no column was tested. */
export function sensitivityOf({ columns }: DriftResult): Sensitivity | null {
  const measured = columns
    .filter((column) => column.minimumDetectableShift !== null)
    .sort((left, right) => (left.minimumDetectableShift ?? 1) - (right.minimumDetectableShift ?? 1));
  const middle = measured[Math.floor((measured.length - 1) / 2)];
  const least = measured.at(-1);
  return middle === undefined || least === undefined ? null : { middle, least };
}

function harmonicRows(reference: number, current: number): number {
  return reference + current === 0 ? 0 : (reference * current) / (reference + current);
}
