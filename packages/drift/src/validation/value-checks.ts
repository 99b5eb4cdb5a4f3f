import { toCategory } from "../profile/category-column-counter.ts";
import { toVector } from "../profile/embedding-column-counter.ts";
import type { ColumnSchema, NumberSchema, ShareCheck, TextSchema } from "./data-schema.ts";
import { formatSource, wholeText } from "./formats.ts";
import { patternTextLength } from "./safe-pattern.ts";

/** A check of one value that is not missing. */
export interface ValueCheck {
  readonly name: Exclude<ShareCheck, "presence" | "unique">;
  /** What a value has to be, to follow "is not". */
  readonly expected: string;
  /** Whether a value that fails is asked for nothing more. */
  readonly isGate: boolean;
  readonly passes: (value: unknown) => boolean;
}

/** The checks of a column's values, in their order. */
export function valueChecksOf(column: ColumnSchema): readonly ValueCheck[] {
  switch (column.kind) {
    case "numeric":
    case "datetime":
      return numberChecks(column);
    case "categorical":
    case "text":
      return textChecks(column);
    case "boolean":
      return [gate("a boolean", isBoolean)];
    case "embedding": {
      const { dimensions } = column;
      return [
        gate(`a vector of ${dimensions} finite numbers`, (value) => toVector(value)?.length === dimensions),
      ];
    }
  }
}

function gate(expected: string, passes: ValueCheck["passes"]): ValueCheck {
  return { name: "type", expected, isGate: true, passes };
}

/** 0 and 1 are booleans, as in a profile. */
function isBoolean(value: unknown): boolean {
  return typeof value === "boolean" || value === 0 || value === 1 || value === 0n || value === 1n;
}

/** The number that a value of a column counts as; undefined for another type. */
export function numberOf(value: unknown, kind: NumberSchema["kind"]): number | undefined {
  if (typeof value === "number") return value;
  if (typeof value === "bigint") return Number(value);
  return kind === "datetime" && value instanceof Date ? value.getTime() : undefined;
}

function numberChecks(column: NumberSchema): readonly ValueCheck[] {
  const { kind, minimum = -Infinity, maximum = Infinity } = column;
  const isDatetime = kind === "datetime";
  const checks: ValueCheck[] = [
    gate(isDatetime ? "a Date or milliseconds" : "a number", (value) => numberOf(value, kind) !== undefined),
  ];
  const add = (
    name: ValueCheck["name"],
    expected: string,
    passes: (number: number) => boolean,
    isGate = false,
  ): void => {
    checks.push({ name, expected, isGate, passes: (value) => passes(numberOf(value, kind) ?? Number.NaN) });
  };
  if (column.finite === true || column.mostly?.finite !== undefined) {
    add("finite", "finite", (number) => Number.isFinite(number), true);
  }
  if (column.integer === true) {
    add("integer", "a whole number", (number) => Number.isInteger(number) || !Number.isFinite(number));
  }
  if (column.minimum !== undefined || column.maximum !== undefined) {
    const print = (limit: number): string => (isDatetime ? printedTime(limit) : String(limit));
    add(
      "range",
      limitsText(column.minimum, column.maximum, print),
      (number) => (number >= minimum && number <= maximum) || !Number.isFinite(number),
    );
  }
  return checks;
}

function printedTime(time: number): string {
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? String(time) : date.toISOString();
}

function limitsText(
  minimum: number | undefined,
  maximum: number | undefined,
  print: (limit: number) => string = String,
): string {
  if (minimum === undefined) return `at most ${maximum === undefined ? "Infinity" : print(maximum)}`;
  return maximum === undefined ? `at least ${print(minimum)}` : `from ${print(minimum)} to ${print(maximum)}`;
}

function textChecks(column: TextSchema): readonly ValueCheck[] {
  const { values, minimumLength, maximumLength, textFormat, pattern } = column;
  const checks: ValueCheck[] = [
    column.kind === "text"
      ? gate("a text", (value) => typeof value === "string")
      : gate("a text, number or boolean", (value) => toCategory(value) !== undefined),
  ];
  const add = (name: ValueCheck["name"], expected: string, passes: (text: string) => boolean): void => {
    // A number or a boolean among categories has no spelling to be judged by.
    checks.push({
      name,
      expected,
      isGate: false,
      passes: (value) => typeof value !== "string" || passes(value),
    });
  };
  if (values !== undefined) {
    const known = new Set(values);
    checks.push({
      name: "domain",
      expected: `one of ${values.length} known values`,
      isGate: false,
      passes: (value) => known.has(toCategory(value) ?? ""),
    });
  }
  if (minimumLength !== undefined || maximumLength !== undefined) {
    const least = minimumLength ?? 0;
    const most = maximumLength ?? Infinity;
    add("length", `${limitsText(minimumLength, maximumLength)} characters long`, (text) => {
      if (text.length < least) return false;
      if (text.length > 2 * most) return false;
      const length = codePoints(text);
      return length >= least && length <= most;
    });
  }
  if (textFormat !== undefined) {
    const expression = wholeText(formatSource(textFormat));
    add("format", `in the format ${textFormat}`, (text) => expression.test(text));
  }
  if (pattern !== undefined) {
    const expression = wholeText(pattern);
    add("pattern", `as the pattern ${JSON.stringify(pattern)} says`, (text) => {
      const isShort = text.length <= 2 * patternTextLength && codePoints(text) <= patternTextLength;
      return isShort && expression.test(text);
    });
  }
  return checks;
}

/** How many code points a text has, counted without splitting it. */
export function codePoints(text: string): number {
  let count = text.length;
  for (let index = 0; index < text.length - 1; index += 1) {
    const unit = text.charCodeAt(index);
    if (unit < 0xd800 || unit > 0xdbff) continue;
    const next = text.charCodeAt(index + 1);
    if (next < 0xdc00 || next > 0xdfff) continue;
    count -= 1;
    index += 1;
  }
  return count;
}
