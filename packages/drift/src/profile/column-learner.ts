import { CategoryLearner } from "./category-learner.ts";
import type { ColumnCounter } from "./column-counter.ts";
import { inferKind } from "./infer-kind.ts";
import { learnColumn } from "./learn-column.ts";
import { NumericLearner } from "./numeric-learner.ts";
import type { ResolvedColumnOptions } from "./profile-options.ts";
import type { ColumnKind, ColumnProfile } from "./profile.ts";

/** So many values are kept as they are: the profile of a stream that ends before is exact. */
const keptValues = 10_000;

/** What goes on where the kept values end. */
interface Continuation {
  add(value: unknown): void;
  /** @param missing - How many of the rows had no value. */
  build(missing: number): ColumnProfile;
}

/**
 * Learns one column of a reference from its values as they come. The first ten thousand are kept;
 * of numbers and categories beyond, a sketch; texts, vectors and booleans beyond are counted on
 * cells that the kept ones gave.
 */
export class ColumnLearner {
  readonly #name: string;
  readonly #options: ResolvedColumnOptions;
  readonly #seed: number;
  #kept: unknown[] = [];
  #count = 0;
  #continuation: Continuation | undefined;

  constructor(name: string, options: ResolvedColumnOptions, seed: number) {
    this.#name = name;
    this.#options = options;
    this.#seed = seed;
  }

  /** @param value - Neither null nor undefined. */
  add(value: unknown): void {
    this.#count += 1;
    if (this.#continuation !== undefined) {
      this.#continuation.add(value);
      return;
    }
    this.#kept.push(value);
    if (this.#kept.length < keptValues) return;
    this.#continuation = this.#continue();
    this.#kept = [];
  }

  /** @param rows - How many rows there were: those without a value here are missing. */
  build(rows: number): ColumnProfile {
    const missing = rows - this.#count;
    return (this.#continuation ?? this.#counting(this.#kind())).build(missing);
  }

  #kind(): ColumnKind {
    return this.#options.kind ?? inferKind(this.#kept);
  }

  #continue(): Continuation {
    const kind = this.#kind();
    if (kind !== "numeric" && kind !== "datetime" && kind !== "categorical") return this.#counting(kind);
    const learner =
      kind === "categorical"
        ? new CategoryLearner(this.#name, this.#options)
        : new NumericLearner(this.#name, kind, this.#options, this.#seed);
    for (const value of this.#kept) learner.add(value);
    return learner;
  }

  #counting(kind: ColumnKind): Continuation {
    const values = this.#kept;
    const counter: ColumnCounter = learnColumn({ name: this.#name, kind, values }, this.#options);
    counter.addAll(values);
    return {
      add: (value) => {
        counter.add(value, 1);
      },
      build: (missing) => ({ ...counter.build(), missing }),
    };
  }
}
