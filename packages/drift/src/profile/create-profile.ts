import { columnsOf, type ProfileData } from "./profile-data.ts";
import { inferKind } from "./infer-kind.ts";
import { learnColumn } from "./learn-column.ts";
import type { Profile } from "./profile.ts";
import { checkColumnNames, columnOptionsOf, type ColumnsOptions } from "./profile-options.ts";
import { checkedWeights, RowTally } from "./row-tally.ts";

/** Options of {@link profile}. */
export interface ProfileOptions {
  /** How single columns are profiled; the rest is inferred. */
  readonly columns?: ColumnsOptions;
  /** One weight for each row, from 0 to 2²⁰, rounded to multiples of 2⁻²⁰; by default all are 1. */
  readonly weights?: ArrayLike<number>;
}

/**
 * Profiles a reference: learns cells from the data, and counts the data on them. What comes later
 * is counted on the same cells, by `createProfileBuilder({ reference })`.
 *
 * @param data - Rows, columns, or an Arrow table. null, undefined and what a row lacks are missing;
 *   NaN and infinities have cells of their own; values of another type than the column's are
 *   counted as invalid. No value makes it fail.
 * @throws InvalidDataError `INVALID_DATA` for columns of different lengths, wrong weights, or what
 * is neither rows nor columns.
 * @throws InvalidDriftOptionsError `INVALID_DRIFT_OPTIONS` for options outside their ranges, or for
 * a column that is not there.
 *
 * @example
 * ```ts
 * const reference = profile([
 *   { age: 31, plan: "basic" },
 *   { age: 45, plan: "pro" },
 * ]);
 * reference.rows; //=> 2
 * ```
 */
export function profile(data: ProfileData, options: ProfileOptions = {}): Profile {
  const { columns: columnsOptions = {} } = options;
  const { rowCount, columns } = columnsOf(data);
  checkColumnNames(columnsOptions, new Set(columns.map(({ name }) => name)));
  const weights = options.weights === undefined ? undefined : checkedWeights(options.weights, rowCount);
  const tally = new RowTally();
  if (weights === undefined) tally.addRows(rowCount);
  else for (const weight of weights) tally.addWeighted(weight);
  const profiles = columns.map(({ name, values, isDatetime }) => {
    const columnOptions = columnOptionsOf(columnsOptions, name);
    const kind = columnOptions.kind ?? (isDatetime ? "datetime" : inferKind(values));
    const counter = learnColumn({ name, kind, values, weights }, columnOptions);
    if (weights === undefined) counter.addAll(values);
    else for (let row = 0; row < rowCount; row += 1) counter.add(values[row], weights[row]!);
    return counter.build();
  });
  return { ...tally.read(), columns: profiles };
}
