import { InvalidDriftOptionsError } from "../errors/invalid-drift-options-error.ts";
import type { ColumnKind } from "./profile.ts";

/** How one column of a reference is profiled. */
export interface ColumnOptions {
  /** By default inferred from the values. Numbers that are codes need `"categorical"`. */
  readonly kind?: ColumnKind;
  /** At most this many cells for numbers, from 2 to 1,024, which is the default. */
  readonly maxCells?: number;
  /** At most this many categories of their own, from 1 to 1,024, which is the default. */
  readonly maxCategories?: number;
}

/** {@link ColumnOptions} with its defaults. */
export interface ResolvedColumnOptions {
  readonly kind: ColumnKind | undefined;
  readonly maxCells: number;
  readonly maxCategories: number;
}

/** Options by column. */
export type ColumnsOptions = Readonly<Record<string, ColumnOptions>>;

const kinds: readonly string[] = ["numeric", "datetime", "categorical", "boolean", "text", "embedding"];

/**
 * The checked options of a column.
 *
 * @throws InvalidDriftOptionsError `INVALID_DRIFT_OPTIONS`
 */
export function columnOptionsOf(columns: ColumnsOptions, name: string): ResolvedColumnOptions {
  const options = Object.hasOwn(columns, name) ? columns[name] : undefined;
  const { kind, maxCells = 1024, maxCategories = 1024 } = options ?? {};
  if (kind !== undefined && !kinds.includes(kind)) {
    throw new InvalidDriftOptionsError({
      option: `columns.${name}.kind`,
      problem: `is ${JSON.stringify(kind)}`,
      remedy: `Pass one of ${kinds.join(", ")}.`,
    });
  }
  checkRange(`columns.${name}.maxCells`, maxCells, 2);
  checkRange(`columns.${name}.maxCategories`, maxCategories, 1);
  return { kind, maxCells, maxCategories };
}

function checkRange(option: string, value: number, minimum: number): void {
  if (Number.isInteger(value) && value >= minimum && value <= 1024) return;
  throw new InvalidDriftOptionsError({
    option,
    problem: `is ${String(value)}`,
    remedy: `Pass a whole number from ${minimum} to 1024.`,
  });
}

/**
 * Refuses options for columns that are not there: a misspelt name would pass unnoticed.
 *
 * @throws InvalidDriftOptionsError `INVALID_DRIFT_OPTIONS`
 */
export function checkColumnNames(columns: ColumnsOptions, names: ReadonlySet<string>): void {
  for (const name of Object.keys(columns)) {
    if (names.has(name)) continue;
    throw new InvalidDriftOptionsError({
      option: `columns.${name}`,
      problem: "is for a column that the data do not have",
      remedy: `The columns are ${[...names].slice(0, 20).join(", ")}.`,
    });
  }
}
