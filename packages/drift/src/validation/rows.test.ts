import { createRandom, type Random } from "@mlops/stats";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import type { ProfileRow } from "../profile/profile-data.ts";
import { checkRow, createRowChecker } from "./check-row.ts";
import type { ColumnSchema, DataSchema } from "./data-schema.ts";
import { defineSchema } from "./edit-schema.ts";
import { inferSchema } from "./infer-schema.ts";
import { InvalidSchemaError } from "./invalid-schema-error.ts";
import { toJsonSchema } from "./to-json-schema.ts";
import { toStandardSchema } from "./to-standard-schema.ts";
import { toZod } from "./to-zod.ts";
import { validate } from "./validate.ts";
import { order, orders } from "./validation.fixtures.ts";

const jsonValues: readonly unknown[] = [
  0,
  1,
  -1,
  5,
  5.5,
  10,
  10.5,
  1e300,
  2 ** 53 + 2,
  true,
  false,
  null,
  "",
  "a",
  "ab",
  "abc",
  "💥",
  "💥💥",
  "1",
  "5",
  "true",
  "2024-01-31",
  "2024-13-01",
  "2024-01-31T10:00:00Z",
  "x@example.com",
  "https://example.com/a?b",
  "-12.5e3",
  "10.0.0.255",
  "00000000-0000-4000-8000-00000000000f",
  "a".repeat(300),
  [1, 2],
  [1, "2"],
  [1],
  [],
  {},
  { a: 1 },
];
const otherValues: readonly unknown[] = [
  ...jsonValues,
  undefined,
  Number.NaN,
  Infinity,
  -Infinity,
  -0,
  3n,
  0n,
  10n ** 400n,
  new Date(5),
  new Date(Number.NaN),
  Symbol("s"),
  () => 1,
  new Float32Array([1, 2]),
  new Float64Array([1, Number.NaN]),
];

function pick<Value>(random: Random, values: readonly Value[]): Value {
  return values[random.integer(values.length)]!;
}

function maybe<Fields extends object>(random: Random, fields: Fields): Fields | Record<string, never> {
  return random() < 0.5 ? fields : {};
}

function randomColumn(random: Random, name: string): ColumnSchema {
  const common = { name, ...maybe(random, { required: true }), ...maybe(random, { nullable: false }) };
  const kind = pick(random, ["numeric", "datetime", "categorical", "text", "boolean", "embedding"] as const);
  switch (kind) {
    case "numeric":
    case "datetime":
      return {
        ...common,
        kind,
        ...maybe(random, { finite: true }),
        ...maybe(random, { integer: true }),
        ...maybe(random, { minimum: 0 }),
        ...maybe(random, { maximum: 10 }),
        ...maybe(random, { mostly: { range: 0.5, finite: 0.5 } }),
      };
    case "categorical":
    case "text":
      return {
        ...common,
        kind,
        ...maybe(random, { values: ["a", "ab", "1", "true", "5.5", "💥"] }),
        ...maybe(random, { minimumLength: 1 }),
        ...maybe(random, { maximumLength: 2 }),
        ...(random() < 0.3
          ? {
              textFormat: pick(random, [
                "integer",
                "decimal",
                "date",
                "date-time",
                "uuid",
                "email",
                "url",
                "ipv4-address",
              ] as const),
            }
          : {}),
        ...(random() < 0.3 ? { pattern: pick(random, ["a.*", String.raw`\w{1,2}`, ".", "a|💥"]) } : {}),
      };
    case "boolean":
      return { ...common, kind };
    case "embedding":
      return { ...common, kind, dimensions: 2 };
  }
}

function randomSchema(random: Random, canCompare: boolean): DataSchema {
  const columns = ["x", "y", "z"].slice(random.integer(3)).map((name) => randomColumn(random, name));
  return defineSchema({
    columns,
    unknownColumns: pick(random, ["allow", "refuse"]),
    ...(columns.length === 3 && canCompare && random() < 0.5
      ? { comparisons: [{ left: "x", operator: "<=", right: "y" }] }
      : {}),
  });
}

function randomRow(random: Random, { columns }: DataSchema, values: readonly unknown[]): ProfileRow {
  const names = [...columns.map(({ name }) => name), ...(random() < 0.05 ? ["other"] : [])].filter(
    () => random() < 0.9,
  );
  return Object.fromEntries(names.map((name) => [name, pick(random, values)]));
}

describe("all forms of a schema take the same rows", () => {
  test("our checker, our Standard Schema and zod, whatever comes", () => {
    const random = createRandom(1);
    const taken = { good: 0, bad: 0 };
    for (let round = 0; round < 100; round += 1) {
      const schema = randomSchema(random, true);
      const check = createRowChecker(schema);
      const [standard, zod] = [toStandardSchema(schema), toZod(schema)];
      for (let draw = 0; draw < 100; draw += 1) {
        const row = pick(random, [
          randomRow(random, schema, otherValues),
          randomRow(random, schema, jsonValues),
          pick(random, otherValues),
        ]);
        const isGood = check(row).length === 0;
        taken[isGood ? "good" : "bad"] += 1;
        const outcomes = [
          zod.safeParse(row).success,
          standard["~standard"].validate(row).issues === undefined,
        ];
        expect({ row, schema, outcomes }).toEqual({ row, schema, outcomes: [isGood, isGood] });
      }
    }
    expect(Math.min(taken.good, taken.bad)).toBeGreaterThan(500);
  });

  test("and JSON Schema as ajv reads it, for what JSON can have", () => {
    const random = createRandom(2);
    const taken = { good: 0, bad: 0 };
    for (let round = 0; round < 100; round += 1) {
      const schema = randomSchema(random, false);
      const check = createRowChecker(schema);
      const accepts = new Ajv2020({ allowUnionTypes: true }).compile(toJsonSchema(schema));
      for (let draw = 0; draw < 100; draw += 1) {
        const row = pick(random, [
          randomRow(random, schema, jsonValues),
          randomRow(random, schema, jsonValues),
          pick(random, jsonValues),
        ]);
        const isGood = check(row).length === 0;
        taken[isGood ? "good" : "bad"] += 1;
        expect({ row, schema, accepts: accepts(row) }).toEqual({ row, schema, accepts: isGood });
      }
    }
    expect(Math.min(taken.good, taken.bad)).toBeGreaterThan(500);
  });

  test("a row has an issue where a batch of it, with every share at 1, has an anomaly", () => {
    const random = createRandom(3);
    for (let round = 0; round < 400; round += 1) {
      const { columns, ...rest } = randomSchema(random, true);
      const schema = { ...rest, columns: columns.map((column) => ({ ...column, mostly: undefined })) };
      const row = randomRow(random, schema, otherValues);
      expect({ schema, row, isValid: validate(schema, [row]).isValid }).toEqual({
        schema,
        row,
        isValid: checkRow(schema, row).length === 0,
      });
    }
  });
});

describe("a single row", () => {
  const schema = inferSchema(orders(500, 1));
  const good = order(createRandom(9), 9);

  test("is held to every check, whatever share of a batch has to pass", () => {
    expect(checkRow(schema, good)).toEqual([]);
    expect(
      checkRow(schema, { ...good, age: -1, plan: "free", vector: [1], other: 1, isNew: undefined }),
    ).toEqual([
      {
        code: "OUT_OF_RANGE",
        column: "age",
        message: expect.stringMatching(/^"age" is -1, and not from 0 to/),
      },
      { code: "NEW_VALUES", column: "plan", message: '"plan" is "free", and not one of 3 known values.' },
      { code: "VALUES_MISSING", column: "isNew", message: '"isNew" has no value.' },
      {
        code: "WRONG_TYPE",
        column: "vector",
        message: '"vector" is an array of 1, and not a vector of 4 finite numbers.',
      },
      { code: "COLUMN_UNKNOWN", column: "other", message: '"other" is not in the schema.' },
    ]);
  });

  test("what is no row is an issue, and no error", () => {
    for (const row of [null, undefined, 3, "row", [], () => 1]) {
      expect(checkRow(schema, row).map(({ code }) => code)).toEqual(["NOT_A_ROW"]);
    }
    expect(checkRow(schema, Object.create(null))).toHaveLength(8);
  });

  test("the columns of other environments are not asked for, and not refused", () => {
    const labelled = defineSchema({
      environments: ["training", "serving"],
      columns: [{ name: "label", kind: "boolean", required: true, onlyIn: ["training"] }],
    });
    expect(checkRow(labelled, {}, { environment: "serving" })).toEqual([]);
    expect(checkRow(labelled, { label: "?" }, { environment: "serving" })).toEqual([]);
    expect(checkRow(labelled, {}, { environment: "training" })).toHaveLength(1);
    expect(toZod(labelled, { environment: "serving" }).safeParse({}).success).toBe(true);
    expect(toJsonSchema(labelled, { environment: "serving" })).toMatchObject({ required: [] });
  });

  test("names that every object inherits: ours tells them apart, for zod they are refused", () => {
    const odd = defineSchema({ columns: [{ name: "constructor", kind: "numeric" }] });
    expect(checkRow(odd, {})).toEqual([]);
    expect(() => toZod(odd)).toThrow(InvalidSchemaError);
    const accepts = new Ajv2020({ ownProperties: true }).compile(toJsonSchema(odd));
    expect([{}, { constructor: 1 }, { constructor: "1" }].map((row) => accepts(row))).toEqual([
      true,
      true,
      false,
    ]);
  });

  test("a Standard Schema gives the row back as it was, or a path for each issue", () => {
    const standard = toStandardSchema<{ age: number }>(
      defineSchema({ columns: [{ name: "age", kind: "numeric" }] }),
    );
    const row = { age: 3 };
    const result = standard["~standard"].validate(row);
    expect(result.issues === undefined && result.value === row).toBe(true);
    expect(standard["~standard"].validate({ age: "3" }).issues).toEqual([
      { path: ["age"], message: '"age" is "3", and not a number.' },
    ]);
    expect(toZod(schema)).toBeInstanceOf(z.ZodType);
  });
});
