import { describe, expect, test } from "vitest";
import type { ColumnSchema, DataSchema } from "./data-schema.ts";
import { defineSchema } from "./edit-schema.ts";
import { InvalidSchemaError } from "./invalid-schema-error.ts";
import fixtures from "./gx.fixtures.json" with { type: "json" };
import { validate } from "./validate.ts";

/** A case of Great Expectations' own tests; how they were chosen is said in gx.fixtures.py. */
interface Case {
  readonly expectation: string;
  readonly title: string;
  readonly arguments: Readonly<Record<string, unknown>>;
  readonly data: Readonly<Record<string, readonly unknown[]>>;
  readonly success: boolean;
  readonly unexpected?: number;
}

// JSON as the generator wrote it.
const cases = fixtures.cases as readonly Case[];

/** Where we differ on purpose, by title, and why. Nothing else may differ. */
const differences: Readonly<Record<string, string>> = {
  negative_case_using_mostly:
    "a value that comes again is counted without its first occurrence; they count all",
  negative_case_all_null_values_bigquery_nones:
    "a column without values repeats none; they have it both ways",
  negative_test_with_max_lt_min: "a schema with its limits the wrong way round is refused",
};

/** They count every occurrence of a value that comes again. */
const countsOtherwise = new Set(["unique"]);

function verdictOf(one: Case): boolean | "refused" {
  try {
    return validate(schemaOf(one), one.data, { exact: true }).isValid;
  } catch (error) {
    if (InvalidSchemaError.isInstance(error)) return "refused";
    throw error;
  }
}

function schemaOf({ expectation, arguments: given, data }: Case): DataSchema {
  const number = (key: string): number | undefined => given[key] as number | undefined;
  const name = String(given["column"] ?? given["column_A"]);
  const mostly = (check: string): object =>
    given["mostly"] === undefined ? {} : { mostly: { [check]: number("mostly") } };
  const others = expectation === "exists" ? [] : Object.keys(data).filter((column) => column !== name);
  const one = (column: object): DataSchema =>
    defineSchema({
      columns: [
        { name, ...column },
        ...others.map((other) => ({ name: other, kind: "numeric" })),
      ] as ColumnSchema[],
      unknownColumns: "allow",
    });
  const [minimum, maximum] = [number("min_value"), number("max_value")];
  switch (expectation) {
    case "between":
      return one({ kind: "numeric", minimum, maximum, ...mostly("range") });
    case "in_set":
      return one({
        kind: "categorical",
        values: (given["value_set"] as unknown[]).map(String),
        ...mostly("domain"),
      });
    case "not_null":
      return one({ kind: "categorical", required: true, ...mostly("presence") });
    case "unique":
      return one({ kind: "categorical", unique: true, ...mostly("unique") });
    case "increasing":
    case "decreasing":
      return one({
        kind: "numeric",
        monotonic: `${given["strictly"] === true ? "strictly-" : ""}${expectation}`,
      });
    case "regex":
      // Theirs may match anywhere after the start ("^a") or within ("b"); ours matches whole texts.
      return one({
        kind: "text",
        pattern: `.*(?:${String(given["regex"])}).*`.replace(".*(?:^", "(?:"),
        ...mostly("pattern"),
      });
    case "lengths":
      return one({ kind: "text", minimumLength: minimum, maximumLength: maximum, ...mostly("length") });
    case "rows":
      return defineSchema({ columns: [], unknownColumns: "allow", rows: { minimum, maximum } });
    case "exists":
      return one({ kind: "categorical", required: true, mostly: { presence: 0.01 } });
    default:
      return defineSchema({
        columns: ["column_A", "column_B"].map((key) => ({ name: String(given[key]), kind: "numeric" })),
        comparisons: [
          {
            left: String(given["column_B"]),
            operator: given["or_equal"] === true ? "<=" : "<",
            right: String(given["column_A"]),
          },
        ],
      });
  }
}

const isDifferent = ({ expectation, title }: Case): boolean =>
  Object.hasOwn(differences, title) && ["unique", "lengths"].includes(expectation);
const titled = (some: readonly Case[]): [string, Case][] =>
  some.map((one) => [`${one.expectation}: ${one.title}`, one]);

describe(`Great Expectations' tests (${fixtures.source})`, () => {
  test.each(titled(cases.filter((one) => !isDifferent(one))))("%s", (_, one) => {
    expect(verdictOf(one)).toBe(one.success);
    if (one.unexpected === undefined || countsOtherwise.has(one.expectation)) return;
    const { anomalies, tolerated } = validate(schemaOf(one), one.data, { exact: true });
    expect([...anomalies, ...tolerated][0]?.count ?? 0).toBe(one.unexpected);
  });

  test.each(titled(cases.filter(isDifferent)))("%s: not ours", (_, one) => {
    expect(verdictOf(one)).not.toBe(one.success);
  });

  test("all cases that were taken over are there", () => {
    expect(cases).toHaveLength(94);
    expect(cases.filter(isDifferent)).toHaveLength(3);
  });
});
