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
  switch (operator) {
    case "<":
      return left < right;
    case "<=":
      return left <= right;
    // A bigint equals a number of the same size only if neither is less.
    case "==":
      return left <= right && left >= right;
    case "!=":
      return left < right || left > right;
  }
}

/** A comparison as it is written. */
export function describeComparison({ left, operator, right }: Comparison): string {
  return `${left} ${operator} ${right}`;
}
