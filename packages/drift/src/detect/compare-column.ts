import { hashText } from "@mlops/stats";
import { totalCount } from "../profile/cell-counts.ts";
import type { ColumnProfile, NumericSummary } from "../profile/profile.ts";
import { textDescriptors } from "../profile/text-column-counter.ts";
import type { SpecialCell } from "../verdict/column-result.ts";
import type { ColumnTest, TestSettings } from "./column-test.ts";
import type { Sides } from "./sides.ts";
import { specialCellsOf } from "./special-cells.ts";
import { testCategories } from "./test-categories.ts";
import { testEmbedding } from "./test-embedding.ts";
import { testNewCategory } from "./test-new-category.ts";
import { rowsOf, testNumbers } from "./test-numbers.ts";
import { testShare } from "./test-share.ts";

/** Both sides of one column, counted on the same cells. */
export interface ColumnSides {
  readonly columns: Sides<ColumnProfile>;
  /** Weight of all rows. */
  readonly weight: Sides<number>;
  /** Rows of weight 1 that the rows are worth. */
  readonly rows: Sides<number>;
  /** The numbers themselves, where both sides are at hand and each row counts once. */
  readonly values?: Sides<Float64Array> | undefined;
}

/** All that was found out about a column, before it is adjusted for the other columns. */
export interface ColumnComparison {
  readonly sides: ColumnSides;
  readonly tests: readonly ColumnTest[];
  readonly specialCells: readonly SpecialCell[];
  /** The tests of the values, not of special cells. */
  readonly valueTests: readonly ColumnTest[];
  readonly valueRows: Sides<number>;
}

/** Tests one column: its values, and each special cell that either side has. */
export function compareColumn(sides: ColumnSides, settings: TestSettings): ColumnComparison {
  const { columns, weight, rows } = sides;
  const specialCells = specialCellsOf(columns, weight);
  const seeded = { ...settings, seed: settings.seed + hashText(columns.reference.name).low };
  const scale = {
    reference: weight.reference === 0 ? 0 : rows.reference / weight.reference,
    current: weight.current === 0 ? 0 : rows.current / weight.current,
  };
  const valueTests = testValues(sides, scale, seeded);
  const hasRows = rows.reference > 0 && rows.current > 0;
  const specialTests = !hasRows
    ? []
    : specialCells
        .filter(({ cell }) => cell !== "new-category")
        .map(({ cell, referenceWeight, currentWeight }) =>
          testShare(
            cell,
            { reference: referenceWeight * scale.reference, current: currentWeight * scale.current },
            rows,
            seeded,
          ),
        );
  return {
    sides,
    valueTests,
    tests: [...valueTests, ...specialTests, ...newCategoryTests(columns, scale, seeded)],
    specialCells,
    valueRows: {
      reference: ordinaryWeight(columns.reference) * scale.reference,
      current: ordinaryWeight(columns.current) * scale.current,
    },
  };
}

function testValues(
  { columns: { reference, current }, values }: ColumnSides,
  scale: Sides<number>,
  settings: TestSettings,
): ColumnTest[] {
  if (isNumeric(reference) && isNumeric(current)) {
    const summaries = { reference: reference.numbers, current: current.numbers };
    return defined([testNumbers({ subject: "values", summaries, scale, values }, settings)]);
  }
  if (isCategorical(reference) && isCategorical(current)) {
    return defined([testCategories({ reference, current }, scale, settings)]);
  }
  if (reference.kind === "text" && current.kind === "text") {
    return defined(
      textDescriptors.map((subject) => {
        const summaries = {
          reference: reference.descriptors[subject],
          current: current.descriptors[subject],
        };
        return testNumbers({ subject, summaries, scale }, settings);
      }),
    );
  }
  if (reference.kind === "embedding" && current.kind === "embedding") {
    return testEmbedding({ reference, current }, scale, settings);
  }
  return [];
}

function newCategoryTests(
  { reference, current }: Sides<ColumnProfile>,
  scale: Sides<number>,
  settings: TestSettings,
): ColumnTest[] {
  if (!isCategorical(reference) || !isCategorical(current)) return [];
  const rows = {
    reference: totalCount(reference.counts) * scale.reference,
    current: totalCount(current.counts) * scale.current,
  };
  return defined([testNewCategory({ reference, current }, rows, settings)]);
}

/** Weight of the rows with a value of the column's kind. */
function ordinaryWeight(column: ColumnProfile): number {
  switch (column.kind) {
    case "numeric":
    case "datetime":
      return totalCount(column.numbers.counts);
    case "categorical":
    case "boolean":
      return totalCount(column.counts);
    case "text":
      return rowsOf(column.descriptors.length);
    case "embedding":
      return rowsOf(column.norm);
  }
}

/** The numbers of a column, where it holds numbers. */
export function numbersOf({ reference, current }: Sides<ColumnProfile>): Sides<NumericSummary> | undefined {
  if (!isNumeric(reference) || !isNumeric(current)) return undefined;
  return { reference: reference.numbers, current: current.numbers };
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

function defined(tests: readonly (ColumnTest | undefined)[]): ColumnTest[] {
  return tests.filter((test) => test !== undefined);
}
