import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { DataSchema } from "./data-schema.ts";
import { defineSchema } from "./edit-schema.ts";
import { commonFormat, formatNames, formatSource, wholeText } from "./formats.ts";
import { InvalidSchemaError } from "./invalid-schema-error.ts";
import { parseSchema } from "./parse-schema.ts";
import { whyUnsafe } from "./safe-pattern.ts";

const x = { name: "x", kind: "numeric" } as const;

/** True for a schema, else the code of the error. */
function outcomeOf(json: unknown): unknown {
  try {
    return parseSchema(json) !== undefined;
  } catch (error) {
    return InvalidSchemaError.isInstance(error) ? error.code : error;
  }
}

describe("a schema from outside is checked", () => {
  const base = { format: "mlops.drift.schema", version: 1, columns: [x], unknownColumns: "allow" };
  const wrong: readonly (readonly [string, unknown, string])[] = [
    ["no object", 3, ""],
    ["no JSON", "{", ""],
    ["another version", { ...base, version: 2 }, "version"],
    ["a field that is not known", { ...base, columns: [{ ...x, min: 3 }] }, "columns[0]"],
    ["a field of another kind", { ...base, columns: [{ ...x, values: [] }] }, "columns[0]"],
    ["a share above 1", { ...base, columns: [{ ...x, mostly: { range: 2 } }] }, "columns[0].mostly.range"],
    [
      "a check that is not known",
      { ...base, columns: [{ ...x, mostly: { rnage: 1 } }] },
      "columns[0].mostly",
    ],
    ["NaN", { ...base, columns: [{ ...x, minimum: Number.NaN }] }, "columns[0].minimum"],
    ["limits the wrong way round", { ...base, columns: [{ ...x, minimum: 2, maximum: 1 }] }, "columns[0]"],
    ["a name twice", { ...base, columns: [x, x] }, "columns"],
    [
      "a comparison with nothing",
      { ...base, comparisons: [{ left: "x", operator: "<", right: "y" }] },
      "comparisons[0].right",
    ],
    [
      "an environment that is not listed",
      { ...base, columns: [{ ...x, onlyIn: ["a"] }] },
      "columns[0].onlyIn",
    ],
    ["too many columns", { ...base, columns: Array.from({ length: 20_001 }, () => x) }, "columns"],
    [
      "a pattern that can hang",
      { ...base, columns: [{ name: "x", kind: "text", pattern: "(a+)+b" }] },
      "columns[0].pattern",
    ],
  ];
  test.each(wrong)("%s", (_, json, path) => {
    let error: unknown;
    try {
      parseSchema(json);
    } catch (caught) {
      error = caught;
    }
    expect(InvalidSchemaError.isInstance(error)).toBe(true);
    expect(error).toMatchObject({ code: "INVALID_SCHEMA", path });
  });

  test("whatever comes, it is a schema or the typed error", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (columns, rows) => {
        expect([true, "INVALID_SCHEMA"]).toContain(outcomeOf({ ...base, columns, rows }));
      }),
      { seed: 1, numRuns: 200 },
    );
  });

  test("columns may have the names that objects inherit", () => {
    const named: DataSchema = defineSchema({ columns: [{ name: "__proto__", kind: "boolean" }] });
    expect(parseSchema(JSON.stringify(named))).toEqual(named);
  });
});

describe("patterns", () => {
  test.each([
    "[a-z]+",
    String.raw`\d{4}-\d{2}`,
    "(?:ab)*",
    "a?b?c?",
    String.raw`[^@]+@[^.]+\.com`,
    String.raw`[a-z]+@[a-z]+\.[a-z]+`,
    "a|b|c",
    "(?:a|b){8}",
    String.raw`\p{L}+`,
    String.raw`[\]a]+x`,
    "(?<year>[0-9]{4})",
    "",
  ])("%s is taken", (pattern) => {
    expect(whyUnsafe(pattern)).toBeUndefined();
  });

  test.each([
    ["(a+)+b", "several ways"],
    ["(a|a)*b", "several ways"],
    ["(a*)*", "several ways"],
    ["([a-z]+)*", "several ways"],
    ["(?:a?){50}", "too many ways"],
    ["(a|b){0,60}", "too many ways"],
    [".*.*.*.*|a*|a*|a*|a*|a*|a*|a*|a*", "too many ways"],
    [".*.*.*.*", "too many ways"],
    ["(?=a)b", "looks"],
    ["(?<!a)b", "looks"],
    ["(a)\\1", "refers back"],
    ["(?<n>a)\\k<n>", "refers back"],
    ["(", "no regular expression"],
    ["a".repeat(501), "longer"],
  ])("%s is refused", (pattern, reason) => {
    expect(whyUnsafe(pattern)).toContain(reason);
  });
});

describe("formats", () => {
  const samples: Readonly<Record<string, readonly [good: readonly string[], bad: readonly string[]]>> = {
    integer: [
      ["0", "-12", "+7"],
      ["", "1.0", "1e3", "٣"],
    ],
    decimal: [
      ["1", "-1.5", "2e10", "1.5E-3"],
      [".5", "1.", "NaN", "1,5"],
    ],
    date: [
      ["2024-02-29", "1999-12-31"],
      ["2024-00-10", "2024-1-1", "20240101"],
    ],
    "date-time": [
      ["2024-01-31T10:00:00Z", "2024-01-31 10:00", "2024-01-31T10:00:00.123+05:30"],
      ["2024-01-31", "2024-01-31T25:00Z"],
    ],
    uuid: [["00000000-0000-4000-8000-00000000000F"], ["00000000-0000-4000-8000-00000000000g", "{}"]],
    email: [
      ["a@b.co", "first.last+tag@mail.example.com"],
      ["a@b", "@b.co", "a b@c.de"],
    ],
    url: [
      ["http://a", "https://a.de/b?c#d", "HTTPS://A.DE"],
      ["ftp://a", "https://", "http://a b"],
    ],
    "ipv4-address": [
      ["0.0.0.0", "255.10.1.99"],
      ["256.1.1.1", "1.2.3"],
    ],
  };
  test.each(formatNames.map((name) => [name] as const))("%s", (name) => {
    const expression = wholeText(formatSource(name));
    const [good, bad] = samples[name]!;
    expect(good.filter((text) => !expression.test(text))).toEqual([]);
    expect(bad.filter((text) => expression.test(text))).toEqual([]);
  });

  test("the narrowest that all texts have is found", () => {
    expect(commonFormat(["1", "22"])).toBe("integer");
    expect(commonFormat(["1", "2.5"])).toBe("decimal");
    expect(commonFormat(["1", "x"])).toBeUndefined();
    expect(commonFormat([])).toBeUndefined();
  });
});
