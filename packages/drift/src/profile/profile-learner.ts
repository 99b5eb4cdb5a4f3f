import { ColumnLearner } from "./column-learner.ts";
import { checkRow, type ProfileRow } from "./profile-data.ts";
import { columnOptionsOf, type ColumnsOptions } from "./profile-options.ts";
import type { Profile } from "./profile.ts";
import { RowTally } from "./row-tally.ts";

/** What a {@link ProfileLearner} is made with. */
export interface ProfileLearnerOptions {
  readonly columns?: ColumnsOptions;
  readonly seed?: number;
}

/** Learns a reference from rows as they come. */
export class ProfileLearner {
  readonly #options: ProfileLearnerOptions;
  readonly #columns = new Map<string, ColumnLearner>();
  readonly #tally = new RowTally();

  constructor(options: ProfileLearnerOptions) {
    this.#options = options;
    for (const name of Object.keys(options.columns ?? {})) this.#learnerOf(name);
  }

  add(row: ProfileRow): void {
    checkRow(row, this.#tally.read().rows);
    this.#tally.addRows(1);
    for (const [name, value] of Object.entries(row)) {
      if (value !== null && value !== undefined) this.#learnerOf(name).add(value);
      else this.#learnerOf(name);
    }
  }

  build(): Profile {
    const tally = this.#tally.read();
    const columns = [...this.#columns.values()].map((learner) => learner.build(tally.rows));
    return { ...tally, columns };
  }

  #learnerOf(name: string): ColumnLearner {
    let learner = this.#columns.get(name);
    if (learner === undefined) {
      const options = columnOptionsOf(this.#options.columns ?? {}, name);
      learner = new ColumnLearner(name, options, (this.#options.seed ?? 0) + this.#columns.size);
      this.#columns.set(name, learner);
    }
    return learner;
  }
}
