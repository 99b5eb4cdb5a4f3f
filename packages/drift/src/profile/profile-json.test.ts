import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { InvalidProfileError } from "../errors/invalid-profile-error.ts";
import { profile } from "./create-profile.ts";
import { decodeIntegers, encodeIntegers } from "./integer-codec.ts";
import { createProfileBuilder } from "./profile-builder.ts";
import { parseProfile, profileToJson } from "./profile-json.ts";
import type { ProfileJson } from "./profile-schema.ts";
import { mixedRows } from "./profile.fixtures.ts";
import { columnOf, type Profile } from "./profile.ts";

const reference = profile(mixedRows(1_000, 1));
const text = JSON.stringify(profileToJson(reference));

describe("round trip", () => {
  test("a profile of every kind of column, as an object and as a text", () => {
    expect(parseProfile(text)).toEqual(reference);
    expect(parseProfile(profileToJson(reference))).toEqual(reference);
  });

  test("any numbers, and any weights", () => {
    const value = fc.oneof(
      fc.double(),
      fc.integer(),
      fc.constantFrom(null, 0, -0, 0.1, 5e-324, Number.MAX_VALUE),
    );
    fc.assert(
      fc.property(
        fc.array(value),
        fc.array(value),
        fc.double({ min: 0, max: 100, noNaN: true }),
        (before, after, weight) => {
          const learned = profile({ x: before }, { columns: { x: { kind: "numeric" } } });
          const builder = createProfileBuilder({ reference: learned });
          for (const x of after) builder.add({ x }, weight);
          for (const made of [learned, builder.build()]) {
            expect(parseProfile(JSON.stringify(profileToJson(made)))).toEqual(made);
          }
        },
      ),
    );
  });

  test("what was read can be counted on", () => {
    const rows = mixedRows(50, 2);
    const builderOf = (of: typeof reference): ReturnType<typeof createProfileBuilder> =>
      createProfileBuilder({ reference: of });
    const original = builderOf(reference);
    const read = builderOf(parseProfile(text));
    for (const row of rows) {
      original.add(row);
      read.add(row);
    }
    expect(read.build()).toEqual(original.build());
  });

  test("any whole numbers", () => {
    const whole = fc.integer({ min: -(2 ** 50), max: 2 ** 50 });
    fc.assert(
      fc.property(fc.array(whole), (integers) => {
        expect([...decodeIntegers(encodeIntegers(integers), 1_000)!]).toEqual(integers);
      }),
    );
  });

  test("a continuous column of a million rows takes about five kilobytes", () => {
    const column = Float64Array.from({ length: 100_000 }, (_, row) => Math.sin(row) * 100);
    expect(JSON.stringify(profileToJson(profile({ x: column }))).length).toBeLessThan(6_000);
  });
});

describe("what is no profile gives an InvalidProfileError", () => {
  const changed = (change: (json: Mutable<ProfileJson>) => void): unknown => {
    const json = JSON.parse(text) as Mutable<ProfileJson>;
    change(json);
    return json;
  };
  // The columns in the order of mixedRows; the changes below reach into the first and others by name.
  const columnOfJson = (json: Mutable<ProfileJson>, name: string): Record<string, unknown> =>
    json.columns.find((column) => column.name === name) as unknown as Record<string, unknown>;
  const numbersOf = (json: Mutable<ProfileJson>): Record<string, unknown> =>
    columnOfJson(json, "price")["numbers"] as Record<string, unknown>;
  const long = "A".repeat(10_000_000);

  test.each<[string, unknown]>([
    ["null", null],
    ["a number", 3],
    ["no JSON", "{"],
    ["JSON that is deep", "[".repeat(100_000) + "]".repeat(100_000)],
    ["an object that is deep", { columns: deep(5_000) }],
    ["another version", changed((json) => void ((json as { version: number }).version = 2))],
    ["a field more", changed((json) => void Object.assign(json, { extra: 1 }))],
    ["a prototype key", JSON.parse(text.replace('"format"', '"__proto__":{"polluted":1},"format"'))],
    ["negative rows", changed((json) => void (json.rows = -1))],
    ["rows beyond numbers", changed((json) => void (json.weight = 1e300))],
    ["two columns with one name", changed((json) => void json.columns.push(json.columns[0]!))],
    [
      "a column too many",
      changed((json) => void (json.columns = Array.from({ length: 30_000 }, () => json.columns[0]!))),
    ],
    ["huge counts", changed((json) => void (numbersOf(json)["counts"] = { unit: 1, values: long }))],
    [
      "counts for other cells",
      changed((json) => void (numbersOf(json)["counts"] = { unit: 1, values: "AAAA" })),
    ],
    [
      "counts that are no base64",
      changed((json) => void (numbersOf(json)["counts"] = { unit: 1, values: "%%%" })),
    ],
    [
      "counts below 0",
      changed(
        (json) =>
          void (numbersOf(json)["counts"] = {
            unit: 1,
            values: encodeIntegers(cellsOf(reference, "price").fill(-1)),
          }),
      ),
    ],
    [
      "a count that never ends",
      changed((json) => void (numbersOf(json)["counts"] = { unit: 1, values: btoa("\u{ff}".repeat(2_000)) })),
    ],
    [
      "edges out of order",
      changed(
        (json) =>
          void (numbersOf(json)["edges"] = {
            precision: "double",
            values: btoa("\0\0\0\0\0\0\u{f8}\u{7f}"),
            points: "",
          }),
      ),
    ],
    [
      "points that are not there",
      changed(
        (json) =>
          void (numbersOf(json)["edges"] = { precision: "single", values: "", points: encodeIntegers([5]) }),
      ),
    ],
    [
      "half an edge",
      changed(
        (json) => void (numbersOf(json)["edges"] = { precision: "double", values: "AAAA", points: "" }),
      ),
    ],
    [
      "a sum beyond its digits",
      changed((json) => void (numbersOf(json)["sum"] = { sign: 1, first: 67, digits: [1, 1] })),
    ],
    ["a minimum without a maximum", changed((json) => void (numbersOf(json)["maximum"] = null))],
    ["no spread", changed((json) => void (numbersOf(json)["spread"] = 0))],
    [
      "a category twice",
      changed((json) => void (columnOfJson(json, "plan")["categories"] = ["a", "a", "a", "a"])),
    ],
    ["a long category", changed((json) => void (columnOfJson(json, "plan")["categories"] = [long]))],
    [
      "registers of another size",
      changed((json) => void (columnOfJson(json, "plan")["otherRegisters"] = "AAAA")),
    ],
    [
      "impossible registers",
      changed((json) => void (columnOfJson(json, "plan")["otherRegisters"] = btoa("\u{ff}".repeat(1_024)))),
    ],
    ["a vector of another length", changed((json) => void (columnOfJson(json, "vector")["center"] = [1]))],
    ["another kind", changed((json) => void (columnOfJson(json, "vector")["kind"] = "image"))],
  ])("%s", (_, json) => {
    const act = (): unknown => parseProfile(json);
    expect(act).toThrow(InvalidProfileError);
    expect(act).toThrow(/Pass what profileToJson gave/);
  });

  test("any change of one character gives a profile or that error", () => {
    fc.assert(
      fc.property(fc.nat(text.length - 1), fc.string({ minLength: 1, maxLength: 1 }), (at, character) => {
        expect(outcomeOf(text.slice(0, at) + character + text.slice(at + 1))).toMatch(
          /^(profile|INVALID_PROFILE)$/,
        );
      }),
      { numRuns: 150 },
    );
    expect(Reflect.get({}, "polluted")).toBeUndefined();
  });

  test("the message says where", () => {
    const json = changed((changing) => void (numbersOf(changing)["nan"] = -1));
    expect(() => parseProfile(json)).toThrow(expect.objectContaining({ path: "columns[0].numbers.nan" }));
  });
});

type Mutable<Value> = {
  -readonly [Key in keyof Value]: Value[Key] extends readonly (infer Item)[] ? Item[] : Value[Key];
};

function deep(levels: number): unknown {
  let value: unknown = [];
  for (let level = 0; level < levels; level += 1) value = [value];
  return value;
}

function outcomeOf(json: string): string {
  try {
    parseProfile(json);
    return "profile";
  } catch (error) {
    return InvalidProfileError.isInstance(error) ? error.code : String(error);
  }
}

/** An array with one zero for each cell of a numeric column. */
function cellsOf(of: Profile, name: string): Float64Array {
  const column = columnOf(of, name);
  return new Float64Array(column?.kind === "numeric" ? column.numbers.counts.length : 0);
}
