import { hashText, HyperLogLog } from "@mlops/stats";
import { addCounts, narrowCounts } from "./cell-counts.ts";
import type { ColumnCounter, ColumnValues } from "./column-counter.ts";
import type { CategoricalColumn, ColumnProfile } from "./profile.ts";

/** The frozen part of a {@link CategoricalColumn}. */
export type CategoricalLayout = Pick<CategoricalColumn, "kind" | "categories" | "isComplete">;

/** How many cells the values share that are none of the categories. */
export function overflowCellCount(isComplete: boolean): number {
  return isComplete ? 1 : 64;
}

/** Longer texts count as their beginning and a hash: a profile must not grow with one value. */
const maxCategoryLength = 128;

/** Counts categories, or booleans. */
export class CategoryColumnCounter implements ColumnCounter {
  readonly #name: string;
  readonly #layout: CategoricalLayout;
  readonly #indices: ReadonlyMap<string, number>;
  readonly #counts: Float64Array;
  readonly #others: HyperLogLog;
  #missing = 0;
  #invalid = 0;
  #countError = 0;

  constructor(name: string, layout: CategoricalLayout) {
    this.#name = name;
    this.#layout = layout;
    this.#indices = new Map(layout.categories.map((category, index) => [category, index]));
    this.#counts = new Float64Array(layout.categories.length + overflowCellCount(layout.isComplete));
    this.#others = new HyperLogLog();
  }

  add(value: unknown, weight: number): void {
    if (value === null || value === undefined) {
      this.#missing += weight;
      return;
    }
    const category = this.#layout.kind === "boolean" ? toBoolean(value) : toCategory(value);
    if (category === undefined) {
      this.#invalid += weight;
      return;
    }
    const index = this.#indices.get(category);
    if (index === undefined) this.#addOther(category, weight);
    else this.#counts[index]! += weight;
  }

  addAll(values: ColumnValues): void {
    for (let row = 0; row < values.length; row += 1) this.add(values[row], 1);
  }

  merge(columns: readonly ColumnProfile[]): void {
    const others = columns.filter(
      (column): column is CategoricalColumn => column.kind === "categorical" || column.kind === "boolean",
    );
    for (const { missing, invalid, countError, counts, otherRegisters } of others) {
      this.#missing += missing;
      this.#invalid += invalid;
      this.#countError += countError;
      addCounts(this.#counts, counts);
      this.#others.merge(HyperLogLog.fromRegisters(otherRegisters));
    }
  }

  build(): CategoricalColumn {
    return {
      name: this.#name,
      kind: this.#layout.kind,
      missing: this.#missing,
      invalid: this.#invalid,
      categories: this.#layout.categories,
      isComplete: this.#layout.isComplete,
      counts: narrowCounts(this.#counts),
      otherRegisters: this.#others.toRegisters(),
      countError: this.#countError,
    };
  }

  #addOther(category: string, weight: number): void {
    const hash = hashText(category);
    this.#others.add(hash);
    this.#counts[this.#layout.categories.length + overflowCellOf(hash.low, this.#layout.isComplete)]! +=
      weight;
  }
}

/** The overflow cell of a hash. */
export function overflowCellOf(hash: number, isComplete: boolean): number {
  return hash % overflowCellCount(isComplete);
}

/** The text that a value counts as; undefined for what is no category, such as an object. */
export function toCategory(value: unknown): string | undefined {
  if (typeof value === "string") return shortened(value);
  if (typeof value === "number" || typeof value === "boolean" || typeof value === "bigint")
    return String(value);
  return undefined;
}

/** A boolean, also as 0 and 1, as "false" or "true"; undefined for the rest. */
export function toBoolean(value: unknown): string | undefined {
  if (typeof value === "boolean") return String(value);
  if (value === 0 || value === 0n) return "false";
  return value === 1 || value === 1n ? "true" : undefined;
}

function shortened(text: string): string {
  if (text.length <= maxCategoryLength) return text;
  const { high, low } = hashText(text);
  const digits = (half: number): string => half.toString(16).padStart(8, "0");
  return `${text.slice(0, maxCategoryLength - 17)}#${digits(high)}${digits(low)}`;
}
