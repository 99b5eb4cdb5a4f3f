import { toCategory } from "../profile/category-column-counter.ts";
import type { ColumnValues } from "../profile/column-counter.ts";
import type { Accuracy, CheckCounts, ColumnCheck, ColumnCounts, Example } from "./column-counts.ts";
import type { ColumnSchema, NumberSchema } from "./data-schema.ts";
import { describeValue } from "./describe-value.ts";
import { DistinctCounter } from "./distinct-counter.ts";
import { codePoints, numberOf, type ValueCheck, valueChecksOf } from "./value-checks.ts";

const maxNewValues = 100;

/** Counts what a check saw. */
class CheckTally {
  readonly check: ColumnCheck;
  readonly #maxExamples: number;
  readonly #examples: Example[] = [];
  trials = 0;
  violations = 0;
  accuracy: Accuracy | undefined;

  constructor(check: ColumnCheck, maxExamples: number) {
    this.check = check;
    this.#maxExamples = maxExamples;
  }

  fail(row: number, value: unknown): void {
    this.violations += 1;
    if (this.#examples.length < this.#maxExamples) this.#examples.push({ row, value: describeValue(value) });
  }

  read(): CheckCounts {
    const { check, trials, violations } = this;
    const counts = { check, trials, violations, examples: [...this.#examples] };
    return this.accuracy === undefined ? counts : { ...counts, accuracy: this.accuracy };
  }
}

/** Makes every check of a column on each value of a batch. */
export function countColumn(
  column: ColumnSchema,
  values: ColumnValues | undefined,
  rowCount: number,
  maxExamples: number,
): ColumnCounts {
  const tallyOf = (check: ColumnCheck): CheckTally => new CheckTally(check, maxExamples);
  const presence = tallyOf("presence");
  const nulls = tallyOf("null");
  const checks = valueChecksOf(column).map((check) => ({ check, tally: tallyOf(check.name) }));
  const unique =
    column.unique === true ? { counter: new DistinctCounter(), tally: tallyOf("unique") } : undefined;
  const isNumber = column.kind === "numeric" || column.kind === "datetime";
  const order = isNumber && column.monotonic !== undefined ? tallyOf("monotonic") : undefined;
  const follows = isNumber ? orderOf(column.monotonic) : undefined;
  const seen = new Observer(column);
  let previous: number | undefined;
  presence.trials = rowCount;
  for (let row = 0; row < rowCount; row += 1) {
    const value = values?.[row];
    if (value === null || value === undefined) {
      presence.fail(row, value);
      if (value === null && column.nullable === false) nulls.fail(row, value);
      continue;
    }
    if (!passesAll(value, row, checks, seen)) continue;
    seen.add(value);
    if (unique !== undefined) {
      unique.tally.trials += 1;
      if (unique.counter.add(identityOf(value))) unique.tally.fail(row, value);
    }
    if (order === undefined || !isNumber) continue;
    const number = numberOf(value, column.kind)!;
    if (Number.isNaN(number)) continue;
    if (previous !== undefined) {
      order.trials += 1;
      if (follows?.(number, previous) === false) order.fail(row, value);
    }
    previous = number;
  }
  nulls.trials = rowCount;
  if (unique !== undefined && !unique.counter.isExact) {
    unique.tally.accuracy = "at-least";
    unique.tally.violations = unique.counter.repeated;
  }
  const tallies = [
    presence,
    ...(column.nullable === false ? [nulls] : []),
    ...checks.map(({ tally }) => tally),
    ...(unique === undefined ? [] : [unique.tally]),
    ...(order === undefined ? [] : [order]),
  ];
  return {
    name: column.name,
    isAbsent: values === undefined,
    values: rowCount - presence.violations,
    checks: tallies.map((tally) => tally.read()),
    observed: seen.read(),
  };
}

/** @returns Whether it passed the gates: the type, and being finite where that is asked. */
function passesAll(
  value: unknown,
  row: number,
  checks: readonly { readonly check: ValueCheck; readonly tally: CheckTally }[],
  seen: Observer,
): boolean {
  for (const { check, tally } of checks) {
    tally.trials += 1;
    if (check.passes(value)) continue;
    tally.fail(row, value);
    if (check.isGate) return false;
    if (check.name === "domain") seen.addNew(value);
  }
  return true;
}

function orderOf(
  monotonic: NumberSchema["monotonic"],
): ((number: number, previous: number) => boolean) | undefined {
  switch (monotonic) {
    case "increasing":
      return (number, previous) => number >= previous;
    case "strictly-increasing":
      return (number, previous) => number > previous;
    case "decreasing":
      return (number, previous) => number <= previous;
    case "strictly-decreasing":
      return (number, previous) => number < previous;
    case undefined:
      return undefined;
  }
}

/** A text that equal values share; of a vector, its numbers. */
export function identityOf(value: unknown): string {
  if (value instanceof Date) return String(value.getTime());
  if (typeof value === "string") return value;
  // Only vectors are left that are no category, and their numbers have been checked.
  return toCategory(value) ?? Array.from(value as ArrayLike<number>).join(",");
}

/** Remembers what a patch of the schema would need. */
class Observer {
  readonly #column: ColumnSchema;
  readonly #newValues = new Map<string, number>();
  #hasMore = false;
  #minimum = Infinity;
  #maximum = -Infinity;
  #shortest = Infinity;
  #longest = -Infinity;
  #compared = 0;
  #only: string | undefined;
  #differs = false;

  constructor(column: ColumnSchema) {
    this.#column = column;
  }

  add(value: unknown): void {
    this.#compared += 1;
    const { kind } = this.#column;
    if (kind === "numeric" || kind === "datetime") {
      const number = numberOf(value, kind)!;
      if (Number.isFinite(number)) {
        this.#minimum = Math.min(this.#minimum, number);
        this.#maximum = Math.max(this.#maximum, number);
      }
    } else if (typeof value === "string") {
      const length = codePoints(value);
      this.#shortest = Math.min(this.#shortest, length);
      this.#longest = Math.max(this.#longest, length);
    }
    if (this.#differs || kind === "embedding") return;
    const identity = identityOf(value).slice(0, 200);
    this.#only ??= identity;
    this.#differs = this.#only !== identity;
  }

  addNew(value: unknown): void {
    const category = toCategory(value)!;
    const count = this.#newValues.get(category);
    if (count === undefined && this.#newValues.size === maxNewValues) this.#hasMore = true;
    else this.#newValues.set(category, (count ?? 0) + 1);
  }

  read(): ColumnCounts["observed"] {
    return {
      compared: this.#compared,
      minimum: this.#minimum === Infinity ? null : this.#minimum,
      maximum: this.#maximum === -Infinity ? null : this.#maximum,
      shortest: this.#shortest === Infinity ? null : this.#shortest,
      longest: this.#longest === -Infinity ? null : this.#longest,
      newValues: [...this.#newValues],
      hasMoreNewValues: this.#hasMore,
      only: this.#differs ? null : (this.#only ?? null),
    };
  }
}
