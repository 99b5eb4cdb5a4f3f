import { hashText } from "@mlops/stats";
import { overflowCellOf } from "../profile/category-column-counter.ts";
import type { CategoricalColumn } from "../profile/profile.ts";
import type { ColumnTest, TestSettings } from "./column-test.ts";
import { totalOf } from "./pool-rare-cells.ts";
import { mapSides, type Sides } from "./sides.ts";
import { testCells } from "./test-cells.ts";

/**
 * Tests whether two samples have their categories with the same probabilities.
 *
 * Which categories have a cell of their own was learned from the reference, so rare ones
 * look more frequent there than they are. What is rare on both sides together is therefore taken
 * together with all that has no cell of its own: with the new ones, or in the cells of its hash.
 *
 * @returns `undefined` where a side has no category.
 */
export function testCategories(
  columns: Sides<CategoricalColumn>,
  scale: Sides<number>,
  settings: TestSettings,
): ColumnTest | undefined {
  const { reference } = columns;
  const own = reference.categories.length;
  const counts = {
    reference: Float64Array.from(columns.reference.counts, (count) => count * scale.reference),
    current: Float64Array.from(columns.current.counts, (count) => count * scale.current),
  };
  const what = reference.kind === "boolean" ? "booleans" : "categories";
  if (reference.isComplete) {
    return testCells(
      {
        subject: "values",
        counts: mapSides(counts, (side) => side.subarray(0, own)),
        rare: mapSides(counts, (side) => totalOf(side.subarray(own))),
        what,
      },
      settings,
    );
  }
  return testCells({ subject: "values", counts: withRareInOverflow(reference, counts), what }, settings);
}

/** Moves the categories near the limit of having a cell to the overflow cells where their like are. */
function withRareInOverflow(
  { categories, counts: weights }: CategoricalColumn,
  counts: Sides<Float64Array>,
): Sides<Float64Array> {
  const rows = mapSides(counts, totalOf);
  const scale = weights[0]! > 0 ? counts.reference[0]! / weights[0]! : 1;
  const last = weights[categories.length - 1]! * scale;
  // Above this a category would hardly have missed having a cell.
  const limit =
    (last + 4 * Math.sqrt(last) + 4) * ((rows.reference + rows.current) / Math.max(rows.reference, 1));
  const moved = mapSides(counts, (side) => side.slice());
  for (const [cell, category] of categories.entries()) {
    if (counts.reference[cell]! + counts.current[cell]! >= limit) continue;
    const overflow = categories.length + overflowCellOf(hashText(category).low, false);
    for (const [from, to] of [
      [counts.reference, moved.reference],
      [counts.current, moved.current],
    ] as const) {
      to[overflow]! += from[cell]!;
      to[cell] = 0;
    }
  }
  return moved;
}
