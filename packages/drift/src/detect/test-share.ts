import type { SpecialCellName } from "../verdict/column-result.ts";
import type { ColumnTest, TestSettings } from "./column-test.ts";
import { shareEffect } from "./effect.ts";
import type { Sides } from "./sides.ts";
import { fisherOf } from "./test-cells.ts";

/** Tests whether one special cell, such as missing, has the same share on both sides. */
export function testShare(
  subject: SpecialCellName,
  counts: Sides<number>,
  rows: Sides<number>,
  settings: TestSettings,
): ColumnTest {
  const pValue = fisherOf(counts, rows);
  return {
    subject,
    test: "fisher-exact",
    why: "one share on each side: exact at any size",
    statistic: counts.current / rows.current - counts.reference / rows.reference,
    degreesOfFreedom: null,
    pValue: { low: pValue, high: pValue },
    effect: shareEffect(counts, rows, {
      confidence: settings.confidence,
      threshold: settings.materialSpecialShare,
    }),
    rows,
  };
}
