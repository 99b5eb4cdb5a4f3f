import { z } from "zod";
import { toCategory } from "../profile/category-column-counter.ts";
import { toVector } from "../profile/embedding-column-counter.ts";
import { isFiniteAsked, type RowOptions } from "./check-row.ts";
import { describeComparison, holds } from "./compare-columns.ts";
import {
  type ColumnSchema,
  type DataSchema,
  isExpectedIn,
  type NumberSchema,
  type TextSchema,
} from "./data-schema.ts";
import { InvalidSchemaError } from "./invalid-schema-error.ts";
import { parseSchema } from "./parse-schema.ts";
import { checkEnvironment } from "./validate-options.ts";
import { numberOf, valueChecksOf } from "./value-checks.ts";

/**
 * A schema as a zod object that takes the same rows as `createRowChecker`.
 *
 * @throws InvalidSchemaError `INVALID_SCHEMA`, also for a column that every object
 * inherits something for, such as `constructor`: zod would take that for the row's.
 * @throws InvalidDriftOptionsError `INVALID_DRIFT_OPTIONS` for an environment that the schema does not have.
 */
export function toZod(schema: DataSchema, options: RowOptions = {}): z.ZodType<Record<string, unknown>> {
  const checked = parseSchema(schema);
  checkEnvironment(checked, options.environment);
  const shape: Record<string, z.ZodType> = {};
  for (const [index, column] of checked.columns.entries()) {
    if (column.name in Object.prototype) {
      throw new InvalidSchemaError({
        path: `columns[${index}].name`,
        problem: `is ${column.name}, which every object inherits, and zod cannot tell`,
      });
    }
    shape[column.name] = isExpectedIn(column, options.environment)
      ? columnType(column)
      : z.unknown().optional();
  }
  const row = checked.unknownColumns === "refuse" ? z.strictObject(shape) : z.looseObject(shape);
  const { comparisons = [] } = checked;
  if (comparisons.length === 0) return row;
  return row.superRefine((values, context) => {
    for (const comparison of comparisons) {
      const { left, operator, right } = comparison;
      if (holds(operator, values[left], values[right]) !== false) continue;
      context.addIssue({
        code: "custom",
        path: [left],
        message: `has to be ${describeComparison(comparison)}`,
      });
    }
  });
}

function columnType(column: ColumnSchema): z.ZodType {
  const type = valueType(column);
  if (column.required === true) return type;
  return column.nullable === false ? type.optional() : type.nullish();
}

function valueType(column: ColumnSchema): z.ZodType {
  switch (column.kind) {
    case "numeric":
    case "datetime":
      return numberType(column);
    case "categorical":
    case "text":
      return textType(column);
    case "boolean":
      return z.union([z.boolean(), z.literal([0, 1, 0n, 1n])]);
    case "embedding":
      return z.custom<ArrayLike<number>>(
        (value) => toVector(value)?.length === column.dimensions,
        `has to be a vector of ${column.dimensions} finite numbers`,
      );
  }
}

function numberType(column: NumberSchema): z.ZodType {
  const { kind, minimum, maximum, integer = false } = column;
  // zod's own numbers are finite; those that need not be are checked by hand.
  if (!isFiniteAsked(column) || kind === "datetime")
    return checkedByHand(column, z.custom<number>(isNumber(kind)));
  let number = z.number();
  if (minimum !== undefined) number = number.min(minimum);
  if (maximum !== undefined) number = number.max(maximum);
  // Not `int()`, which refuses whole numbers above 2⁵³.
  const whole = integer
    ? number.refine((value) => Number.isInteger(value), "has to be a whole number")
    : number;
  return z.union([whole, checkedByHand(column, z.bigint())]);
}

function isNumber(kind: NumberSchema["kind"]): (value: unknown) => boolean {
  return (value) => numberOf(value, kind) !== undefined;
}

function textType(column: TextSchema): z.ZodType {
  const text = checkedByHand(column, z.string());
  if (column.kind === "text") return text;
  const other = z.custom<number | boolean | bigint>(
    (value) => typeof value !== "string" && toCategory(value) !== undefined,
    "has to be a text, number or boolean",
  );
  return z.union([text, checkedByHand(column, other)]);
}

/** Whatever zod has no check for that means the same, such as lengths in code points. */
function checkedByHand(column: ColumnSchema, type: z.ZodType): z.ZodType {
  let refined = type;
  for (const { name, expected, passes } of valueChecksOf(column)) {
    if (name === "type" || (name === "finite" && !isFiniteAsked(column))) continue;
    refined = refined.refine(passes, `has to be ${expected}`);
  }
  return refined;
}
