import { createCounter } from "./create-counter.ts";
import type { ColumnCounter } from "./column-counter.ts";
import { checkRow, columnsOf, type ProfileData, type ProfileRow } from "./profile-data.ts";
import { ProfileLearner } from "./profile-learner.ts";
import type { ColumnsOptions } from "./profile-options.ts";
import type { Profile } from "./profile.ts";
import { checkedWeights, RowTally } from "./row-tally.ts";
import { checkSameCells } from "./same-cells.ts";

/** Options of {@link createProfileBuilder}, on the cells of a reference. */
export interface CountOptions {
  /** The rows are counted on this profile's cells. */
  readonly reference: Profile;
}

/** Options of {@link createProfileBuilder}, to learn a reference from a stream. */
export interface LearnOptions {
  readonly reference?: undefined;
  /** How single columns are profiled; the rest is inferred. */
  readonly columns?: ColumnsOptions;
  /** Seeds the sketches of long numeric columns; by default 0. */
  readonly seed?: number;
}

/** Takes in rows as they come, in memory that does not grow with their number. */
export interface ProfileLearning {
  /** Counts one row. */
  add(row: ProfileRow): void;
  /** The profile of the rows so far; more may follow. */
  build(): Profile;
}

/** Counts rows on the cells of a reference. */
export interface ProfileBuilder {
  /**
   * Counts one row. Columns that the reference has not are passed over; what the row lacks is missing.
   *
   * @param weight - From 0 to 2²⁰, rounded to a multiple of 2⁻²⁰; by default 1.
   * @throws InvalidDataError `INVALID_DATA` for what is no row, or a wrong weight.
   */
  add(row: ProfileRow, weight?: number): void;
  /**
   * Counts many rows, much faster than one by one when they come as typed arrays.
   *
   * @throws InvalidDataError `INVALID_DATA` for columns of different lengths, or wrong weights.
   */
  addAll(data: ProfileData, weights?: ArrayLike<number>): void;
  /**
   * Adds the rows of another profile.
   *
   * @throws IncompatibleProfilesError `INCOMPATIBLE_PROFILES` unless it was counted on the same cells.
   */
  merge(profile: Profile): void;
  /** The profile of the rows so far; more may follow. */
  build(): Profile;
}

/**
 * Profiles rows as they come: on the cells of a reference, so that the result can be compared with
 * it and merged exactly; or, without one, learning a reference from a stream of which not even
 * the range is known.
 *
 * @throws InvalidDriftOptionsError `INVALID_DRIFT_OPTIONS` for options outside their ranges.
 *
 * @example
 * ```ts
 * const builder = createProfileBuilder({ reference });
 * builder.add({ age: 52, plan: "basic" });
 * builder.build().rows; //=> 1
 * ```
 */
export function createProfileBuilder(options: CountOptions): ProfileBuilder;
export function createProfileBuilder(options?: LearnOptions): ProfileLearning;
export function createProfileBuilder(
  options: CountOptions | LearnOptions = {},
): ProfileBuilder | ProfileLearning {
  return options.reference === undefined
    ? new ProfileLearner(options)
    : new CountingBuilder(options.reference);
}

interface NamedCounter {
  readonly name: string;
  readonly counter: ColumnCounter;
  /** Whether every object has something of that name, which is none of the row's. */
  readonly isInherited: boolean;
}

class CountingBuilder implements ProfileBuilder {
  readonly #reference: Profile;
  readonly #tally = new RowTally();
  readonly #counters: readonly NamedCounter[];

  constructor(reference: Profile) {
    this.#reference = reference;
    this.#counters = reference.columns.map((column) => ({
      name: column.name,
      counter: createCounter(column),
      isInherited: column.name in Object.prototype,
    }));
  }

  add(row: ProfileRow, weight = 1): void {
    checkRow(row, this.#tally.read().rows);
    const rounded = this.#tally.addWeighted(weight);
    for (const { name, counter, isInherited } of this.#counters) {
      counter.add(isInherited && !Object.hasOwn(row, name) ? undefined : row[name], rounded);
    }
  }

  addAll(data: ProfileData, weights?: ArrayLike<number>): void {
    const { rowCount, columns } = columnsOf(data);
    const rounded = weights === undefined ? undefined : checkedWeights(weights, rowCount);
    if (rounded === undefined) this.#tally.addRows(rowCount);
    else for (const weight of rounded) this.#tally.addWeighted(weight);
    const valuesByName = new Map(columns.map(({ name, values }) => [name, values]));
    for (const { name, counter } of this.#counters) {
      const values = valuesByName.get(name) ?? Array.from({ length: rowCount }, () => undefined);
      if (rounded === undefined) counter.addAll(values);
      else for (let row = 0; row < rowCount; row += 1) counter.add(values[row], rounded[row]!);
    }
  }

  merge(profile: Profile): void {
    checkSameCells(this.#reference, profile);
    this.#tally.merge(profile);
    for (const [index, { counter }] of this.#counters.entries()) counter.merge([profile.columns[index]!]);
  }

  build(): Profile {
    return { ...this.#tally.read(), columns: this.#counters.map(({ counter }) => counter.build()) };
  }
}
