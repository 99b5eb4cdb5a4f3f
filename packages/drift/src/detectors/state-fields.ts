import type { StateRecord, StateValue } from "./detector.ts";

// JSON has no word for these, and a rule starts from them.
const words: ReadonlyMap<string, number> = new Map([
  ["Infinity", Infinity],
  ["-Infinity", -Infinity],
]);

/** A number as JSON can hold it. */
function saveNumber(value: number): number | string {
  return Number.isFinite(value) ? value : String(value);
}

/** The number in a field of a state. @throws TypeError when there is none. */
export function loadNumber(state: StateRecord, field: string): number {
  return toNumber(state[field], field);
}

/** The numbers in a field of a state. @throws TypeError when there are none, or more than `limit`. */
export function loadNumbers(state: StateRecord, field: string, limit: number): number[] {
  const value = state[field];
  if (!Array.isArray(value) || value.length > limit) {
    throw new TypeError(`${field} is no list of at most ${limit} numbers`);
  }
  return value.map((item: StateValue, index) => toNumber(item, `${field}[${index}]`));
}

/** All of a flat record's numbers, by the names that `names` has. */
export function loadRecord<Name extends string>(
  state: StateRecord,
  names: readonly Name[],
): Record<Name, number> {
  const entries = names.map((name) => [name, loadNumber(state, name)] as const);
  // Every name got its number.
  return Object.fromEntries(entries) as Record<Name, number>;
}

/** A flat record of numbers as JSON can hold it. */
export function saveRecord(record: Readonly<Record<string, number>>): StateRecord {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, saveNumber(value)]));
}

function toNumber(value: StateValue | undefined, field: string): number {
  const number = typeof value === "string" ? words.get(value) : value;
  if (typeof number !== "number") throw new TypeError(`${field} is no number`);
  return number;
}
