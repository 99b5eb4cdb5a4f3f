import { IncompatibleProfilesError } from "../errors/incompatible-profiles-error.ts";
import type { ColumnProfile, NumericSummary, Profile } from "./profile.ts";
import { textDescriptors } from "./text-column-counter.ts";

/**
 * Refuses profiles that were not counted on the same cells.
 *
 * @throws IncompatibleProfilesError `INCOMPATIBLE_PROFILES`
 */
export function checkSameCells(left: Profile, right: Profile): void {
  if (left.columns === right.columns) return;
  if (left.columns.length !== right.columns.length) {
    throw new IncompatibleProfilesError({
      problem: `one has ${left.columns.length} columns, the other ${right.columns.length}`,
    });
  }
  for (const [index, column] of left.columns.entries()) {
    const problem = findDifference(column, right.columns[index]!);
    if (problem !== undefined) throw new IncompatibleProfilesError({ column: column.name, problem });
  }
}

function findDifference(left: ColumnProfile, right: ColumnProfile): string | undefined {
  if (left.name !== right.name) return `is ${JSON.stringify(right.name)} in the other`;
  if (isNumeric(left) && isNumeric(right) && left.kind === right.kind) {
    return haveSameCells(left.numbers, right.numbers) ? undefined : "has other cells in the other";
  }
  if (isCategorical(left) && isCategorical(right) && left.kind === right.kind) {
    const isSame = left.isComplete === right.isComplete && haveSameEntries(left.categories, right.categories);
    return isSame ? undefined : "has other categories in the other";
  }
  if (left.kind === "text" && right.kind === "text") {
    const isSame =
      haveSameEntries(left.vocabulary, right.vocabulary) &&
      textDescriptors.every((name) => haveSameCells(left.descriptors[name], right.descriptors[name]));
    return isSame ? undefined : "has another vocabulary or other cells in the other";
  }
  if (left.kind === "embedding" && right.kind === "embedding") {
    const isSame =
      left.scale === right.scale &&
      haveSameEntries(left.center, right.center) &&
      haveSameCells(left.norm, right.norm) &&
      haveSameCells(left.distance, right.distance);
    return isSame ? undefined : "has another center or other cells in the other";
  }
  return `is ${left.kind} in one and ${right.kind} in the other`;
}

/** Whether two summaries were counted on the same frozen cells. */
export function haveSameCells(left: NumericSummary, right: NumericSummary): boolean {
  return left.center === right.center && left.spread === right.spread && left.cells.equals(right.cells);
}

function haveSameEntries(left: ArrayLike<unknown>, right: ArrayLike<unknown>): boolean {
  if (left === right) return true;
  if (left.length !== right.length) return false;
  for (let index = 0; index < left.length; index += 1) if (left[index] !== right[index]) return false;
  return true;
}

function isNumeric(
  column: ColumnProfile,
): column is ColumnProfile & { readonly kind: "numeric" | "datetime" } {
  return column.kind === "numeric" || column.kind === "datetime";
}

function isCategorical(
  column: ColumnProfile,
): column is ColumnProfile & { readonly kind: "categorical" | "boolean" } {
  return column.kind === "categorical" || column.kind === "boolean";
}
