import type { ColumnProfile } from "../profile/profile.ts";
import type { SpecialCell, SpecialCellName } from "../verdict/column-result.ts";
import { totalOf } from "./pool-rare-cells.ts";
import type { Sides } from "./sides.ts";

/** The special cells that either side has, with their weights. */
export function specialCellsOf(columns: Sides<ColumnProfile>, weight: Sides<number>): SpecialCell[] {
  const reference = specialWeightsOf(columns.reference);
  const current = specialWeightsOf(columns.current);
  return specialCellNames.flatMap((cell) => {
    const referenceWeight = reference[cell] ?? 0;
    const currentWeight = current[cell] ?? 0;
    if (referenceWeight + currentWeight === 0) return [];
    const referenceShare = weight.reference === 0 ? 0 : referenceWeight / weight.reference;
    const currentShare = weight.current === 0 ? 0 : currentWeight / weight.current;
    return [{ cell, referenceWeight, currentWeight, referenceShare, currentShare }];
  });
}

const specialCellNames: readonly SpecialCellName[] = [
  "missing",
  "invalid",
  "nan",
  "negative-infinity",
  "positive-infinity",
  "new-category",
];

function specialWeightsOf(column: ColumnProfile): Partial<Record<SpecialCellName, number>> {
  const { missing, invalid } = column;
  switch (column.kind) {
    case "numeric":
    case "datetime": {
      const { nan, negativeInfinity, positiveInfinity } = column.numbers;
      return {
        missing,
        invalid,
        nan,
        "negative-infinity": negativeInfinity,
        "positive-infinity": positiveInfinity,
      };
    }
    case "categorical":
    case "boolean":
      return { missing, invalid, "new-category": newCategoryWeight(column) };
    case "text":
    case "embedding":
      return { missing, invalid };
  }
}

/** Weight of the values that the reference never had; 0 where its categories were too many to know. */
export function newCategoryWeight(
  column: ColumnProfile & { readonly kind: "categorical" | "boolean" },
): number {
  if (!column.isComplete) return 0;
  return totalOf(column.counts.subarray(column.categories.length));
}
