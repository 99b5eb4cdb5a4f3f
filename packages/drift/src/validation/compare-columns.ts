import type { Comparison } from "./data-schema.ts";

/** Whether two values of a row stand as they should; undefined where they cannot be compared. */
export function holds(operator: Comparison["operator"], left: unknown, right: unknown): boolean | undefined {
  if (typeof left === "string" && typeof right === "string") return ordered(operator, left, right);
  const leftNumber = comparable(left);
  const rightNumber = comparable(right);
  return leftNumber === undefined || rightNumber === undefined
    ? undefined
    : ordered(operator, leftNumber, rightNumber);
}

/** Numbers and bigints as they are, so that large ones stay exact; NaN and the rest cannot be compared. */
function comparable(value: unknown): number | bigint | undefined {
  if (typeof value === "bigint") return value;
  const number = value instanceof Date ? value.getTime() : value;
  return typeof number === "number" && !Number.isNaN(number) ? number : undefined;
}

function ordered<Value extends string | number | bigint>(
  operator: Comparison["operator"],
  left: Value,
  right: Value,
): boolean {
  // Also of a bigint and a number, which are never `===`.
  const order = left < right ? -1 : left > right ? 1 : 0;
  switch (operator) {
    case "<":
      return order < 0;
    case "<=":
      return order <= 0;
    case "==":
      return order === 0;
    case "!=":
      return order !== 0;
  }
}

/** A comparison as it is written. */
export function describeComparison({ left, operator, right }: Comparison): string {
  return `${left} ${operator} ${right}`;
}
