import { InvalidDataError } from "../errors/invalid-data-error.ts";
import type { ColumnValues } from "./column-counter.ts";

/** One row: its values by column. What a row lacks is missing. */
export type ProfileRow = Readonly<Record<string, unknown>>;

/** The part of an Apache Arrow vector that is called; nothing of Arrow is imported. */
export interface ArrowVectorLike {
  readonly length: number;
  readonly nullCount: number;
  readonly type?: unknown;
  get(index: number): unknown;
  toArray(): ArrayLike<unknown>;
}

/** The part of an Apache Arrow table that is called; nothing of Arrow is imported. */
export interface ArrowTableLike {
  readonly numRows: number;
  readonly schema: { readonly fields: readonly { readonly name: string }[] };
  getChild(name: string): ArrowVectorLike | null;
}

/**
 * What a profile is made from: rows, columns of equal length (arrays or typed arrays), or an Arrow
 * table.
 */
export type ProfileData = readonly ProfileRow[] | Readonly<Record<string, ColumnValues>> | ArrowTableLike;

/** A column of the data. */
interface DataColumn {
  readonly name: string;
  readonly values: ColumnValues;
  /** Known from the data's own types. */
  readonly isDatetime: boolean;
}

/** The columns of some data, all of one length. */
export interface DataColumns {
  readonly rowCount: number;
  readonly columns: readonly DataColumn[];
}

/** @throws InvalidDataError `INVALID_DATA` for columns of different lengths, or what is no data. */
export function columnsOf(data: ProfileData): DataColumns {
  if (isRows(data)) return ofRows(data);
  if (isArrowTable(data)) return ofArrow(data);
  if (typeof data !== "object" || data === null) {
    throw new InvalidDataError({
      problem: `are ${data === null ? "null" : typeof data}`,
      remedy: "Pass an array of rows, an object of columns, or an Arrow table.",
    });
  }
  const columns = Object.entries(data).map(([name, values]) => ({ name, values, isDatetime: false }));
  const rowCount = columns[0]?.values?.length ?? 0;
  for (const { name, values } of columns) checkLength(name, values, rowCount);
  return { rowCount, columns };
}

function isRows(data: ProfileData): data is readonly ProfileRow[] {
  return Array.isArray(data);
}

function isArrowTable(data: ProfileData): data is ArrowTableLike {
  return (
    typeof data === "object" && data !== null && "numRows" in data && typeof data.getChild === "function"
  );
}

function checkLength(name: string, values: unknown, rowCount: number): void {
  const isList = Array.isArray(values) || (ArrayBuffer.isView(values) && !(values instanceof DataView));
  if (!isList) {
    throw new InvalidDataError({
      column: name,
      problem: "is no list of values",
      remedy: "Pass an array or a typed array for each column.",
    });
  }
  // An array or a typed array: both have a length.
  const { length } = values as ArrayLike<unknown>;
  if (length === rowCount) return;
  throw new InvalidDataError({
    column: name,
    problem: `has ${length} values, and the first column has ${rowCount}`,
    remedy: "Pass columns of equal length; fill the gaps with null.",
  });
}

function ofRows(rows: readonly ProfileRow[]): DataColumns {
  const columns = new Map<string, unknown[]>();
  for (const [index, row] of rows.entries()) {
    checkRow(row, index);
    for (const [name, value] of Object.entries(row)) {
      let values = columns.get(name);
      if (values === undefined) {
        values = Array.from({ length: rows.length }, () => undefined);
        columns.set(name, values);
      }
      values[index] = value;
    }
  }
  return {
    rowCount: rows.length,
    columns: [...columns].map(([name, values]) => ({ name, values, isDatetime: false })),
  };
}

/** @throws InvalidDataError `INVALID_DATA` for anything but an object. */
export function checkRow(row: unknown, index: number): void {
  if (typeof row === "object" && row !== null && !Array.isArray(row)) return;
  throw new InvalidDataError({
    problem: `have ${row === null ? "null" : Array.isArray(row) ? "an array" : `a ${typeof row}`} for row ${index}`,
    remedy: "Pass an object of values by column for each row.",
  });
}

function ofArrow(table: ArrowTableLike): DataColumns {
  const columns = table.schema.fields.flatMap(({ name }) => {
    const vector = table.getChild(name);
    return vector === null ? [] : [ofVector(name, vector)];
  });
  return { rowCount: table.numRows, columns };
}

function ofVector(name: string, vector: ArrowVectorLike): DataColumn {
  const isDatetime = /^(Timestamp|Date)/.test(String(vector.type));
  const bare = vector.nullCount === 0 && !isDatetime ? vector.toArray() : undefined;
  // Fixed-size lists also come as one flat array, which is not one value for each row.
  const values =
    bare !== undefined && ArrayBuffer.isView(bare) && bare.length === vector.length
      ? bare
      : Array.from({ length: vector.length }, (_, index) => plainOf(vector.get(index)));
  return { name, values, isDatetime };
}

/** A list inside a vector is a vector again. */
function plainOf(value: unknown): unknown {
  const isVector = typeof value === "object" && value !== null && "toArray" in value;
  return isVector && typeof value.toArray === "function" ? value.toArray() : value;
}
