import type { ProfileRow } from "../profile/profile-data.ts";
import { createRowChecker, type RowOptions } from "./check-row.ts";
import type { DataSchema } from "./data-schema.ts";

/**
 * The part of the Standard Schema interface, version 1, that is given. Written out, so that nothing
 * has to be installed: https://standardschema.dev
 */
export interface RowStandardSchema<Row> {
  readonly "~standard": {
    readonly version: 1;
    readonly vendor: "mlops";
    readonly validate: (value: unknown) => RowStandardResult<Row>;
    readonly types?: { readonly input: Row; readonly output: Row } | undefined;
  };
}

/** The row itself, or why it was refused. */
export type RowStandardResult<Row> =
  | { readonly value: Row; readonly issues?: undefined }
  | { readonly issues: readonly RowStandardIssue[] };

/** An issue as the Standard Schema interface has it. */
export interface RowStandardIssue {
  readonly message: string;
  readonly path?: readonly PropertyKey[] | undefined;
}

/**
 * A schema as a Standard Schema, for a model's `input` and whatever else takes one. A good row comes
 * back as it was.
 *
 * @typeParam Row - The type of a row that passes; it is for the caller to say.
 * @throws InvalidSchemaError `INVALID_SCHEMA`
 * @throws InvalidDriftOptionsError `INVALID_DRIFT_OPTIONS` for an environment that the schema does not have.
 */
export function toStandardSchema<Row extends object = ProfileRow>(
  schema: DataSchema,
  options: RowOptions = {},
): RowStandardSchema<Row> {
  const check = createRowChecker(schema, options);
  return {
    "~standard": {
      version: 1,
      vendor: "mlops",
      validate(value) {
        const issues = check(value);
        // The checks say that it is a row; the caller said of what type such rows are.
        if (issues.length === 0) return { value: value as Row };
        return {
          issues: issues.map(({ column, message }) => ({ message, path: column === null ? [] : [column] })),
        };
      },
    },
  };
}
