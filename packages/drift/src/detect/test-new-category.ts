import type { CategoricalColumn } from "../profile/profile.ts";
import type { ColumnTest, TestSettings } from "./column-test.ts";
import { shareEffect } from "./effect.ts";
import { newCategoryWeight } from "./special-cells.ts";
import type { Sides } from "./sides.ts";
import { fisherOf } from "./test-cells.ts";

/**
 * Tests whether more rows have a category that the reference never had than is to be expected.
 *
 * That some have is no sign of change: of a long tail of rare categories a reference never has them
 * all. How many to expect tells the reference itself: the share of its rows whose category
 * no other of its rows has (Good and Turing). Rows of one new category come together, so the rows
 * count for less than they are: by the ratio of the variances with and without that.
 *
 * @returns `undefined` where the reference's categories were too many to know, or nothing could be new.
 */
export function testNewCategory(
  columns: Sides<CategoricalColumn>,
  rows: Sides<number>,
  settings: TestSettings,
): ColumnTest | undefined {
  const { reference, current } = columns;
  const fresh = newCategoryWeight(current);
  if (!reference.isComplete || weightOf(reference) === 0 || weightOf(current) === 0) return undefined;
  const scale = {
    reference: rows.reference / weightOf(reference),
    current: rows.current / weightOf(current),
  };
  const once = rowsSeen(reference, scale.reference, 1);
  const twice = rowsSeen(reference, scale.reference, 2) / 2;
  if (once === 0 && fresh === 0) return undefined;
  const clustering = 1 + (rows.current / rows.reference) * ((2 * twice) / Math.max(once, 1));
  const counts = { reference: once, current: (fresh * scale.current) / clustering };
  const worth = { reference: rows.reference, current: rows.current / clustering };
  const pValue = fisherOf(counts, worth);
  const isMore = counts.current / worth.current > counts.reference / worth.reference;
  const oneSided = isMore ? pValue : 1;
  return {
    subject: "new-category",
    test: "fisher-exact",
    why: `new categories against the ${mapShare(counts.reference / worth.reference)} of the reference's rows that are the only ones of theirs`,
    statistic: counts.current / worth.current - counts.reference / worth.reference,
    degreesOfFreedom: null,
    pValue: { low: oneSided, high: oneSided },
    effect: shareEffect(counts, worth, {
      confidence: settings.confidence,
      threshold: settings.materialSpecialShare,
    }),
    rows: worth,
  };
}

function weightOf({ counts }: CategoricalColumn): number {
  let weight = 0;
  for (const count of counts) weight += count;
  return weight;
}

/** Rows in the categories that have so many effective rows. */
function rowsSeen({ categories, counts }: CategoricalColumn, scale: number, times: number): number {
  let rows = 0;
  for (let cell = 0; cell < categories.length; cell += 1) {
    if (Math.round(counts[cell]! * scale) === times) rows += times;
  }
  return rows;
}

function mapShare(share: number): string {
  return `${(100 * share).toPrecision(2)} %`;
}
