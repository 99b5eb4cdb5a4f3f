import type { ColumnKind } from "../profile/profile.ts";
import type { FormatName } from "./formats.ts";

/**
 * What rows have to look like: plain JSON, to be kept beside the model and edited by hand, by code,
 * or by `suggestPatch`.
 */
export interface DataSchema {
  readonly format: "mlops.drift.schema";
  readonly version: 1;
  readonly columns: readonly ColumnSchema[];
  /** Whether a row may have columns that are not listed. */
  readonly unknownColumns: "allow" | "refuse";
  /** How many rows a batch may have. */
  readonly rows?: RowLimits | undefined;
  /** Columns of one row that are compared with each other. */
  readonly comparisons?: readonly Comparison[] | undefined;
  /** The places that `onlyIn` of a column may name, such as `training` and `serving`. */
  readonly environments?: readonly string[] | undefined;
}

/** How many rows a batch may have, both included. */
export interface RowLimits {
  readonly minimum?: number | undefined;
  readonly maximum?: number | undefined;
}

/**
 * Two columns of one row, in this order. Judged where both have numbers or dates, or both have
 * texts (by code units); passed over elsewhere.
 */
export interface Comparison {
  readonly left: string;
  readonly operator: "<" | "<=" | "==" | "!=";
  readonly right: string;
  /** The share of rows that have to hold it, in [0, 1]; by default 1. */
  readonly mostly?: number | undefined;
}

/** One column of a {@link DataSchema}. */
export type ColumnSchema = NumberSchema | TextSchema | BooleanSchema | EmbeddingSchema;

/**
 * The checks that are judged by the share of values that pass. A value that is missing is asked for
 * `presence` alone, one of a wrong type for `type` alone, and one that is not finite for nothing
 * beyond `finite`.
 */
export const shareChecks = [
  "presence",
  "type",
  "finite",
  "integer",
  "range",
  "domain",
  "length",
  "format",
  "pattern",
  "unique",
] as const;

/** One of {@link shareChecks}. */
export type ShareCheck = (typeof shareChecks)[number];

interface CommonSchema {
  readonly name: string;
  readonly kind: ColumnKind;
  /** Whether every row has a value here: neither null, undefined nor nothing. By default false. */
  readonly required?: boolean | undefined;
  /** Whether null may stand for a missing value where the column is not required. By default true. */
  readonly nullable?: boolean | undefined;
  /** The only environments that have the column. By default all have it. */
  readonly onlyIn?: readonly string[] | undefined;
  /**
   * The share of a batch's values that has to pass, by check, in [0, 1]; by default 1. A single row
   * is held to every check all the same. With `presence` and `finite`, a batch is held to the share
   * also where a single row is not `required` or not `finite`.
   */
  readonly mostly?: Readonly<Partial<Record<ShareCheck, number | undefined>>> | undefined;
  /** Whether all values of a batch differ. By default false. */
  readonly unique?: boolean | undefined;
  /**
   * The largest share that any one value usually has, in (0, 1). A batch of nothing but one value
   * is an anomaly where chance would hardly give it: share^(values - 1) is below the level.
   */
  readonly mostFrequentShare?: number | undefined;
}

/** Numbers (also bigints), or moments in time (Dates, or milliseconds since 1970). */
export interface NumberSchema extends CommonSchema {
  readonly kind: "numeric" | "datetime";
  /** Whether NaN, infinities and invalid Dates are refused. By default false. */
  readonly finite?: boolean | undefined;
  /** Whether finite values are whole. By default false. */
  readonly integer?: boolean | undefined;
  /** The smallest finite value that is allowed. */
  readonly minimum?: number | undefined;
  /** The largest finite value that is allowed. */
  readonly maximum?: number | undefined;
  /** How each value of a batch follows the one before it. */
  readonly monotonic?:
    | "increasing"
    | "strictly-increasing"
    | "decreasing"
    | "strictly-decreasing"
    | undefined;
}

/** Texts; as `categorical` also numbers, booleans and bigints, which count as their text. */
export interface TextSchema extends CommonSchema {
  readonly kind: "categorical" | "text";
  /** The values that are allowed; texts above 128 characters are known by their hash. */
  readonly values?: readonly string[] | undefined;
  /** Of texts, in code points. */
  readonly minimumLength?: number | undefined;
  /** Of texts, in code points. */
  readonly maximumLength?: number | undefined;
  /** What texts look like. */
  readonly textFormat?: FormatName | undefined;
  /**
   * The source of a regular expression (flag `u`) that a whole text has to match, at most 256 code
   * points of it: longer ones do not match. What could take very long is refused.
   */
  readonly pattern?: string | undefined;
}

/** `true` and `false`, also as 1 and 0. */
export interface BooleanSchema extends CommonSchema {
  readonly kind: "boolean";
}

/** Arrays or typed arrays of finite numbers. */
export interface EmbeddingSchema extends CommonSchema {
  readonly kind: "embedding";
  /** How many numbers each has. */
  readonly dimensions: number;
}

/** Whether the column is expected in an environment; without one, all are. */
export function isExpectedIn(column: ColumnSchema, environment: string | undefined): boolean {
  return environment === undefined || column.onlyIn === undefined || column.onlyIn.includes(environment);
}

/** The share that has to pass a check. */
export function mostlyOf(column: ColumnSchema, check: ShareCheck): number {
  return column.mostly?.[check] ?? 1;
}
