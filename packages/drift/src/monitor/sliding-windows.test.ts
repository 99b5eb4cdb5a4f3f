import { createRandom, kolmogorovDistance } from "@mlops/stats";
import { describe, expect, test } from "vitest";
import { profile } from "../profile/create-profile.ts";
import { mixedRows } from "../profile/profile.fixtures.ts";
import type { ProfileRow } from "../profile/profile-data.ts";
import type { NumericColumn } from "../profile/profile.ts";
import { createDriftMonitor } from "./create-drift-monitor.ts";
import type { MonitorVerdict } from "./monitor-verdict.ts";
import { drawRow, drawRows } from "./streams.fixtures.ts";

const reference = profile(drawRows(2_000, 1));

test("is judged when it is full, and then after every so many rows", () => {
  const spans: unknown[] = [];
  const monitor = createDriftMonitor({
    reference,
    window: { rows: 50, sliding: true, every: 20 },
    onVerdict: ({ look, window }) => spans.push([look, window.from, window.to]),
  });
  for (const row of drawRows(100, 2)) monitor.add(row);
  expect(spans).toEqual([
    [1, 1, 50],
    [2, 21, 70],
    [3, 41, 90],
  ]);
});

test("each look is what counting the window's rows from the start gives", () => {
  const rows = 40;
  const verdicts: MonitorVerdict[] = [];
  const monitor = createDriftMonitor({
    reference,
    window: { rows, sliding: true, every: 3 },
    onVerdict: (verdict) => verdicts.push(verdict),
  });
  const random = createRandom(3);
  const stream = Array.from({ length: 150 }, (_, index): ProfileRow => {
    const row = drawRow(random, index / 100);
    return index % 9 === 0 ? { ...row, price: [Number.NaN, Infinity, -Infinity, null, "x"][index % 5] } : row;
  });
  for (const row of stream) monitor.add(row);
  const { numbers } = reference.columns.find(({ name }) => name === "price") as NumericColumn;
  const { cells } = numbers;
  // The order of all that a row can have: -Infinity, the cells, Infinity, NaN, missing, another type. The
  // first ten of 1,024 cells are joined, two and two.
  expect(cells.cellCount).toBe(1_024);
  const joined = (counts: ArrayLike<number>): number[] => {
    const [lowest, ...rest] = Array.from(counts);
    const pairs = [0, 2, 4, 6, 8].map((cell) => rest[cell]! + rest[cell + 1]!);
    return [lowest!, ...pairs, ...rest.slice(10)];
  };
  const placeOf = (value: unknown): number => {
    if (value === null) return cells.cellCount + 3;
    if (typeof value !== "number") return cells.cellCount + 4;
    if (Number.isNaN(value)) return cells.cellCount + 2;
    if (Number.isFinite(value)) return cells.indexOf(value) + 1;
    return value > 0 ? cells.cellCount + 1 : 0;
  };
  const expected = [0, ...numbers.counts, 0, 0, 0, 0];
  expect(verdicts.length).toBe(37);
  for (const { window, result } of verdicts) {
    const counts = new Float64Array(cells.cellCount + 5);
    for (const row of stream.slice(window.from - 1, window.to)) counts[placeOf(row["price"])]! += 1;
    const distance = kolmogorovDistance(joined(expected), joined(counts));
    const column = result!.columns.find(({ name }) => name === "price")!;
    expect(column.evidence[0]!.statistic).toBeCloseTo(distance, 12);
    const harmonic = (2_000 * rows) / (2_000 + rows);
    const pValue = Math.min(1, 2 * Math.exp(-2 * harmonic * distance ** 2));
    expect(Math.abs(column.pValue! / pValue - 1)).toBeLessThan(1e-9);
  }
});

test("what a reference learned from a long stream may be off by is taken off the distance", () => {
  const [column] = reference.columns;
  const { numbers } = column as NumericColumn;
  const rough = { ...column, numbers: { ...numbers, rankError: 0.05 } } as NumericColumn;
  const pValues = [column as NumericColumn, rough].map((watched) => {
    const window = { rows: 200, sliding: true } as const;
    const monitor = createDriftMonitor({ reference: { ...reference, columns: [watched] }, window });
    for (const row of drawRows(200, 2, 0.5)) monitor.add(row);
    const [result] = monitor.verdict().result!.columns;
    return { statistic: result!.evidence[0]!.statistic, pValue: result!.pValue! };
  });
  const [sharp, blunt] = pValues;
  expect(blunt!.statistic).toBe(sharp!.statistic);
  const harmonic = (2_000 * 200) / 2_200;
  expect(blunt!.pValue).toBeCloseTo(2 * Math.exp(-2 * harmonic * (sharp!.statistic - 0.05) ** 2), 12);
  expect(blunt!.pValue).toBeGreaterThan(10 * sharp!.pValue);
});

describe("columns of every kind", () => {
  const rows = mixedRows(3_000, 4);
  const mixed = profile(rows);
  const window = { rows: 600, sliding: true } as const;
  const changes: readonly (readonly [string, (row: ProfileRow) => ProfileRow])[] = [
    ["price", (row) => ({ ...row, price: null })],
    ["count", (row) => ({ ...row, count: 9 })],
    ["plan", (row) => ({ ...row, plan: "pro" })],
    ["plan", (row) => ({ ...row, plan: "new" })],
    ["code", (row) => ({ ...row, code: "code-1" })],
    ["isNew", (row) => ({ ...row, isNew: row["isNew"] === "maybe" ? "maybe" : true })],
    ["boughtAt", (row) => ({ ...row, boughtAt: new Date(1_800_000_000_000) })],
    ["review", (row) => ({ ...row, review: "12345 67890" })],
    ["vector", (row) => ({ ...row, vector: [5, 5, 5, 5, 5] })],
  ];

  test("are stable without a change", () => {
    const monitor = createDriftMonitor({ reference: mixed, window });
    for (const row of mixedRows(600, 5)) monitor.add(row);
    const { result, status } = monitor.verdict();
    expect(result?.columns.filter((column) => column.status === "drift").map(({ name }) => name)).toEqual([]);
    expect(status).toBe("stable");
  });

  test.each(changes)("a change of %s is found, in that column alone", (column, change) => {
    const monitor = createDriftMonitor({ reference: mixed, window });
    for (const row of mixedRows(600, 6)) monitor.add(change(row));
    const { result } = monitor.verdict();
    expect(result?.columns.filter(({ status }) => status === "drift").map(({ name }) => name)).toEqual([
      column,
    ]);
  });
});

test("many rare categories are no drift, though many are new", () => {
  const random = createRandom(8);
  // Of the shops the reference has most, of the words hardly any twice.
  const draw = (): ProfileRow => ({
    shop: `shop-${random.integer(900)}`,
    id: `id-${random.integer(2_000)}`,
    word: `w${random.integer(50_000)}`,
  });
  const kind = "categorical";
  const columns = { shop: { kind }, id: { kind }, word: { kind } } as const;
  const rare = profile(Array.from({ length: 1_500 }, draw), { columns });
  expect(rare.columns.map((column) => column.kind === kind && column.isComplete)).toEqual([
    true,
    false,
    false,
  ]);
  const monitor = createDriftMonitor({ reference: rare, window: { rows: 1_000, sliding: true } });
  for (let row = 0; row < 3_000; row += 1) monitor.add(draw());
  expect(monitor.health()).toMatchObject({ looks: 21, alarms: 0 });
});
