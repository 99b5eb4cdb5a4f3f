import type { CheckCounts, ColumnCounts } from "./column-counts.ts";
import { type ColumnSchema, type DataSchema, mostlyOf, type ShareCheck } from "./data-schema.ts";
import { parseSchema } from "./parse-schema.ts";
import type { Anomaly, ValidationResult } from "./validation-result.ts";
import { upperShare } from "./tolerances.ts";

/** One change of a schema, as in RFC 6902, with the value that was there and the reason. */
export interface PatchOperation {
  readonly op: "add" | "replace" | "remove";
  /** A JSON pointer (RFC 6901) into the schema: `/columns/3/maximum`. */
  readonly path: string;
  /** The new value; none for `remove`. */
  readonly value?: unknown;
  /** What was there before; none for `add`. */
  readonly previous?: unknown;
  /** The anomaly that it answers. */
  readonly reason: string;
}

/** What {@link suggestPatch} gives. */
export interface SuggestedPatch {
  /** The schema with all operations applied. */
  readonly schema: DataSchema;
  /** What changes, in the order of the schema; empty where the batch was valid. */
  readonly operations: readonly PatchOperation[];
}

/**
 * The smallest changes of a schema that make a batch valid: a range that reaches the values seen, new
 * categories added, a column that is no longer required. Where no rule can be changed to fit, `mostly`
 * becomes the share that the batch surely keeps. Somebody has to read it: a patch that takes in a
 * fault is no repair.
 *
 * The operations are a valid JSON Patch once `previous` and `reason` are left out, as appliers do.
 *
 * @throws InvalidSchemaError `INVALID_SCHEMA`
 */
export function suggestPatch(schema: DataSchema, result: ValidationResult): SuggestedPatch {
  const checked = parseSchema(schema);
  const columns = new Map(result.counts.columns.map((counts) => [counts.name, counts]));
  let patched: DataSchema = checked;
  for (const anomaly of result.anomalies) patched = answer(patched, anomaly, result, columns);
  return { schema: parseSchema(patched), operations: differences(checked, patched, result.anomalies) };
}

function answer(
  schema: DataSchema,
  anomaly: Anomaly,
  { counts, falseAlarmRate }: ValidationResult,
  columns: ReadonlyMap<string, ColumnCounts>,
): DataSchema {
  switch (anomaly.code) {
    case "TOO_FEW_ROWS":
      return { ...schema, rows: { ...schema.rows, minimum: anomaly.count } };
    case "TOO_MANY_ROWS":
      return { ...schema, rows: { ...schema.rows, maximum: anomaly.count } };
    case "COLUMN_UNKNOWN":
      return {
        ...schema,
        columns: [...schema.columns, ...counts.unknownColumns.filter(({ name }) => name === anomaly.column)],
      };
    case "COMPARISON_FAILED":
      return {
        ...schema,
        comparisons: (schema.comparisons ?? []).map((comparison, index) => {
          const { trials = 0, violations = 0 } = counts.comparisons[index] ?? {};
          const isMeant = comparison.left === anomaly.column && violations > 0 && trials > 0;
          return isMeant
            ? {
                ...comparison,
                mostly: Math.min(comparison.mostly ?? 1, keptShare(violations, trials, falseAlarmRate)),
              }
            : comparison;
        }),
      };
    default:
      return {
        ...schema,
        columns: schema.columns.map((column) =>
          column.name === anomaly.column
            ? answerColumn(column, anomaly, columns.get(column.name)!, falseAlarmRate)
            : column,
        ),
      };
  }
}

function answerColumn(
  column: ColumnSchema,
  { code }: Anomaly,
  { checks, observed }: ColumnCounts,
  level: number,
): ColumnSchema {
  const kept = (check: ShareCheck): number => {
    const counts = checks.find((candidate) => candidate.check === check);
    return keptShareOf(counts, level);
  };
  const isNumber = column.kind === "numeric" || column.kind === "datetime";
  const isText = column.kind === "categorical" || column.kind === "text";
  switch (code) {
    case "COLUMN_MISSING":
      return withMostly({ ...column, required: false }, "presence", 0);
    case "VALUES_MISSING":
      return withMostly({ ...column, required: false }, "presence", kept("presence"));
    case "NULL_VALUES":
      return { ...column, nullable: true };
    case "NOT_FINITE":
      return isNumber ? withMostly({ ...column, finite: false }, "finite", kept("finite")) : column;
    case "NOT_INTEGER":
      return isNumber ? { ...column, integer: false } : column;
    case "OUT_OF_RANGE":
      return isNumber
        ? {
            ...column,
            ...lowered("minimum", column.minimum, observed.minimum),
            ...raised("maximum", column.maximum, observed.maximum),
          }
        : column;
    case "WRONG_LENGTH":
      return isText
        ? {
            ...column,
            ...lowered("minimumLength", column.minimumLength, observed.shortest),
            ...raised("maximumLength", column.maximumLength, observed.longest),
          }
        : column;
    case "NEW_VALUES":
      return isText && !observed.hasMoreNewValues
        ? { ...column, values: [...(column.values ?? []), ...observed.newValues.map(([value]) => value)] }
        : withMostly(column, "domain", kept("domain"));
    case "REPEATED_VALUES":
      return { ...column, unique: false };
    case "WRONG_ORDER":
      return isNumber ? { ...column, monotonic: undefined } : column;
    case "CONSTANT_COLUMN":
      return { ...column, mostFrequentShare: undefined };
    case "WRONG_TYPE":
      return withMostly(column, "type", kept("type"));
    case "WRONG_FORMAT":
      return withMostly(column, "format", kept("format"));
    case "PATTERN_MISMATCH":
      return withMostly(column, "pattern", kept("pattern"));
    default:
      return column;
  }
}

function withMostly(column: ColumnSchema, check: ShareCheck, share: number): ColumnSchema {
  return { ...column, mostly: { ...column.mostly, [check]: Math.min(share, mostlyOf(column, check)) } };
}

function lowered(field: string, limit: number | undefined, seen: number | null): object {
  return limit === undefined || seen === null || seen >= limit ? {} : { [field]: seen };
}

function raised(field: string, limit: number | undefined, seen: number | null): object {
  return limit === undefined || seen === null || seen <= limit ? {} : { [field]: seen };
}

function keptShareOf(counts: CheckCounts | undefined, level: number): number {
  // A lower bound of what failed says nothing of how much passed.
  if (counts === undefined || counts.accuracy === "at-least") return 0;
  return keptShare(counts.violations, counts.trials, level);
}

/** A share that also a batch of the same kind surely keeps. */
function keptShare(violations: number, trials: number, level: number): number {
  return Math.max(Math.floor((1 - upperShare(violations, trials, level)) * 1e6) / 1e6, 0);
}

/** What differs between two schemas of which the second was made from the first. */
function differences(before: DataSchema, after: DataSchema, anomalies: readonly Anomaly[]): PatchOperation[] {
  const reasonOf = (column: string | null): string =>
    anomalies
      .filter((anomaly) => anomaly.column === column)
      .map(({ message }) => message)
      .join(" ");
  const ofColumns = after.columns.flatMap((column, index): PatchOperation[] => {
    const previous = before.columns[index];
    const reason = reasonOf(column.name);
    return previous === undefined
      ? [{ op: "add", path: "/columns/-", value: column, reason }]
      : changes(previous, column, `/columns/${index}`, reason);
  });
  const ofComparisons = (after.comparisons ?? []).flatMap((comparison, index) =>
    changes(
      before.comparisons?.[index] ?? {},
      comparison,
      `/comparisons/${index}`,
      reasonOf(comparison.left),
    ),
  );
  const ofRows =
    after.rows === undefined || before.rows === undefined
      ? []
      : changes(before.rows, after.rows, "/rows", reasonOf(null));
  return [...ofColumns, ...ofComparisons, ...ofRows];
}

function changes(before: object, after: object, path: string, reason: string): PatchOperation[] {
  const fields = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...fields].flatMap((field): PatchOperation[] => {
    const previous: unknown = Reflect.get(before, field);
    const value: unknown = Reflect.get(after, field);
    if (JSON.stringify(previous) === JSON.stringify(value)) return [];
    const place = `${path}/${field}`;
    if (value === undefined) return [{ op: "remove", path: place, previous, reason }];
    return previous === undefined
      ? [{ op: "add", path: place, value, reason }]
      : [{ op: "replace", path: place, value, previous, reason }];
  });
}
