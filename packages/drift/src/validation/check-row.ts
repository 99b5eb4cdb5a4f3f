import { describeComparison, holds } from "./compare-columns.ts";
import { type Comparison, type DataSchema, isExpectedIn } from "./data-schema.ts";
import { describeValue } from "./describe-value.ts";
import { parseSchema } from "./parse-schema.ts";
import { plainlyGoodOf } from "./plainly-good.ts";
import { type ValueCheck, valueChecksOf } from "./value-checks.ts";
import { checkEnvironment } from "./validate-options.ts";
import { type AnomalyCode, codeOfCheck } from "./validation-result.ts";

/** Something that a single row has and the schema does not allow. */
export interface RowIssue {
  readonly code: AnomalyCode | "NOT_A_ROW";
  /** The column, or the left one of two; `null` for the row as a whole. */
  readonly column: string | null;
  /** One sentence; it has the value, cut and escaped. */
  readonly message: string;
}

/** Options of {@link createRowChecker}. */
export interface RowOptions {
  /** Where the rows are from, one of the schema's environments; by default all columns are expected. */
  readonly environment?: string;
}

/**
 * The issues of a row; an empty list for a good one. Whatever the row is, it does not throw, unless
 * reading a property of it does.
 */
export type RowChecker = (row: unknown) => readonly RowIssue[];

/**
 * Compiles a schema to a check of single rows, such as requests. A row is held to every check that
 * can be made of one row, whatever `mostly` says: types, values, required columns, comparisons, and
 * unknown columns where they are refused.
 *
 * @throws InvalidSchemaError `INVALID_SCHEMA`
 * @throws InvalidDriftOptionsError `INVALID_DRIFT_OPTIONS` for an environment that the schema does not have.
 */
export function createRowChecker(schema: DataSchema, options: RowOptions = {}): RowChecker {
  const checked = parseSchema(schema);
  checkEnvironment(checked, options.environment);
  const columns = checked.columns
    .filter((column) => isExpectedIn(column, options.environment))
    .map((column) => ({
      name: column.name,
      isInherited: column.name in Object.prototype,
      isRequired: column.required === true,
      isNullable: column.required !== true && column.nullable !== false,
      isPlainlyGood: plainlyGoodOf(column),
      checks: valueChecksOf(column).filter(({ name }) => name !== "finite" || isFiniteAsked(column)),
    }));
  const names = new Set(checked.columns.map(({ name }) => name));
  const refusesUnknown = checked.unknownColumns === "refuse";
  const comparisons = checked.comparisons ?? [];
  return (row) => {
    if (typeof row !== "object" || row === null || Array.isArray(row)) return [notARow(row)];
    // An object of whatever kind: its own properties are the columns.
    const values = row as Readonly<Record<string, unknown>>;
    let issues: RowIssue[] | undefined;
    let found = 0;
    for (const column of columns) {
      const { name, isInherited, isRequired, isNullable, isPlainlyGood, checks } = column;
      const value = isInherited && !Object.hasOwn(values, name) ? undefined : values[name];
      if (value !== undefined) found += 1;
      if (isPlainlyGood?.(value) === true) continue;
      if (value === undefined || value === null) {
        if (isRequired) (issues ??= []).push(missing(name));
        else if (value === null && !isNullable) (issues ??= []).push(nullValue(name));
        continue;
      }
      for (const check of checks) {
        if (check.passes(value)) continue;
        (issues ??= []).push(wrongValue(name, check, value));
        if (check.isGate) break;
      }
    }
    if (refusesUnknown) {
      const own = Object.keys(values);
      // A plain object with as many properties as columns were found has no others.
      const hasOthers = own.length !== found || Object.getPrototypeOf(values) !== Object.prototype;
      for (const name of hasOthers ? own : []) {
        if (!names.has(name)) (issues ??= []).push(unknownColumn(name));
      }
    }
    for (const comparison of comparisons) {
      const isHeld = holds(comparison.operator, own(values, comparison.left), own(values, comparison.right));
      if (isHeld === false) (issues ??= []).push(wrongComparison(comparison));
    }
    return issues ?? [];
  };
}

/**
 * The issues of one row. It compiles the schema each time: for many rows, keep what
 * {@link createRowChecker} gives.
 *
 * @throws InvalidSchemaError `INVALID_SCHEMA`
 * @throws InvalidDriftOptionsError `INVALID_DRIFT_OPTIONS` for an environment that the schema does not have.
 */
export function checkRow(schema: DataSchema, row: unknown, options: RowOptions = {}): readonly RowIssue[] {
  return createRowChecker(schema, options)(row);
}

/** A share of finite values alone is asked of a batch, not of a row. */
export function isFiniteAsked(column: DataSchema["columns"][number]): boolean {
  return (column.kind === "numeric" || column.kind === "datetime") && column.finite === true;
}

function own(values: Readonly<Record<string, unknown>>, name: string): unknown {
  return Object.hasOwn(values, name) ? values[name] : undefined;
}

function notARow(row: unknown): RowIssue {
  return { code: "NOT_A_ROW", column: null, message: `The row is ${describeValue(row)}, and not an object.` };
}

function missing(name: string): RowIssue {
  return { code: "VALUES_MISSING", column: name, message: `${shownName(name)} has no value.` };
}

function nullValue(name: string): RowIssue {
  return { code: "NULL_VALUES", column: name, message: `${shownName(name)} is null; leave it out instead.` };
}

function wrongValue(name: string, { name: check, expected }: ValueCheck, value: unknown): RowIssue {
  return {
    code: codeOfCheck[check],
    column: name,
    message: `${shownName(name)} is ${describeValue(value)}, and not ${expected}.`,
  };
}

function unknownColumn(name: string): RowIssue {
  return { code: "COLUMN_UNKNOWN", column: name, message: `${shownName(name)} is not in the schema.` };
}

function wrongComparison(comparison: Comparison): RowIssue {
  return {
    code: "COMPARISON_FAILED",
    column: comparison.left,
    message: `The row does not have ${describeComparison(comparison)}.`,
  };
}

function shownName(name: string): string {
  return describeValue(name);
}
