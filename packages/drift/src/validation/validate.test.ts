import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { InvalidDataError } from "../errors/invalid-data-error.ts";
import { InvalidDriftOptionsError } from "../errors/invalid-drift-options-error.ts";
import { profile } from "../profile/create-profile.ts";
import { createProfileBuilder } from "../profile/profile-builder.ts";
import type { ColumnSchema, DataSchema } from "./data-schema.ts";
import { defineSchema, editColumn } from "./edit-schema.ts";
import { inferSchema } from "./infer-schema.ts";
import { parseSchema } from "./parse-schema.ts";
import { suggestPatch } from "./suggest-patch.ts";
import { mergeValidations, validate } from "./validate.ts";
import { orders } from "./validation.fixtures.ts";
import type { Anomaly } from "./validation-result.ts";

const reference = orders(1_000, 1);
const schema = inferSchema(reference);

function only(column: ColumnSchema): DataSchema {
  return defineSchema({ columns: [column] });
}

function codesOf(anomalies: readonly Anomaly[]): (readonly [string | null, string, number])[] {
  return anomalies.map(({ column, code, count }) => [column, code, count] as const);
}

/** The anomalies of one column of values. */
function found(column: ColumnSchema, values: readonly unknown[]): (readonly [string, number])[] {
  const { anomalies } = validate(only(column), { [column.name]: values });
  return anomalies.map(({ code, count }) => [code, count] as const);
}

/** Values of every sort that data may come with, and that none expects. */
const anyValue = fc.oneof(
  fc.integer({ min: -5, max: 50 }),
  fc.double(),
  fc.constantFrom(null, undefined, true, false, 0, 1, "", "a", "b", "c", Number.NaN, Infinity, -Infinity),
  fc.string(),
  fc.bigInt(),
  fc.date({ noInvalidDate: false }),
  fc.array(fc.double(), { maxLength: 4 }),
  fc.constant({ deep: { deeper: {} } }),
  fc.constant(Symbol("s")),
  fc.constant(() => 1),
);
const columnName = fc.constantFrom("a", "b", "constructor", "__proto__", "toString", "", "💥");
const anyRows = fc.array(
  fc
    .uniqueArray(fc.tuple(columnName, anyValue), { selector: ([name]) => name, maxLength: 5 })
    .map((entries) => Object.fromEntries(entries)),
  { maxLength: 60 },
);
const anyColumn = fc
  .tuple(
    fc.array(fc.oneof(fc.integer({ min: 0, max: 9 }), fc.constantFrom(null, "x", Number.NaN)), {
      maxLength: 60,
    }),
    fc.array(anyValue, { maxLength: 60 }),
  )
  .map(([usual, odd]) => [...usual, ...odd]);

describe("laws", () => {
  test("any data are valid by the schema inferred from them, also when shares are counted plainly", () => {
    fc.assert(
      fc.property(anyRows, fc.boolean(), (rows, exact) => {
        expect(codesOf(validate(inferSchema(rows), rows, { exact }).anomalies)).toEqual([]);
      }),
      { seed: 1, numRuns: 75 },
    );
  });

  test("so is a profile by the schema inferred from it", () => {
    fc.assert(
      fc.property(anyRows, (rows) => {
        const profiled = profile(rows);
        expect(codesOf(validate(inferSchema(profiled), profiled).anomalies)).toEqual([]);
      }),
      { seed: 2, numRuns: 75 },
    );
  });

  test("the suggested patch makes the batch valid, and its operations lead from one schema to the other", () => {
    fc.assert(
      fc.property(anyColumn, anyColumn, (before, batch) => {
        const inferred = inferSchema({ column: before });
        const result = validate(inferred, { column: batch, extra: batch });
        const patch = suggestPatch(inferred, result);
        expect(codesOf(validate(patch.schema, { column: batch, extra: batch }).anomalies)).toEqual([]);
        expect(patch.operations.length > 0).toBe(result.anomalies.length > 0);
        expect(applied(inferred, patch.operations)).toEqual(JSON.parse(JSON.stringify(patch.schema)));
      }),
      { seed: 3, numRuns: 100 },
    );
  });

  test("schemas and results are plain JSON", () => {
    fc.assert(
      fc.property(anyRows, anyRows, (one, other) => {
        const inferred = inferSchema(one);
        expect(parseSchema(JSON.stringify(inferred))).toEqual(inferred);
        const result = validate(inferred, other);
        expect(JSON.parse(JSON.stringify(result))).toEqual(result);
      }),
      { seed: 4, numRuns: 50 },
    );
  });

  test("several batches together are what one batch of all rows would be", () => {
    const rowsOf = (values: readonly unknown[]): { column: unknown }[] =>
      values.map((column) => ({ column }));
    fc.assert(
      fc.property(anyColumn, fc.array(anyColumn, { minLength: 1, maxLength: 3 }), (before, batches) => {
        const inferred = inferSchema({ column: before });
        const merged = mergeValidations(
          inferred,
          batches.map((batch) => validate(inferred, rowsOf(batch))),
        );
        const whole = validate(inferred, rowsOf(batches.flat()));
        expect(merged.anomalies).toEqual(whole.anomalies);
        expect(merged.tolerated).toEqual(whole.tolerated);
        expect(merged.rows).toBe(whole.rows);
      }),
      { seed: 5, numRuns: 75 },
    );
  });
});

/** An applier of the operations that is written apart from what makes them. */
function applied(start: DataSchema, operations: ReturnType<typeof suggestPatch>["operations"]): unknown {
  const root: unknown = structuredClone(start);
  for (const { op, path, value } of operations) {
    const keys = path.slice(1).split("/");
    const last = keys.pop()!;
    const parent = keys.reduce((node, key) => Reflect.get(Object(node), key) as unknown, root) as object;
    if (Array.isArray(parent) && last === "-") parent.push(value);
    else if (op === "remove") Reflect.deleteProperty(parent, last);
    else Reflect.set(parent, last, value);
  }
  return JSON.parse(JSON.stringify(root));
}

describe("what a schema is inferred to say", () => {
  test("of each kind of column", () => {
    const byName = Object.fromEntries(schema.columns.map((column) => [column.name, column]));
    expect(byName).toMatchObject({
      id: {
        kind: "text",
        required: true,
        textFormat: "uuid",
        unique: true,
        minimumLength: 36,
        maximumLength: 36,
      },
      age: { kind: "numeric", required: true, integer: true, finite: true, minimum: 0, maximum: 106.5 },
      price: { kind: "numeric", finite: true, minimum: 0 },
      plan: { kind: "categorical", values: ["basic", "pro", "team"] },
      isNew: { kind: "boolean", required: true },
      placedAt: { kind: "datetime", finite: true },
      note: { kind: "text", minimumLength: 0 },
      vector: { kind: "embedding", dimensions: 4 },
    });
    expect(byName["price"]).not.toHaveProperty("integer");
    expect(byName["placedAt"]).not.toHaveProperty("maximum");
    expect(byName["note"]).not.toHaveProperty("required");
    expect(byName["note"]?.mostly?.presence).toBeGreaterThan(0.7);
    expect(byName["note"]?.mostly?.presence).toBeLessThan(0.8);
  });

  test("other orders are valid, as rows and as a profile", () => {
    expect(codesOf(validate(schema, orders(1_000, 2)).anomalies)).toEqual([]);
    const result = validate(schema, profile(orders(1_000, 2)));
    expect(codesOf(result.anomalies)).toEqual([]);
    expect(result.notChecked.map(({ column, check }) => [column, check])).toEqual([
      ["id", "unique"],
      ["id", "format"],
    ]);
  });

  test("from a profile it is the same, but for what a profile does not hold", () => {
    const fromProfile = inferSchema(profile(reference));
    expect(fromProfile.columns.map(({ name, kind, required }) => [name, kind, required])).toEqual(
      schema.columns.map(({ name, kind, required }) => [name, kind, required]),
    );
    expect(fromProfile.columns[0]).not.toHaveProperty("textFormat");
  });

  test("counts on the cells of a reference are judged, too", () => {
    const profiled = profile(reference);
    const builder = createProfileBuilder({ reference: profiled });
    for (const row of orders(500, 3)) builder.add({ ...row, age: -999, plan: "other" });
    expect(codesOf(validate(inferSchema(profiled), builder.build()).anomalies)).toEqual([
      ["age", "OUT_OF_RANGE", 500],
      ["age", "CONSTANT_COLUMN", 500],
      ["plan", "NEW_VALUES", 500],
    ]);
  });
});

describe("each check finds what it is for, and counts it", () => {
  const numeric = { name: "x", kind: "numeric" } as const;
  const text = { name: "x", kind: "text" } as const;
  const moments = { name: "x", kind: "datetime", minimum: 100, maximum: 200 } as const;
  const cases: readonly (readonly [
    string,
    ColumnSchema,
    readonly unknown[],
    readonly (readonly [string, number])[],
  ])[] = [
    ["type", numeric, [1, 2n, "3", {}, new Date(0), true], [["WRONG_TYPE", 4]]],
    ["presence", { ...numeric, required: true }, [1, null, undefined], [["VALUES_MISSING", 2]]],
    [
      "null, where it may not stand for a missing value",
      { ...numeric, nullable: false },
      [1, null, undefined],
      [["NULL_VALUES", 1]],
    ],
    [
      "being finite, and nothing more of what is not",
      { ...numeric, finite: true, maximum: 3 },
      [1, Number.NaN, Infinity],
      [["NOT_FINITE", 2]],
    ],
    ["whole numbers", { ...numeric, integer: true }, [1, 1.5, 2 ** 60, 3n, Number.NaN], [["NOT_INTEGER", 1]]],
    [
      "a range, with its limits",
      { ...numeric, minimum: 1, maximum: 3 },
      [0.99, 1, 3, 3.01, 4n, Number.NaN],
      [["OUT_OF_RANGE", 3]],
    ],
    [
      "a range of moments, as Dates or milliseconds",
      moments,
      [new Date(100), 200, new Date(99), 201],
      [["OUT_OF_RANGE", 2]],
    ],
    [
      "a domain; numbers and booleans count as their text",
      { name: "x", kind: "categorical", values: ["a", "1", "true"] },
      ["a", 1, true, 1n, "A", 2, {}],
      [
        ["WRONG_TYPE", 1],
        ["NEW_VALUES", 2],
      ],
    ],
    [
      "a length in code points",
      { ...text, minimumLength: 2, maximumLength: 3 },
      ["ab", "💥💥💥", "💥", "abcd", "💥💥💥💥"],
      [["WRONG_LENGTH", 3]],
    ],
    [
      "a format",
      { ...text, textFormat: "date" },
      ["2024-02-29", "2024-13-01", " 2024-01-01"],
      [["WRONG_FORMAT", 2]],
    ],
    [
      "a pattern, of whole texts",
      { ...text, pattern: "[a-c]{2}|x" },
      ["ab", "x", "abx", "xx"],
      [["PATTERN_MISMATCH", 2]],
    ],
    [
      "a pattern does not take texts above its bound",
      { ...text, pattern: "a+" },
      ["a".repeat(256), "a".repeat(257)],
      [["PATTERN_MISMATCH", 1]],
    ],
    [
      "unique values; null is none",
      { ...text, unique: true },
      ["a", "b", "a", "a", null, null],
      [["REPEATED_VALUES", 2]],
    ],
    [
      "unique vectors and numbers",
      { name: "x", kind: "embedding", dimensions: 2, unique: true },
      [[1, 2], new Float32Array([1, 2]), [2, 1]],
      [["REPEATED_VALUES", 1]],
    ],
    [
      "an order, not strictly",
      { ...numeric, monotonic: "increasing" },
      [1, 1, null, 2, 1, 3],
      [["WRONG_ORDER", 1]],
    ],
    [
      "an order, strictly",
      { ...numeric, monotonic: "strictly-decreasing" },
      [3, 2, 2, 1, Number.NaN, 0],
      [["WRONG_ORDER", 1]],
    ],
    [
      "booleans, also as 0 and 1",
      { name: "x", kind: "boolean" },
      [true, 0, 1n, 2, "true"],
      [["WRONG_TYPE", 2]],
    ],
    [
      "the length of vectors",
      { name: "x", kind: "embedding", dimensions: 2 },
      [[1, 2], [1], [1, 2, 3], [1, Number.NaN]],
      [["WRONG_TYPE", 3]],
    ],
    [
      "a constant column, where chance would not give it",
      { ...numeric, mostFrequentShare: 0.5 },
      Array.from({ length: 20 }, () => 7),
      [["CONSTANT_COLUMN", 20]],
    ],
    [
      "but not where it would",
      { ...numeric, mostFrequentShare: 0.5 },
      Array.from({ length: 5 }, () => 7),
      [],
    ],
  ];
  test.each(cases)("%s", (_, column, values, expected) => {
    expect(found(column, values)).toEqual(expected);
  });

  test("columns that are missing, unknown, or of another environment", () => {
    const withLabel = defineSchema({
      environments: ["training", "serving"],
      columns: [
        { name: "x", kind: "numeric", required: true },
        { name: "label", kind: "boolean", required: true, onlyIn: ["training"] },
      ],
    });
    expect(codesOf(validate(withLabel, { x: [1, 2] }, { environment: "serving" }).anomalies)).toEqual([]);
    expect(codesOf(validate(withLabel, { x: [1, 2] }, { environment: "training" }).anomalies)).toEqual([
      ["label", "COLUMN_MISSING", 2],
    ]);
    expect(codesOf(validate(withLabel, { y: [1, 2], label: [true, true] }).anomalies)).toEqual([
      ["x", "COLUMN_MISSING", 2],
      ["y", "COLUMN_UNKNOWN", 2],
    ]);
    const open = { ...withLabel, unknownColumns: "allow" } as const;
    expect(codesOf(validate(open, { x: [1], y: [2] }, { environment: "serving" }).anomalies)).toEqual([]);
    expect(() => validate(withLabel, { x: [1] }, { environment: "test" })).toThrow(InvalidDriftOptionsError);
  });

  test("two columns of one row", () => {
    const ordered = defineSchema({
      columns: ["left", "right"].map((name) => ({ name, kind: "numeric", mostly: { type: 0 } })),
      comparisons: [{ left: "left", operator: "<=", right: "right" }],
    });
    const columns = {
      left: [1, 2, new Date(5), "b", 3, Number.NaN, null, 2n ** 60n + 1n],
      right: [1, 1, 6, "a", "4", 1, 1, 2n ** 60n],
    };
    const { anomalies } = validate(ordered, columns);
    expect(anomalies).toHaveLength(1);
    expect(anomalies[0]).toMatchObject({ code: "COMPARISON_FAILED", count: 3, of: 5 });
    expect(anomalies[0]?.examples.map(({ row }) => row)).toEqual([1, 3, 7]);
  });

  test("the number of rows", () => {
    const two = defineSchema({ columns: [{ name: "x", kind: "numeric" }], rows: { minimum: 2, maximum: 3 } });
    const codes = [1, 2, 3, 4].map((rows) =>
      validate(two, { x: Array.from({ length: rows }, () => 1) }).anomalies.map(({ code }) => code),
    );
    expect(codes).toEqual([["TOO_FEW_ROWS"], [], [], ["TOO_MANY_ROWS"]]);
  });
});

describe("shares", () => {
  const column = { name: "x", kind: "numeric", maximum: 10, mostly: { range: 0.9 } } as const;
  const batch = (bad: number, of: number): { x: number[] } => ({
    x: Array.from({ length: of }, (_, row) => (row < bad ? 11 : 1)),
  });
  const isValid = (bad: number, of: number, exact = false): boolean =>
    validate(only(column), batch(bad, of), { exact, falseAlarmRate: 0.01 }).isValid;

  // P(K ≥ 18 | 100, 0.1) = 0.0100, P(K ≥ 19) = 0.0046; SciPy: binom.sf(k - 1, 100, 0.1).
  test("an anomaly is beyond chance", () => {
    expect([11, 17, 19].map((bad) => isValid(bad, 100))).toEqual([true, true, false]);
    expect(isValid(1, 1)).toBe(true);
    const { tolerated } = validate(only(column), batch(11, 100));
    expect(tolerated.map(({ code, count, mostly }) => [code, count, mostly])).toEqual([
      ["OUT_OF_RANGE", 11, 0.9],
    ]);
  });

  test("or plainly below the share, when asked", () => {
    expect([10, 11].map((bad) => isValid(bad, 100, true))).toEqual([true, false]);
  });

  test("the level is divided among all shares that leave something to chance", () => {
    const many = defineSchema({
      columns: Array.from({ length: 50 }, (_, index) => ({
        ...column,
        name: index === 0 ? "x" : `x${index}`,
      })),
    });
    const anomalies = (bad: number): number =>
      validate(many, batch(bad, 100), { falseAlarmRate: 0.01 }).anomalies.filter(
        ({ code }) => code === "OUT_OF_RANGE",
      ).length;
    // binom.sf(23, 100, 0.1) = 3.0e-5 and binom.sf(21, 100, 0.1) = 2.6e-4, around 0.01 / 50.
    expect([19, 22, 24].map(anomalies)).toEqual([0, 0, 1]);
  });
});

describe("what is hostile", () => {
  test("huge and odd values are shown cut and escaped", () => {
    const values = [
      "x".repeat(5_000_000),
      "\u0000\u001b[2J\n",
      "\ud83d",
      { deep: { er: {} } },
      [1],
      Symbol("s"),
      10n ** 500n,
    ];
    const { anomalies } = validate(only({ name: "x", kind: "boolean" }), { x: values }, { maxExamples: 10 });
    const texts = anomalies[0]!.examples.map(({ value }) => value);
    expect(texts.every((text) => text.length < 600 && !/\p{Cc}/u.test(text))).toBe(true);
    expect(texts.slice(1)).toEqual([
      '"\\u0000\\u001b[2J\\n"',
      '"\\ud83d"',
      "an object",
      "an array of 1",
      "a symbol",
      "a very large bigint",
    ]);
  });

  test("names that every object inherits are columns like others", () => {
    const rows = [JSON.parse('{"__proto__": 1, "constructor": 2, "toString": 3}'), {}] as { a?: number }[];
    const names = ["__proto__", "constructor", "toString"];
    const strict = defineSchema({
      columns: names.map((name) => ({ name, kind: "numeric", required: true })),
    });
    expect(codesOf(validate(strict, rows).anomalies)).toEqual(
      names.map((name) => [name, "VALUES_MISSING", 1]),
    );
  });

  test("what is no data is refused with the typed error", () => {
    for (const data of [null, 3, "rows", [1], { x: 3 }, { x: [1], y: [1, 2] }]) {
      expect(() => validate(schema, data as never)).toThrow(InvalidDataError);
    }
  });

  test("options outside their ranges are, too", () => {
    expect(() => validate(schema, [], { falseAlarmRate: 0 })).toThrow(InvalidDriftOptionsError);
    expect(() => validate(schema, [], { maxExamples: -1 })).toThrow(InvalidDriftOptionsError);
    expect(() => inferSchema([], { margin: Number.NaN })).toThrow(InvalidDriftOptionsError);
    expect(() => mergeValidations(schema, [])).toThrow(InvalidDriftOptionsError);
    const other = validate(defineSchema({ columns: [] }), []);
    expect(() => mergeValidations(schema, [other])).toThrow(InvalidDriftOptionsError);
  });

  test("uniqueness takes bounded memory, and beyond it does not accuse the innocent", () => {
    const many = Array.from({ length: 150_000 }, (_, row) => row);
    const unique = { name: "x", kind: "numeric", unique: true } as const;
    expect(found(unique, many)).toEqual([]);
    const half = many.map((row) => row % 75_000);
    const { anomalies } = validate(only(unique), { x: half });
    expect(anomalies[0]).toMatchObject({ code: "REPEATED_VALUES", accuracy: "at-least" });
    expect(anomalies[0]?.count).toBeGreaterThan(70_000);
    expect(anomalies[0]?.count).toBeLessThanOrEqual(75_000);
  });
});

test("a patch goes as far as the values seen, and says why", () => {
  const narrow = defineSchema({
    columns: [
      { name: "x", kind: "numeric", minimum: 0, maximum: 10 },
      { name: "y", kind: "text", maximumLength: 2 },
      { name: "z", kind: "numeric", required: true, monotonic: "increasing" },
    ],
    rows: { minimum: 5 },
  });
  const batch = { x: [-0.5, 10.5, 3], y: ["a", "abc", "ab"], z: [2, 1, null] };
  const { operations } = suggestPatch(narrow, validate(narrow, batch));
  expect(operations.map(({ op, path, value }) => [op, path, value])).toEqual([
    ["replace", "/columns/0/minimum", -0.5],
    ["replace", "/columns/0/maximum", 10.5],
    ["replace", "/columns/1/maximumLength", 3],
    ["replace", "/columns/2/required", false],
    ["remove", "/columns/2/monotonic", undefined],
    ["add", "/columns/2/mostly", { presence: expect.closeTo(0.0415, 2) }],
    ["replace", "/rows/minimum", 3],
  ]);
  expect(operations[0]).toMatchObject({
    previous: 0,
    reason: '2 of 3 values of "x" are not from 0 to 10.',
  });
});

test("a column is edited as code, and what does not fit its kind is refused", () => {
  const edited = editColumn(schema, "age", { minimum: 16, maximum: undefined, mostly: { range: 1 } });
  expect(edited.columns[1]).toMatchObject({ minimum: 16, mostly: { range: 1 } });
  expect(edited.columns[1]).not.toHaveProperty("maximum");
  expect(() => editColumn(schema, "age", { values: ["a"] })).toThrow(/columns\[1\]/);
  expect(() => editColumn(schema, "agee", {})).toThrow(/"agee"/);
});
