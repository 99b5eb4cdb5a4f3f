import { columnsOf, type DataColumns, type ProfileData } from "../profile/profile-data.ts";

/** Data of which every column can be read, and the columns that cannot. */
export interface SplitData {
  readonly data: ProfileData;
  readonly columns: DataColumns;
  /** Why, by name. */
  readonly problems: ReadonlyMap<string, string>;
}

/**
 * Sets the columns aside that cannot belong to the others: those that are no lists, or have another
 * length than most. One of them must not cost the report on the rest.
 *
 * @throws InvalidDataError `INVALID_DATA` for what is neither rows nor columns.
 */
export function splitColumns(data: ProfileData): SplitData {
  const problems = new Map<string, string>();
  if (!isColumns(data)) return { data, columns: columnsOf(data), problems };
  const lengths = new Map<number, number>();
  for (const values of Object.values(data)) {
    const length = lengthOf(values);
    if (length !== undefined) lengths.set(length, (lengths.get(length) ?? 0) + 1);
  }
  const [usual] = [...lengths].sort((left, right) => right[1] - left[1] || right[0] - left[0]);
  const kept: [string, ArrayLike<unknown>][] = [];
  for (const [name, values] of Object.entries(data)) {
    const length = lengthOf(values);
    if (length === undefined) problems.set(name, "is no list of values");
    else if (length !== usual?.[0]) {
      problems.set(name, `has ${length} values, and most columns have ${usual?.[0] ?? 0}`);
    } else kept.push([name, values]);
  }
  if (problems.size === 0) return { data, columns: columnsOf(data), problems };
  const rest: ProfileData = Object.fromEntries(kept);
  return { data: rest, columns: columnsOf(rest), problems };
}

function isColumns(data: ProfileData): data is Readonly<Record<string, ArrayLike<unknown>>> {
  if (typeof data !== "object" || data === null || Array.isArray(data)) return false;
  return !("numRows" in data && typeof data.numRows === "number");
}

function lengthOf(values: unknown): number | undefined {
  const isList = Array.isArray(values) || (ArrayBuffer.isView(values) && !(values instanceof DataView));
  // An array or a typed array: both have a length.
  return isList ? (values as ArrayLike<unknown>).length : undefined;
}
