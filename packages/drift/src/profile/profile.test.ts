import { createRandom } from "@mlops/stats";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { IncompatibleProfilesError } from "../errors/incompatible-profiles-error.ts";
import { InvalidDataError } from "../errors/invalid-data-error.ts";
import { totalCount } from "./cell-counts.ts";
import { profile } from "./create-profile.ts";
import { embeddingMean, embeddingVariance } from "./embedding-column-counter.ts";
import { kolmogorovBounds } from "./kolmogorov-bounds.ts";
import { mergeProfiles } from "./merge-profiles.ts";
import { finiteWeight, summaryMean, summaryQuantile, summaryVariance } from "./numeric-statistics.ts";
import { createProfileBuilder } from "./profile-builder.ts";
import type { ArrowTableLike, ProfileData, ProfileRow } from "./profile-data.ts";
import { mixedRows } from "./profile.fixtures.ts";
import {
  type CategoricalColumn,
  columnOf,
  effectiveRows,
  type EmbeddingColumn,
  type NumericColumn,
  type Profile,
  type TextColumn,
} from "./profile.ts";

const reference = profile(mixedRows(2_000, 1));

function numericOf(of: Profile, name: string): NumericColumn {
  return columnOf(of, name) as NumericColumn;
}

function categoricalOf(of: Profile, name: string): CategoricalColumn {
  return columnOf(of, name) as CategoricalColumn;
}

function counted(rows: readonly ProfileRow[], weights?: readonly number[]): Profile {
  const builder = createProfileBuilder({ reference });
  for (const [index, row] of rows.entries()) builder.add(row, weights?.[index]);
  return builder.build();
}

describe("kinds", () => {
  test("are inferred from the values", () => {
    expect(reference.columns.map(({ name, kind }) => [name, kind])).toEqual([
      ["price", "numeric"],
      ["count", "numeric"],
      ["plan", "categorical"],
      ["code", "categorical"],
      ["isNew", "boolean"],
      ["boughtAt", "datetime"],
      ["review", "text"],
      ["vector", "embedding"],
    ]);
  });

  test("numbers that are codes, when told so", () => {
    const codes = profile({ code: [3, 3, 7] }, { columns: { code: { kind: "categorical" } } });
    expect(categoricalOf(codes, "code")).toMatchObject({ categories: ["3", "7"], isComplete: true });
    expect([...categoricalOf(codes, "code").counts]).toEqual([2, 1, 0]);
  });
});

describe("what is no ordinary value has a place of its own", () => {
  const columns: Readonly<Record<string, readonly unknown[]>> = {
    number: [1, Number.NaN, Infinity, -Infinity, -Infinity, null, undefined, "1", 2],
    category: ["a", "b", "", null, undefined, {}, 3, true, "a"],
    flag: [true, false, 0, 1, null, "yes", 2, true, true],
    moment: [new Date(5), new Date(Number.NaN), null, 7, "2020-01-01", new Date(5), null, null, new Date(5)],
  };
  const small = profile(columns, { columns: { moment: { kind: "datetime" } } });

  test("numbers", () => {
    expect(numericOf(small, "number")).toMatchObject({
      missing: 2,
      invalid: 1,
      isInteger: true,
      numbers: { nan: 1, positiveInfinity: 1, negativeInfinity: 2, minimum: 1, maximum: 2 },
    });
  });

  test("categories: a number and a boolean count as their text, an empty text is a category", () => {
    const { categories, missing, invalid, counts } = categoricalOf(small, "category");
    expect({ categories, missing, invalid }).toEqual({
      categories: ["a", "", "3", "b", "true"],
      missing: 2,
      invalid: 1,
    });
    expect([...counts]).toEqual([2, 1, 1, 1, 1, 0]);
  });

  test("booleans and moments", () => {
    expect([...categoricalOf(small, "flag").counts]).toEqual([2, 4, 0]);
    expect(columnOf(small, "flag")).toMatchObject({ missing: 1, invalid: 2 });
    expect(columnOf(small, "moment")).toMatchObject({
      missing: 3,
      invalid: 1,
      numbers: { nan: 1, minimum: 5 },
    });
  });

  test("a category that the reference had not is in the last cell", () => {
    const builder = createProfileBuilder({ reference: small });
    builder.addAll({ category: ["a", "new", "newer"] });
    const window = builder.build();
    expect([...categoricalOf(window, "category").counts]).toEqual([1, 0, 0, 0, 0, 2]);
    expect(columnOf(window, "number")).toMatchObject({ missing: 3 });
  });

  test("beyond the categories that have a cell, the others share 64 by their hash", () => {
    const values = Array.from({ length: 5_000 }, (_, row) => `item ${row % 2_000}`);
    const column = categoricalOf(
      profile({ item: values }, { columns: { item: { maxCategories: 100 } } }),
      "item",
    );
    expect(column.isComplete).toBe(false);
    expect(column.counts.length).toBe(164);
    expect(totalCount(column.counts)).toBe(5_000);
    expect(column.counts.slice(100).every((count) => count > 0)).toBe(true);
  });

  test("a very long text takes no more room than 128 characters, and stays itself", () => {
    const long = "x".repeat(10_000);
    const column = categoricalOf(
      profile({ text: [long, `${long}y`, long] }, { columns: { text: { kind: "categorical" } } }),
      "text",
    );
    expect(column.categories.map(({ length }) => length)).toEqual([128, 128]);
    expect([...column.counts]).toEqual([2, 1, 0]);
  });

  test("empty data and empty columns", () => {
    expect(profile([])).toEqual({ rows: 0, weight: 0, squaredWeight: 0, columns: [] });
    const empty = profile({ nothing: [null, null] });
    expect(columnOf(empty, "nothing")).toMatchObject({ missing: 2, numbers: { minimum: null } });
    expect(summaryMean(numericOf(empty, "nothing").numbers)).toBeUndefined();
    expect(
      kolmogorovBounds(numericOf(empty, "nothing").numbers, numericOf(empty, "nothing").numbers),
    ).toBeUndefined();
  });

  test("columns named like what every object has", () => {
    const odd = JSON.parse(
      '[{"__proto__": 1, "constructor": 2, "toString": 3}, {"constructor": 5}]',
    ) as ProfileRow[];
    const oddReference = profile(odd);
    expect(oddReference.columns.map(({ name, missing }) => [name, missing])).toEqual([
      ["__proto__", 1],
      ["constructor", 0],
      ["toString", 1],
    ]);
    const builder = createProfileBuilder({ reference: oddReference });
    builder.add({});
    expect(builder.build().columns.map(({ missing, invalid }) => [missing, invalid])).toEqual([
      [1, 0],
      [1, 0],
      [1, 0],
    ]);
  });
});

describe("rows, columns, typed arrays and Arrow tables are one and the same", () => {
  const random = createRandom(3);
  const prices = Float64Array.from({ length: 500 }, () => random.normal());
  const amounts = Int32Array.from({ length: 500 }, () => random.poisson(4));
  const rows = Array.from(prices, (price, row) => ({ price, amount: amounts[row] }));
  const expected = profile({ price: prices, amount: amounts });

  test.each<[string, ProfileData]>([
    ["rows", rows],
    ["plain arrays", { price: [...prices], amount: [...amounts] }],
    ["bigints", { price: prices, amount: BigInt64Array.from(amounts, BigInt) }],
    ["an Arrow table", arrowTable({ price: prices, amount: amounts })],
  ])("%s", (_, data) => {
    expect(profile(data)).toEqual(expected);
    const builder = createProfileBuilder({ reference: expected });
    builder.addAll(data);
    expect(builder.build()).toEqual(expected);
  });

  test("an Arrow table's nulls, moments and lists", () => {
    const table = arrowTable(
      { amount: [1, null], at: [5, 6], vector: [{ toArray: () => Float32Array.of(1, 2) }, null] },
      { at: "Timestamp<MILLISECOND>" },
    );
    expect(profile(table).columns.map(({ kind, missing }) => [kind, missing])).toEqual([
      ["numeric", 1],
      ["datetime", 0],
      ["embedding", 1],
    ]);
  });

  test.each<[string, unknown, string | undefined]>([
    ["columns of different lengths", { a: [1, 2], b: [1] }, "b"],
    ["a column that is no list", { a: 3 }, "a"],
    ["a text for a column", { a: "abc" }, "a"],
    ["a row that is no object", [{ a: 1 }, 3], undefined],
    ["a row that is null", [null], undefined],
    ["no data", null, undefined],
    ["a number", 3, undefined],
  ])("refuses %s", (_, data, column) => {
    const act = (): unknown => profile(data as ProfileData);
    expect(act).toThrow(InvalidDataError);
    expect(act).toThrow(expect.objectContaining({ code: "INVALID_DATA", column }));
  });

  test.each([
    [{ columns: { prise: {} } }, "columns.prise"],
    [{ columns: { price: { kind: "number" } } }, "columns.price.kind"],
    [{ columns: { price: { maxCells: 1 } } }, "columns.price.maxCells"],
    [{ columns: { price: { maxCategories: 2_000 } } }, "columns.price.maxCategories"],
  ])("refuses the options %j", (options, option) => {
    const act = (): unknown => profile(rows, options as Parameters<typeof profile>[1]);
    expect(act).toThrow(expect.objectContaining({ code: "INVALID_DRIFT_OPTIONS", option }));
  });
});

describe("merging", () => {
  const rowCounts = fc.array(fc.nat(25), { minLength: 1, maxLength: 5 });

  test("equals the batch to the last bit, in any order and grouping", () => {
    fc.assert(
      fc.property(rowCounts, fc.integer(), fc.boolean(), (counts, seed, isWeighted) => {
        const random = createRandom(seed);
        const rows = mixedRows(
          counts.reduce((sum, count) => sum + count, 0),
          seed,
        );
        const weights = rows.map(() => (isWeighted ? random.exponential() : 1));
        const whole = counted(rows, weights);
        let start = 0;
        const parts = counts.map((count) => {
          const part = counted(rows.slice(start, start + count), weights.slice(start, start + count));
          start += count;
          return part;
        });
        const [first, ...rest] = random.shuffle([...parts]);
        expect(mergeProfiles(first!, ...rest)).toEqual(whole);
        const [head, ...tail] = parts;
        expect(tail.reduce((merged, part) => mergeProfiles(part, merged), head!)).toEqual(whole);
        const builder = createProfileBuilder({ reference });
        for (const part of parts) builder.merge(part);
        expect(builder.build()).toEqual(whole);
      }),
      { numRuns: 40 },
    );
  });

  test("many at once is the same as one by one", () => {
    const rows = mixedRows(300, 5);
    const builder = createProfileBuilder({ reference });
    builder.addAll(rows);
    expect(builder.build()).toEqual(counted(rows));
  });

  test("the reference, counted again on its own cells, is the reference", () => {
    expect(counted(mixedRows(2_000, 1))).toEqual(reference);
  });

  test.each<[string, Profile]>([
    ["other cells", profile(mixedRows(100, 2))],
    ["fewer columns", { ...reference, columns: reference.columns.slice(1) }],
    ["another order", { ...reference, columns: reference.columns.toReversed() }],
  ])("refuses %s", (_, other) => {
    expect(() => mergeProfiles(reference, other)).toThrow(IncompatibleProfilesError);
    expect(() => {
      createProfileBuilder({ reference }).merge(other);
    }).toThrow(/fit together/);
  });

  test.each<[string, ProfileData, ProfileData]>([
    ["categories", { x: ["a", "b"] }, { x: ["a", "c"] }],
    ["kinds", { x: ["a", "b"] }, { x: [1, 2] }],
    ["names", { x: [1, 2] }, { y: [1, 2] }],
    ["edges", { x: [1, 2] }, { x: [1, 3] }],
    ["centers", { x: [[1, 2]] }, { x: [[1, 3]] }],
    [
      "vocabularies",
      { x: [`one two three ${"four ".repeat(5)}`] },
      { x: [`one two tree ${"four ".repeat(5)}`] },
    ],
  ])("refuses other %s", (_, left, right) => {
    expect(() => mergeProfiles(profile(left), profile(right))).toThrow(IncompatibleProfilesError);
    expect(mergeProfiles(profile(left), profile(left)).rows).toBe(2 * profile(left).rows);
  });

  test("weights: as if the row had come so often; refused outside their range", () => {
    const rows = mixedRows(40, 9);
    const tripled = counted(rows.flatMap((row) => [row, row, row]));
    const weighted = counted(
      rows,
      rows.map(() => 3),
    );
    const countsOf = ({ columns }: Profile): unknown[] =>
      columns.map((column) => [column.missing, column.invalid, "counts" in column ? [...column.counts] : []]);
    expect(countsOf(weighted)).toEqual(countsOf(tripled));
    const [left, right] = [weighted, tripled].map((of) => numericOf(of, "price").numbers);
    expect([...left!.counts]).toEqual([...right!.counts]);
    expect(summaryMean(left!)).toBeCloseTo(summaryMean(right!)!, 12);
    expect([weighted.rows, weighted.weight, tripled.rows, tripled.weight]).toEqual([40, 120, 120, 120]);
    expect([effectiveRows(weighted), effectiveRows(tripled)]).toEqual([40, 120]);
    for (const weight of [-1, Number.NaN, Infinity]) {
      expect(() => counted(rows.slice(0, 1), [weight])).toThrow(InvalidDataError);
    }
    expect(() => profile(rows, { weights: [1] })).toThrow(/one weight for each row/);
  });
});

describe("statistics", () => {
  const random = createRandom(12);
  const values = Float64Array.from({ length: 5_000 }, () => random.normal(50, 4));
  const { numbers } = numericOf(profile({ x: values }), "x");

  test("mean, variance and quantiles are those of the values", () => {
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
    expect(summaryMean(numbers)).toBeCloseTo(mean, 10);
    expect(summaryVariance(numbers)).toBeCloseTo(variance, 10);
    expect(finiteWeight(numbers)).toBe(5_000);
    const sorted = values.toSorted();
    for (const probability of [0, 0.01, 0.5, 0.9, 1]) {
      const { lower, upper } = summaryQuantile(numbers, probability)!;
      const exact = sorted[Math.max(Math.ceil(probability * values.length) - 1, 0)]!;
      expect(lower).toBeLessThanOrEqual(exact);
      expect(upper).toBeGreaterThanOrEqual(exact);
      expect(upper - lower).toBeLessThan(2);
    }
  });

  test("the Kolmogorov-Smirnov bounds hold D of the values, and the p-values bracket its own", () => {
    fc.assert(
      fc.property(fc.integer(), fc.double({ min: 0, max: 1, noNaN: true }), (seed, shift) => {
        const source = createRandom(seed);
        const current = Float64Array.from({ length: 300 }, () => source.normal(50 + shift, 4));
        const builder = createProfileBuilder({ reference: profile({ x: values }) });
        builder.addAll({ x: current });
        const window = numericOf(builder.build(), "x").numbers;
        const bounds = kolmogorovBounds(numbers, window)!;
        const share = (sample: Float64Array, x: number): number =>
          sample.filter((value) => value <= x).length / sample.length;
        const exact = Math.max(
          ...[...current].flatMap((x) => [
            Math.abs(share(values, x) - share(current, x)),
            Math.abs(share(values, x) - share(current, x) + 1 / current.length),
          ]),
        );
        expect(bounds.lower).toBeLessThanOrEqual(exact + 1e-12);
        expect(bounds.upper).toBeGreaterThanOrEqual(exact - 1e-12);
        expect(bounds.upper - bounds.lower).toBeLessThan(0.02);
        expect(bounds.pValueLower).toBeLessThanOrEqual(bounds.pValueUpper);
      }),
      { numRuns: 5 },
    );
  });

  test("infinities take part as the values they are", () => {
    const builder = createProfileBuilder({ reference: profile({ x: values }) });
    builder.addAll({ x: Float64Array.of(Infinity, Infinity) });
    expect(kolmogorovBounds(numbers, numericOf(builder.build(), "x").numbers)).toMatchObject({
      lower: 1,
      upper: 1,
    });
  });

  test("embeddings: mean and variance per dimension, norm and distance", () => {
    const vectors = Array.from({ length: 400 }, () => [random.normal(3, 1), random.normal(-1, 0.1)]);
    const column = columnOf(profile({ vector: vectors }), "vector") as EmbeddingColumn;
    for (const dimension of [0, 1]) {
      const components = vectors.map((vector) => vector[dimension]!);
      const mean = components.reduce((sum, value) => sum + value, 0) / 400;
      const variance = components.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 400;
      expect(embeddingMean(column)![dimension]).toBeCloseTo(mean, 6);
      expect(embeddingVariance(column)![dimension]).toBeCloseTo(variance, 5);
    }
    expect(summaryMean(column.norm)).toBeCloseTo(
      vectors.reduce((sum, [x, y]) => sum + Math.hypot(x!, y!), 0) / 400,
      10,
    );
    expect(column.invalid).toBe(0);
  });

  test("texts: what is measured of them, in any script", () => {
    const texts = ["Hello, world 42!", "", "日本語 テスト", "hello HELLO other"];
    const column = columnOf(
      profile({ text: texts }, { columns: { text: { kind: "text" } } }),
      "text",
    ) as TextColumn;
    expect(column.vocabulary).toContain("hello");
    expect(column.vocabulary).toContain("日本語");
    const { length, words, digitShare, symbolShare, outOfVocabularyShare } = column.descriptors;
    expect([length.minimum, length.maximum]).toEqual([0, 17]);
    expect([words.minimum, words.maximum]).toEqual([0, 3]);
    expect(digitShare.maximum).toBe(2 / 16);
    expect(symbolShare.maximum).toBe(2 / 16);
    // "hello" is in two texts; each other word would be unknown without the only text that has it.
    expect([outOfVocabularyShare.maximum, outOfVocabularyShare.nan]).toEqual([1, 1]);
  });
});

/** The part of an Arrow table that is called, over plain arrays. */
function arrowTable(
  columns: Readonly<Record<string, ArrayLike<unknown>>>,
  types: Readonly<Record<string, string>> = {},
): ArrowTableLike {
  return {
    numRows: Object.values(columns)[0]?.length ?? 0,
    schema: { fields: Object.keys(columns).map((name) => ({ name })) },
    getChild(name) {
      const values = columns[name];
      if (values === undefined) return null;
      return {
        length: values.length,
        nullCount: Array.from(values).filter((value) => value === null).length,
        type: types[name],
        get: (index) => values[index],
        toArray: () => values,
      };
    },
  };
}
