import { FrequentItems, hashText, HyperLogLog } from "@mlops/stats";
import { overflowCellCount, overflowCellOf, toCategory } from "./category-column-counter.ts";
import { narrowCounts } from "./cell-counts.ts";
import { frequentFirst } from "./learn-column.ts";
import type { ResolvedColumnOptions } from "./profile-options.ts";
import type { CategoricalColumn } from "./profile.ts";

/** Up to twice as many different categories are counted exactly. */
const exactCategories = 8_192;

/** Learns a categorical column of a reference from a stream that is too long to keep. */
export class CategoryLearner {
  readonly #name: string;
  readonly #options: ResolvedColumnOptions;
  readonly #items = new FrequentItems(exactCategories);
  readonly #all = new HyperLogLog();
  /** The rows of all categories by hash, so that those of the rare ones are what is left. */
  readonly #hashed = new Float64Array(overflowCellCount(false));
  #invalid = 0;

  constructor(name: string, options: ResolvedColumnOptions) {
    this.#name = name;
    this.#options = options;
  }

  add(value: unknown): void {
    const category = toCategory(value);
    if (category === undefined) {
      this.#invalid += 1;
      return;
    }
    const hash = hashText(category);
    this.#items.add(category);
    this.#all.add(hash);
    this.#hashed[overflowCellOf(hash.low, false)]! += 1;
  }

  build(missing: number): CategoricalColumn {
    const kept = new Map(this.#items.top(this.#items.size).map(({ item, count }) => [item, count]));
    const known = frequentFirst(kept, this.#options.maxCategories);
    const { maxError } = this.#items;
    const isComplete = known.isComplete && maxError === 0;
    const counts = new Float64Array(known.categories.length + overflowCellCount(isComplete));
    for (const [index, category] of known.categories.entries()) counts[index] = kept.get(category)!;
    if (!isComplete) {
      const rest = this.#hashed.slice();
      for (const category of known.categories) {
        rest[overflowCellOf(hashText(category).low, false)]! -= kept.get(category)!;
      }
      counts.set(rest, known.categories.length);
    }
    return {
      name: this.#name,
      kind: "categorical",
      missing,
      invalid: this.#invalid,
      categories: known.categories,
      isComplete,
      counts: narrowCounts(counts),
      otherRegisters: this.#othersOf(kept, new Set(known.categories)).toRegisters(),
      countError: maxError,
    };
  }

  /** The sketch of what is no category; of all values where too many came to know them all. */
  #othersOf(kept: ReadonlyMap<string, number>, categories: ReadonlySet<string>): HyperLogLog {
    if (this.#items.maxError > 0) return this.#all;
    const others = new HyperLogLog();
    for (const category of kept.keys()) if (!categories.has(category)) others.add(hashText(category));
    return others;
  }
}
