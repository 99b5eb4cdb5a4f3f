import { InvalidArgumentError } from "../errors/invalid-argument-error.ts";
import { checkCount } from "../arguments/check-number.ts";

/** Neighbouring cells taken together. */
export interface CellGroups {
  readonly groupCount: number;
  /** The group of each cell: ascending, from 0 to groupCount - 1. */
  readonly groupOfCell: Uint16Array;
}

/**
 * Joins neighbouring cells into at most `groups` groups of about equal reference mass: deciles from
 * 1,024 cells, for the population stability index and other distances that need full cells. A
 * cell with more mass than a group should have makes for fewer groups.
 *
 * @param reference - Rows of the reference per cell, in the order of the cells.
 * @throws InvalidArgumentError for a reference without rows, or `groups` below 1.
 *
 * @example
 * ```ts
 * equalMassGroups([1, 1, 1, 1, 4], 2).groupOfCell; //=> Uint16Array [0, 0, 0, 0, 1]
 * ```
 */
export function equalMassGroups(reference: ArrayLike<number>, groups: number): CellGroups {
  checkCount("groups", groups, 1);
  let total = 0;
  for (let cell = 0; cell < reference.length; cell += 1) total += reference[cell]!;
  if (!(total > 0 && total < Infinity)) {
    throw new InvalidArgumentError("reference has no rows; pass counts with at least one.", {
      argument: "reference",
    });
  }
  const groupOfCell = new Uint16Array(reference.length);
  let before = 0;
  let group = 0;
  let target = 0;
  for (let cell = 0; cell < reference.length; cell += 1) {
    const rows = reference[cell]!;
    // A cell belongs where its middle lies.
    const wanted = Math.min(Math.floor(((before + rows / 2) / total) * groups), groups - 1);
    if (cell > 0 && wanted > target) group += 1;
    target = Math.max(wanted, target);
    groupOfCell[cell] = group;
    before += rows;
  }
  return { groupCount: group + 1, groupOfCell };
}

/** The rows per group, from the rows per cell. */
export function sumGroups(counts: ArrayLike<number>, { groupCount, groupOfCell }: CellGroups): Float64Array {
  if (counts.length !== groupOfCell.length) {
    throw new InvalidArgumentError(
      `counts has ${counts.length} cells, and the groups are of ${groupOfCell.length}.`,
      { argument: "counts" },
    );
  }
  const sums = new Float64Array(groupCount);
  for (let cell = 0; cell < counts.length; cell += 1) sums[groupOfCell[cell]!]! += counts[cell]!;
  return sums;
}
