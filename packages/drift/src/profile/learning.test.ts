import { createRandom } from "@mlops/stats";
import { describe, expect, test } from "vitest";
import { totalCount } from "./cell-counts.ts";
import { profile } from "./create-profile.ts";
import { kolmogorovBounds } from "./kolmogorov-bounds.ts";
import { finiteWeight, summaryMean, summaryVariance } from "./numeric-statistics.ts";
import { createProfileBuilder } from "./profile-builder.ts";
import type { ProfileRow } from "./profile-data.ts";
import { mixedRows } from "./profile.fixtures.ts";
import { type CategoricalColumn, columnOf, type NumericColumn } from "./profile.ts";

test("a short stream gives what the rows at once would give", () => {
  const rows = mixedRows(500, 4);
  const builder = createProfileBuilder();
  for (const row of rows) builder.add(row);
  expect(builder.build()).toEqual(profile(rows));
  expect(builder.build()).toEqual(profile(rows));
});

test("columns that come late, or never", () => {
  const builder = createProfileBuilder({ columns: { never: { kind: "text" } } });
  builder.add({ a: 1 });
  builder.add({ a: 2, b: "x" });
  builder.add({ a: null, b: undefined });
  expect(builder.build().columns.map(({ name, kind, missing }) => [name, kind, missing])).toEqual([
    ["never", "text", 3],
    ["a", "numeric", 1],
    ["b", "categorical", 2],
  ]);
});

describe("a stream too long to keep", () => {
  const random = createRandom(21);
  const values = Float64Array.from({ length: 60_000 }, (_, row) => random.normal(row / 10_000));
  const builder = createProfileBuilder();
  for (const [row, value] of values.entries()) {
    const item = `item ${random.zipf(1.1, 5_000)}`;
    builder.add({
      value: row % 100 === 0 ? Number.NaN : value,
      item,
      isEven: row % 2 === 0,
    } satisfies ProfileRow);
  }
  const learned = builder.build();
  const { numbers } = columnOf(learned, "value") as NumericColumn;

  test("numbers: moments are exact, counts within the stated rank error", () => {
    const kept = values.filter((_, row) => row % 100 !== 0);
    expect(finiteWeight(numbers)).toBe(kept.length);
    expect(numbers.nan).toBe(600);
    const mean = kept.reduce((sum, value) => sum + value, 0) / kept.length;
    expect(summaryMean(numbers)).toBeCloseTo(mean, 10);
    expect(summaryVariance(numbers)).toBeCloseTo(
      kept.reduce((sum, value) => sum + (value - mean) ** 2, 0) / kept.length,
      8,
    );
    expect(numbers.rankError).toBeGreaterThan(0);
    expect(numbers.rankError).toBeLessThan(0.001);
    const window = createProfileBuilder({ reference: learned });
    window.addAll({ value: kept });
    const exact = (columnOf(window.build(), "value") as NumericColumn).numbers;
    // The same values counted exactly: D is 0, so a certain bound has to hold it.
    expect(kolmogorovBounds(numbers, exact)!.lower).toBe(0);
    expect(Math.max(...exact.counts) / kept.length).toBeLessThan(3 / 1024);
  });

  test("categories and booleans: exact", () => {
    const item = columnOf(learned, "item") as CategoricalColumn;
    expect(item.isComplete).toBe(false);
    expect(item.countError).toBe(0);
    expect(item.categories[0]).toBe("item 1");
    expect(totalCount(item.counts)).toBe(60_000);
    expect([...(columnOf(learned, "isEven") as CategoricalColumn).counts]).toEqual([30_000, 30_000, 0]);
  });
});
