import type { RowOptions } from "./check-row.ts";
import { describeComparison } from "./compare-columns.ts";
import {
  type ColumnSchema,
  type DataSchema,
  isExpectedIn,
  type NumberSchema,
  type TextSchema,
} from "./data-schema.ts";
import { formatSource } from "./formats.ts";
import { parseSchema } from "./parse-schema.ts";
import { patternTextLength } from "./safe-pattern.ts";
import { checkEnvironment } from "./validate-options.ts";

/** A JSON Schema, draft 2020-12. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/**
 * A schema as a JSON Schema (draft 2020-12) of one row. It takes the same rows as `createRowChecker`,
 * of those that JSON can have: moments are milliseconds, and NaN does not occur. Comparisons of two
 * columns, which JSON Schema cannot say, are in `$comment`.
 *
 * @throws InvalidSchemaError `INVALID_SCHEMA`
 * @throws InvalidDriftOptionsError `INVALID_DRIFT_OPTIONS` for an environment that the schema does not have.
 */
export function toJsonSchema(schema: DataSchema, options: RowOptions = {}): JsonSchema {
  const checked = parseSchema(schema);
  checkEnvironment(checked, options.environment);
  const expected = checked.columns.filter((column) => isExpectedIn(column, options.environment));
  const properties = checked.columns.map((column) => [
    column.name,
    expected.includes(column) ? columnSchema(column) : true,
  ]);
  const { comparisons = [] } = checked;
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    ...(comparisons.length === 0
      ? {}
      : { $comment: `Not said here: ${comparisons.map(describeComparison).join("; ")}` }),
    type: "object",
    properties: Object.fromEntries(properties),
    required: expected.filter(({ required }) => required === true).map(({ name }) => name),
    ...(checked.unknownColumns === "refuse" ? { additionalProperties: false } : {}),
  };
}

function columnSchema(column: ColumnSchema): JsonSchema {
  const value = valueSchema(column);
  return column.required === true || column.nullable === false ? value : { anyOf: [value, { type: "null" }] };
}

function valueSchema(column: ColumnSchema): JsonSchema {
  switch (column.kind) {
    case "numeric":
    case "datetime":
      return numberSchema(column);
    case "categorical":
    case "text":
      return textSchema(column);
    case "boolean":
      return { enum: [true, false, 0, 1] };
    case "embedding":
      return {
        type: "array",
        items: { type: "number" },
        minItems: column.dimensions,
        maxItems: column.dimensions,
      };
  }
}

function numberSchema({ minimum, maximum, integer = false }: NumberSchema): JsonSchema {
  return {
    type: integer ? "integer" : "number",
    ...(minimum === undefined ? {} : { minimum }),
    ...(maximum === undefined ? {} : { maximum }),
  };
}

function textSchema(column: TextSchema): JsonSchema {
  const { kind, values, minimumLength, maximumLength, textFormat, pattern } = column;
  const longest = Math.min(maximumLength ?? Infinity, pattern === undefined ? Infinity : patternTextLength);
  const patterns = [
    ...(textFormat === undefined ? [] : [formatSource(textFormat)]),
    ...(pattern === undefined ? [] : [pattern]),
  ].map((source) => `^(?:${source})$`);
  return {
    type: kind === "text" ? "string" : ["string", "number", "boolean"],
    ...(values === undefined ? {} : { enum: values.flatMap(spellings) }),
    ...(minimumLength === undefined ? {} : { minLength: minimumLength }),
    ...(longest === Infinity ? {} : { maxLength: longest }),
    ...(patterns.length === 0 ? {} : { allOf: patterns.map((source) => ({ pattern: source })) }),
  };
}

/** A category as text, and as the number or the boolean that counts as that text. */
function spellings(category: string): readonly (string | number | boolean)[] {
  const number = Number(category);
  return [
    category,
    ...(Number.isFinite(number) && String(number) === category ? [number] : []),
    ...(category === "true" || category === "false" ? [category === "true"] : []),
  ];
}
