import { InvalidDriftOptionsError } from "../errors/invalid-drift-options-error.ts";
import { columnsOf, type ProfileData } from "../profile/profile-data.ts";
import { columnOf, type Profile } from "../profile/profile.ts";
import type { Example, NotChecked } from "./column-counts.ts";
import { describeComparison, holds } from "./compare-columns.ts";
import { countColumn } from "./count-column.ts";
import { countProfileColumn } from "./count-profile.ts";
import { type ColumnSchema, type Comparison, type DataSchema, isExpectedIn } from "./data-schema.ts";
import { describeValue } from "./describe-value.ts";
import { inferSchema } from "./infer-schema.ts";
import { isProfile } from "./is-profile.ts";
import { judge } from "./judge.ts";
import { parseSchema } from "./parse-schema.ts";
import type { BatchCounts, ComparisonCounts, ValidationResult } from "./validation-result.ts";
import { resolveOptions, type ResolvedValidateOptions, type ValidateOptions } from "./validate-options.ts";

/**
 * Checks a batch: rows, columns, an Arrow table, or a profile of them (then what a profile does not
 * hold is in `notChecked`).
 *
 * A check that every value has to pass fails with the first that does not. One that `mostly` have
 * to pass fails where the batch says so beyond chance: the exact binomial upper bound of the passing
 * share is below `mostly`. The levels of these bounds add up to `falseAlarmRate`, whatever the
 * number of columns. What is not an anomaly for that reason is in `tolerated`.
 *
 * @throws InvalidSchemaError `INVALID_SCHEMA`
 * @throws InvalidDriftOptionsError `INVALID_DRIFT_OPTIONS`
 * @throws InvalidDataError `INVALID_DATA` for what is neither a profile nor data. No value in the data
 * makes it fail.
 */
export function validate(
  schema: DataSchema,
  data: Profile | ProfileData,
  options: ValidateOptions = {},
): ValidationResult {
  const checked = parseSchema(schema);
  const resolved = resolveOptions(checked, options);
  const expected = checked.columns.filter((column) => isExpectedIn(column, resolved.environment));
  const counts = isProfile(data)
    ? countProfile(checked, expected, data)
    : countData(checked, expected, data, resolved);
  return judge(checked, counts, resolved);
}

/**
 * One result for several batches, as if they had been one: counts are added, and judged again.
 * Only repetitions and the order of values are known within each batch alone. Row numbers count on.
 *
 * @throws InvalidDriftOptionsError `INVALID_DRIFT_OPTIONS` without a result, or for results of
 * another schema.
 */
export function mergeValidations(
  schema: DataSchema,
  results: readonly ValidationResult[],
  options: ValidateOptions = {},
): ValidationResult {
  const checked = parseSchema(schema);
  const resolved = resolveOptions(checked, options);
  const names = checked.columns
    .filter((column) => isExpectedIn(column, resolved.environment))
    .map(({ name }) => name);
  const [first, ...rest] = results.map(({ counts }, index) => {
    const isSame =
      counts.columns.length === names.length &&
      counts.columns.every(({ name }, column) => name === names[column]) &&
      counts.comparisons.length === (checked.comparisons?.length ?? 0);
    if (isSame) return counts;
    throw new InvalidDriftOptionsError({
      option: `results[${index}]`,
      problem: "is of another schema or environment",
      remedy: "Pass results of validate with this schema, and the environment that they were made with.",
    });
  });
  if (first === undefined) {
    throw new InvalidDriftOptionsError({
      option: "results",
      problem: "is empty",
      remedy: "Pass at least one.",
    });
  }
  return judge(
    checked,
    rest.reduce((merged, counts) => mergeCounts(merged, counts, resolved.maxExamples), first),
    resolved,
  );
}

function countProfile(schema: DataSchema, expected: readonly ColumnSchema[], data: Profile): BatchCounts {
  const known = new Set(schema.columns.map(({ name }) => name));
  const counted = expected.map((column) => countProfileColumn(column, columnOf(data, column.name), data));
  const comparisons = schema.comparisons ?? [];
  const unknown = data.columns.filter(({ name }) => !known.has(name));
  return {
    rows: data.rows,
    columns: counted.map(({ counts }) => counts),
    comparisons: comparisons.map(() => ({ trials: 0, violations: 0, examples: [] })),
    unknownColumns: unknown.length === 0 ? [] : inferSchema({ ...data, columns: unknown }).columns,
    notChecked: [
      ...counted.flatMap(({ notChecked }) => notChecked),
      ...comparisons.map((comparison): NotChecked => ({
        column: comparison.left,
        check: "comparison",
        reason: `${describeComparison(comparison)}: a profile keeps no rows`,
      })),
    ],
  };
}

function countData(
  schema: DataSchema,
  expected: readonly ColumnSchema[],
  data: ProfileData,
  { maxExamples }: ResolvedValidateOptions,
): BatchCounts {
  const { rowCount, columns } = columnsOf(data);
  const valuesOf = new Map(columns.map(({ name, values }) => [name, values]));
  const known = new Set(schema.columns.map(({ name }) => name));
  const unknown = columns.filter(({ name }) => !known.has(name));
  return {
    rows: rowCount,
    columns: expected.map((column) => countColumn(column, valuesOf.get(column.name), rowCount, maxExamples)),
    comparisons: (schema.comparisons ?? []).map((comparison) =>
      countComparison(comparison, valuesOf, rowCount, maxExamples),
    ),
    unknownColumns:
      unknown.length === 0
        ? []
        : inferSchema(Object.fromEntries(unknown.map(({ name, values }) => [name, values]))).columns,
    notChecked: [],
  };
}

function countComparison(
  { left, operator, right }: Comparison,
  valuesOf: ReadonlyMap<string, ArrayLike<unknown>>,
  rowCount: number,
  maxExamples: number,
): ComparisonCounts {
  const lefts = valuesOf.get(left);
  const rights = valuesOf.get(right);
  const examples: Example[] = [];
  let trials = 0;
  let violations = 0;
  for (let row = 0; row < rowCount; row += 1) {
    const isHeld = holds(operator, lefts?.[row], rights?.[row]);
    if (isHeld === undefined) continue;
    trials += 1;
    if (isHeld) continue;
    violations += 1;
    if (examples.length < maxExamples) {
      examples.push({ row, value: `${describeValue(lefts?.[row])}, ${describeValue(rights?.[row])}` });
    }
  }
  return { trials, violations, examples };
}

function mergeCounts(left: BatchCounts, right: BatchCounts, maxExamples: number): BatchCounts {
  const merged = <Counts extends ComparisonCounts>(one: Counts, other: ComparisonCounts): Counts => ({
    ...one,
    trials: one.trials + other.trials,
    violations: one.violations + other.violations,
    examples: [
      ...one.examples,
      ...other.examples.map(({ row, value }) => ({ row: row === null ? null : row + left.rows, value })),
    ].slice(0, maxExamples),
  });
  const knownUnknowns = new Set(left.unknownColumns.map(({ name }) => name));
  return {
    rows: left.rows + right.rows,
    columns: left.columns.map((column, index) => {
      const other = right.columns[index]!;
      const checks = new Set([...column.checks, ...other.checks].map(({ check }) => check));
      return {
        name: column.name,
        isAbsent: column.isAbsent && other.isAbsent,
        values: column.values + other.values,
        checks: [...checks].map((check) => {
          const [first, second] = [column, other].map(({ checks: all }) =>
            all.find((one) => one.check === check),
          );
          if (first === undefined || second === undefined) return (first ?? second)!;
          const counts = merged(first, second);
          return second.accuracy === undefined ? counts : { ...counts, accuracy: second.accuracy };
        }),
        observed: mergeObserved(column, other),
      };
    }),
    comparisons: left.comparisons.map((counts, index) => merged(counts, right.comparisons[index]!)),
    unknownColumns: [
      ...left.unknownColumns,
      ...right.unknownColumns.filter(({ name }) => !knownUnknowns.has(name)),
    ],
    notChecked: [...left.notChecked, ...right.notChecked],
  };
}

type ColumnCounts = BatchCounts["columns"][number];

function mergeObserved(left: ColumnCounts, right: ColumnCounts): ColumnCounts["observed"] {
  const [one, other] = [left.observed, right.observed];
  const pick = (
    choose: (...values: number[]) => number,
    ...values: readonly (number | null)[]
  ): number | null => {
    const numbers = values.filter((value) => value !== null);
    return numbers.length === 0 ? null : choose(...numbers);
  };
  const newValues = new Map(one.newValues);
  for (const [value, count] of other.newValues) newValues.set(value, (newValues.get(value) ?? 0) + count);
  const isSame = one.only === other.only;
  return {
    compared: one.compared + other.compared,
    minimum: pick(Math.min, one.minimum, other.minimum),
    maximum: pick(Math.max, one.maximum, other.maximum),
    shortest: pick(Math.min, one.shortest, other.shortest),
    longest: pick(Math.max, one.longest, other.longest),
    newValues: [...newValues].slice(0, 100),
    hasMoreNewValues: one.hasMoreNewValues || other.hasMoreNewValues || newValues.size > 100,
    only: one.compared === 0 ? other.only : other.compared === 0 || isSame ? one.only : null,
  };
}
