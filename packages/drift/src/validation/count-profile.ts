import { totalCount } from "../profile/cell-counts.ts";
import { finiteWeight } from "../profile/numeric-statistics.ts";
import type {
  CategoricalColumn,
  ColumnProfile,
  NumericColumn,
  NumericSummary,
  Profile,
  TextColumn,
} from "../profile/profile.ts";
import {
  type Accuracy,
  type CheckCounts,
  type ColumnCheck,
  type ColumnCounts,
  nothingObserved,
  type NotChecked,
  type Observed,
} from "./column-counts.ts";
import { type ColumnSchema, mostlyOf, type NumberSchema, type TextSchema } from "./data-schema.ts";

/** What a profile tells about the checks of a column, and which it tells nothing about. */
export interface CountedProfile {
  readonly counts: ColumnCounts;
  readonly notChecked: readonly NotChecked[];
}

/** Makes the checks of a column on what a profile holds of it. */
export function countProfileColumn(
  column: ColumnSchema,
  found: ColumnProfile | undefined,
  profile: Profile,
): CountedProfile {
  const reader = new ProfileReader(column, profile);
  if (found === undefined) {
    reader.count("presence", profile.weight, profile.weight);
    return reader.read(true, 0, nothingObserved);
  }
  const values = profile.weight - found.missing;
  reader.count("presence", profile.weight, found.missing);
  if (column.nullable === false) reader.skip("null", "a profile counts null as missing");
  const isSameKind =
    found.kind === column.kind && (found.kind !== "embedding" || found.dimensions === dimensionsOf(column));
  reader.count("type", values, isSameKind ? found.invalid : values);
  if (!isSameKind) return reader.read(false, values, nothingObserved);
  if (column.unique === true) reader.skip("unique", "a profile keeps no single values");
  return reader.read(false, values, observe(reader, column, found));
}

function dimensionsOf(column: ColumnSchema): number | undefined {
  return column.kind === "embedding" ? column.dimensions : undefined;
}

function observe(reader: ProfileReader, column: ColumnSchema, found: ColumnProfile): Observed {
  if (isNumbers(column) && (found.kind === "numeric" || found.kind === "datetime")) {
    return observeNumbers(reader, column, found);
  }
  if (isTexts(column) && found.kind === "text") return observeTexts(reader, column, found);
  if (isTexts(column) && found.kind === "categorical") return observeCategories(reader, column, found);
  return found.kind === "boolean"
    ? { ...nothingObserved, compared: reader.rows(totalCount(found.counts)), only: onlyOf(found) }
    : nothingObserved;
}

function isNumbers(column: ColumnSchema): column is NumberSchema {
  return column.kind === "numeric" || column.kind === "datetime";
}

function isTexts(column: ColumnSchema): column is TextSchema {
  return column.kind === "categorical" || column.kind === "text";
}

/** Collects counts, scaled from weight to the rows that the weight is worth. */
class ProfileReader {
  readonly #column: ColumnSchema;
  readonly #scale: number;
  readonly #checks: CheckCounts[] = [];
  readonly #notChecked: NotChecked[] = [];

  constructor(column: ColumnSchema, profile: Profile) {
    this.#column = column;
    this.#scale = profile.squaredWeight === 0 ? 1 : profile.weight / profile.squaredWeight;
  }

  count(check: ColumnCheck, trials: number, violations: number, accuracy?: Accuracy): void {
    const counts = {
      check,
      trials: this.rows(trials),
      violations: Math.min(this.rows(violations), this.rows(trials)),
      examples: [],
    };
    this.#checks.push(accuracy === undefined || violations === 0 ? counts : { ...counts, accuracy });
  }

  skip(check: ColumnCheck, reason: string): void {
    this.#notChecked.push({ column: this.#column.name, check, reason });
  }

  read(isAbsent: boolean, values: number, observed: Observed): CountedProfile {
    const { name } = this.#column;
    return {
      counts: { name, isAbsent, values: this.rows(values), checks: this.#checks, observed },
      notChecked: this.#notChecked,
    };
  }

  /** Whole rows; what is there at all is at least one. */
  rows(weight: number): number {
    return weight > 0 ? Math.max(Math.round(weight * this.#scale), 1) : 0;
  }
}

function observeNumbers(
  reader: ProfileReader,
  column: NumberSchema,
  { numbers, isInteger }: NumericColumn,
): Observed {
  const finite = finiteWeight(numbers);
  const notFinite = numbers.nan + numbers.negativeInfinity + numbers.positiveInfinity;
  if (column.finite === true || column.mostly?.finite !== undefined) {
    reader.count("finite", finite + notFinite, notFinite);
  }
  if (column.integer === true)
    reader.count("integer", finite, isInteger ? 0 : Math.min(finite, 1), "at-least");
  if (column.minimum !== undefined || column.maximum !== undefined) {
    const outside = weightOutside(numbers, column.minimum, column.maximum);
    reader.count("range", finite, outside, "about");
  }
  if (column.monotonic !== undefined)
    reader.skip("monotonic", "a profile does not keep the order of the rows");
  const { minimum, maximum } = numbers;
  const only = minimum !== null && minimum === maximum && notFinite === 0 ? String(minimum) : null;
  return { ...nothingObserved, compared: reader.rows(finite), minimum, maximum, only };
}

/**
 * About how much weight is below the minimum or above the maximum: the cells that are so as a whole.
 * Where the smallest or the largest value lies outside, at least one row does, and the outermost
 * cell, which is open, counts as a whole: what a reference has not had lies there.
 */
function weightOutside(summary: NumericSummary, minimum = -Infinity, maximum = Infinity): number {
  const { cells, counts } = summary;
  const isBelow = (summary.minimum ?? Infinity) < minimum;
  const isAbove = (summary.maximum ?? -Infinity) > maximum;
  if (!isBelow && !isAbove) return 0;
  const last = counts.length - 1;
  let below = isBelow ? counts[0]! : 0;
  let above = isAbove ? counts[last]! : 0;
  for (let cell = 0; cell <= last; cell += 1) {
    const edge = cells.edges[cell] ?? Infinity;
    // A cell has what is above the edge before it, up to its own, or a single value.
    const previous = cells.isPoint(cell) ? edge : (cells.edges[cell - 1] ?? -Infinity);
    const isAtMaximum = cells.isPoint(cell) && edge === maximum;
    if (cell > 0 && edge < minimum) below += counts[cell]!;
    if (cell < last && previous >= maximum && !isAtMaximum) above += counts[cell]!;
  }
  return Math.max(below, isBelow ? 1 : 0) + Math.max(above, isAbove ? 1 : 0);
}

function observeTexts(reader: ProfileReader, column: TextSchema, { descriptors }: TextColumn): Observed {
  const { length } = descriptors;
  const texts = finiteWeight(length);
  const { minimumLength, maximumLength } = column;
  if (column.values !== undefined) reader.skip("domain", "a profile of texts keeps no whole texts");
  if (minimumLength !== undefined || maximumLength !== undefined) {
    const outside = weightOutside(length, minimumLength, maximumLength);
    reader.count("length", texts, outside, "about");
  }
  skipSpelling(reader, column);
  return { ...nothingObserved, shortest: length.minimum, longest: length.maximum };
}

function skipSpelling(reader: ProfileReader, column: TextSchema): void {
  if (column.textFormat !== undefined) reader.skip("format", "a profile keeps no whole texts");
  if (column.pattern !== undefined) reader.skip("pattern", "a profile keeps no whole texts");
}

function observeCategories(reader: ProfileReader, column: TextSchema, found: CategoricalColumn): Observed {
  const { categories, counts } = found;
  if (column.minimumLength !== undefined || column.maximumLength !== undefined) {
    reader.skip("length", "a profile of categories keeps no lengths");
  }
  skipSpelling(reader, column);
  const seen = { ...nothingObserved, compared: reader.rows(totalCount(counts)), only: onlyOf(found) };
  if (column.values === undefined) return seen;
  const known = new Set(column.values);
  const newValues = categories
    .map((category, index) => [category, counts[index]!] as const)
    .filter(([category, count]) => count > 0 && !known.has(category));
  const others = totalCount(counts.subarray(categories.length));
  // What shares a cell is new only where every value of the schema has a cell of its own.
  const own = new Set(categories);
  const areOthersNew = column.values.every((value) => own.has(value));
  const violations = newValues.reduce((sum, [, count]) => sum + count, 0) + (areOthersNew ? others : 0);
  reader.count(
    "domain",
    totalCount(counts),
    violations,
    areOthersNew || others === 0 ? undefined : "at-least",
  );
  return {
    ...seen,
    newValues: newValues.slice(0, 100),
    hasMoreNewValues: newValues.length > 100 || others > 0,
  };
}

function onlyOf({ categories, counts }: CategoricalColumn): string | null {
  const [first, ...rest] = [...counts.keys()].filter((cell) => counts[cell]! > 0);
  return first !== undefined && rest.length === 0 ? (categories[first] ?? null) : null;
}

/** Whether a column asks for a share of present values. */
export function asksForPresence(column: ColumnSchema): boolean {
  return (
    (column.required === true || column.mostly?.presence !== undefined) && mostlyOf(column, "presence") > 0
  );
}
