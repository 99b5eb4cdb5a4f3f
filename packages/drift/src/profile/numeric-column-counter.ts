import type { ColumnCounter, ColumnValues } from "./column-counter.ts";
import { NumericCounter, type NumericLayout } from "./numeric-counter.ts";
import type { ColumnProfile, NumericColumn } from "./profile.ts";

/** Counts numbers, or moments in time. */
export class NumericColumnCounter implements ColumnCounter {
  readonly #name: string;
  readonly #kind: NumericColumn["kind"];
  readonly #numbers: NumericCounter;
  #missing = 0;
  #invalid = 0;
  #isInteger = true;

  constructor(name: string, kind: NumericColumn["kind"], layout: NumericLayout) {
    this.#name = name;
    this.#kind = kind;
    this.#numbers = new NumericCounter(layout);
  }

  add(value: unknown, weight: number): void {
    if (value === null || value === undefined) {
      this.#missing += weight;
      return;
    }
    const number = toNumber(value);
    if (number === undefined) {
      this.#invalid += weight;
      return;
    }
    if (this.#isInteger && Number.isFinite(number)) this.#isInteger = Number.isInteger(number);
    this.#numbers.add(number, weight);
  }

  addAll(values: ColumnValues): void {
    if (!isNumberArray(values)) {
      for (let row = 0; row < values.length; row += 1) this.add(values[row], 1);
      return;
    }
    // Up to the first fraction; most columns of fractions have one at once.
    for (let row = 0; this.#isInteger && row < values.length; row += 1) {
      if (Number.isFinite(values[row])) this.#isInteger = Number.isInteger(values[row]);
    }
    this.#numbers.addAll(values);
  }

  merge(columns: readonly ColumnProfile[]): void {
    const others = columns.filter(
      (column): column is NumericColumn => column.kind === "numeric" || column.kind === "datetime",
    );
    for (const { missing, invalid, isInteger } of others) {
      this.#missing += missing;
      this.#invalid += invalid;
      this.#isInteger &&= isInteger;
    }
    this.#numbers.merge(others.map(({ numbers }) => numbers));
  }

  build(): NumericColumn {
    return {
      name: this.#name,
      kind: this.#kind,
      missing: this.#missing,
      invalid: this.#invalid,
      isInteger: this.#isInteger,
      numbers: this.#numbers.build(),
    };
  }
}

/** The arrays that hold nothing but numbers. */
export type NumberArray =
  | Float64Array
  | Float32Array
  | Int32Array
  | Uint32Array
  | Int16Array
  | Uint16Array
  | Int8Array
  | Uint8Array
  | Uint8ClampedArray;

/** Whether the values are of a typed array of numbers: no null, nothing to convert. */
export function isNumberArray(values: unknown): values is NumberArray {
  return (
    ArrayBuffer.isView(values) &&
    !(values instanceof DataView) &&
    !(values instanceof BigInt64Array) &&
    !(values instanceof BigUint64Array)
  );
}

/** A number, a bigint as the nearest one, a Date as milliseconds since 1970; undefined for the rest. */
export function toNumber(value: unknown): number | undefined {
  if (typeof value === "number") return value;
  if (typeof value === "bigint") return Number(value);
  return value instanceof Date ? value.getTime() : undefined;
}
