import type { ColumnSchema, DataSchema } from "./data-schema.ts";
import { InvalidSchemaError } from "./invalid-schema-error.ts";
import { parseSchema } from "./parse-schema.ts";

/** A {@link DataSchema} without what is always the same. Unknown columns are refused by default. */
export type SchemaDefinition = Omit<DataSchema, "format" | "version" | "unknownColumns"> &
  Partial<Pick<DataSchema, "unknownColumns">>;

/**
 * A schema written by hand.
 *
 * @throws InvalidSchemaError `INVALID_SCHEMA`
 */
export function defineSchema(definition: SchemaDefinition): DataSchema {
  return parseSchema({ unknownColumns: "refuse", ...definition, format: "mlops.drift.schema", version: 1 });
}

/** Fields of a column, of whichever kind; undefined takes a field away. */
export type ColumnChanges = {
  readonly [Field in AllFields]?: FieldOf<ColumnSchema, Field> | undefined;
};

type AllFields = ColumnSchema extends infer Column ? (Column extends unknown ? keyof Column : never) : never;
type FieldOf<Column, Field extends PropertyKey> =
  Column extends Readonly<Partial<Record<Field, infer Value>>> ? Value : never;

/**
 * The schema with some fields of one column changed; `mostly` is merged by check.
 *
 * @throws InvalidSchemaError `INVALID_SCHEMA` for a column that is not there, or changes that do not
 * fit its kind.
 */
export function editColumn(schema: DataSchema, name: string, changes: ColumnChanges): DataSchema {
  if (!schema.columns.some((column) => column.name === name)) {
    throw new InvalidSchemaError({ path: "columns", problem: `has no column ${JSON.stringify(name)}` });
  }
  const columns = schema.columns.map((column) => {
    if (column.name !== name) return column;
    const mostly = "mostly" in changes ? { mostly: { ...column.mostly, ...changes.mostly } } : {};
    return withoutUndefined({ ...column, ...changes, ...mostly });
  });
  return parseSchema({ ...schema, columns });
}

/** The schema without one column, and without the comparisons that name it. */
export function removeColumn(schema: DataSchema, name: string): DataSchema {
  return parseSchema({
    ...schema,
    columns: schema.columns.filter((column) => column.name !== name),
    ...(schema.comparisons === undefined
      ? {}
      : { comparisons: schema.comparisons.filter(({ left, right }) => left !== name && right !== name) }),
  });
}

function withoutUndefined(fields: object): object {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
