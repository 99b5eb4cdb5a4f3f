import { createRandom } from "@mlops/stats";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  createProfileBuilder,
  detectDrift,
  type DriftResult,
  DriftError,
  InvalidDriftOptionsError,
  profile,
  type ProfileData,
} from "../index.ts";

const random = createRandom(11);
const normals = (count: number, mean = 0, deviation = 1): Float64Array =>
  Float64Array.from({ length: count }, () => random.normal(mean, deviation));
const draws = <Value>(count: number, draw: () => Value): Value[] => Array.from({ length: count }, draw);
const first = (result: DriftResult): DriftResult["columns"][number] => result.columns[0]!;

describe("what is found", () => {
  const reference = 2_000;
  const current = 1_000;
  const cases: readonly [string, () => ProfileData, () => ProfileData, string][] = [
    ["a shift", () => ({ x: normals(reference) }), () => ({ x: normals(current, 0.5) }), "values"],
    ["a scale", () => ({ x: normals(reference) }), () => ({ x: normals(current, 0, 2) }), "values"],
    [
      "missing values",
      () => ({ x: draws(reference, () => (random() < 0.02 ? null : random.normal())) }),
      () => ({ x: draws(current, () => (random() < 0.1 ? null : random.normal())) }),
      "missing",
    ],
    [
      "NaN",
      () => ({ x: normals(reference) }),
      () => ({ x: draws(current, () => (random() < 0.05 ? Number.NaN : random.normal())) }),
      "nan",
    ],
    [
      "infinities",
      () => ({ x: normals(reference) }),
      () => ({ x: draws(current, () => (random() < 0.05 ? Infinity : random.normal())) }),
      "positive-infinity",
    ],
    [
      "another type",
      () => ({ x: normals(reference) }),
      () => ({ x: draws(current, () => (random() < 0.05 ? "n/a" : random.normal())) }),
      "invalid",
    ],
    [
      "a new category",
      () => ({ x: draws(reference, () => "abc"[random.integer(3)]) }),
      () => ({ x: draws(current, () => (random() < 0.05 ? "d" : "abc"[random.integer(3)])) }),
      "new-category",
    ],
    [
      "other shares of categories",
      () => ({ x: draws(reference, () => (random() < 0.5 ? "a" : random() < 0.5 ? "b" : "c")) }),
      () => ({ x: draws(current, () => (random() < 0.7 ? "a" : random() < 0.5 ? "b" : "c")) }),
      "values",
    ],
    [
      "whole numbers",
      () => ({ x: draws(reference, () => random.poisson(3)) }),
      () => ({ x: draws(current, () => random.poisson(4)) }),
      "values",
    ],
    [
      "booleans",
      () => ({ x: draws(reference, () => random() < 0.5) }),
      () => ({ x: draws(current, () => random() < 0.7) }),
      "values",
    ],
    [
      "a constant that is another one",
      () => ({ x: new Float64Array(reference).fill(1) }),
      () => ({ x: new Float64Array(current).fill(2) }),
      "values",
    ],
    [
      "moments",
      () => ({ x: draws(reference, () => new Date(1e12 + random() * 1e9)) }),
      () => ({ x: draws(current, () => new Date(1e12 + random() ** 2 * 1e9)) }),
      "values",
    ],
    [
      "vectors that moved",
      () => ({ x: draws(reference, () => [random.normal(), random.normal(), random.normal()]) }),
      () => ({ x: draws(current, () => [random.normal(), random.normal(0.4), random.normal()]) }),
      "mean",
    ],
    [
      "unknown words",
      () => ({
        x: draws(
          reference,
          () => `the order number w${random.integer(200)} of w${random.integer(200)} came late`,
        ),
      }),
      () => ({
        x: draws(
          current,
          () => `the order number v${random.integer(200)} of w${random.integer(200)} came late`,
        ),
      }),
      "outOfVocabularyShare",
    ],
  ];
  test.each(cases)("%s", (_name, before, after, subject) => {
    const result = detectDrift(before(), after());
    expect(result.status).toBe("drift");
    expect(first(result).evidence[0]!.subject).toBe(subject);
    expect(first(result).evidence[0]!.isSignificant).toBe(true);
    expect(first(result).adjustedPValue).toBeLessThan(0.001);
  });

  test("a significant change that may or may not be large enough to matter", () => {
    const before = Float64Array.from({ length: 2_000 }, (_, row) => row / 2_000);
    const after = Float64Array.from({ length: 1_000 }, (_, row) => row / 1_000 + 0.08);
    const result = detectDrift({ x: before }, { x: after });
    expect(first(result).evidence[0]!.effect.materiality).toBe("possible");
    expect(result.status).toBe("drift");
  });

  test("one column of 20 that moved by half a standard deviation, at the head of the ranking", () => {
    const names = draws(20, () => "").map((_, index) => `x${index}`);
    const before = Object.fromEntries(names.map((name) => [name, normals(5_000)]));
    const after = Object.fromEntries(names.map((name) => [name, normals(1_000, name === "x7" ? 0.5 : 0)]));
    const result = detectDrift(before, after);
    expect(result.status).toBe("drift");
    expect(result.columns.map(({ rank }) => rank)).toEqual(names.map((_, index) => index + 1));
    expect(first(result).name).toBe("x7");
    expect(result.statusCounts).toEqual({ drift: 1, invalid: 0, "not-enough-data": 0, stable: 19 });
  });
});

describe("what is not called drift", () => {
  test("a change that is significant and shown to be negligible", () => {
    const result = detectDrift({ x: normals(200_000) }, { x: normals(200_000, 0.03) });
    const [evidence] = first(result).evidence;
    expect(evidence!.isSignificant).toBe(true);
    expect(evidence!.effect.materiality).toBe("negligible");
    expect(result.status).toBe("stable");
    expect(first(result).reason).toMatch(/A change below 5 % does not matter\.$/);
  });

  test("a few rows without a visible change: there is not enough data, not stability", () => {
    const result = detectDrift({ x: normals(5_000) }, { x: normals(30) });
    expect(result.status).toBe("not-enough-data");
    expect(first(result).minimumDetectableShift).toBeGreaterThan(0.2);
  });

  test("one unseen category in a thousand rows", () => {
    const values = draws(1_000, () => "abc"[random.integer(3)]);
    values[17] = "d";
    const result = detectDrift({ x: draws(5_000, () => "abc"[random.integer(3)]) }, { x: values });
    expect(result.status).toBe("stable");
  });

  test("new categories from a long tail, of which a reference never has all", () => {
    const draw = (): string => `item ${random.zipf(1.1, 20_000)}`;
    const result = detectDrift({ x: draws(2_000, draw) }, { x: draws(2_000, draw) });
    const fresh = first(result).specialCells.find(({ cell }) => cell === "new-category");
    expect(fresh!.currentShare).toBeGreaterThan(0.05);
    expect(result.status).toBe("stable");
  });

  test("texts with words of their own, of which a reference never has all", () => {
    const text = (): string =>
      `${draws(8, () => `w${random.zipf(1.1, 20_000)}`).join(" ")} ${random.integer(1e9)}`;
    const options = { columns: { x: { kind: "text" as const } } };
    for (let run = 0; run < 5; run += 1) {
      const result = detectDrift(
        { x: draws(600, text) },
        { x: draws(400, text) },
        { ...options, alpha: 1e-3 },
      );
      expect(result.status).not.toBe("drift");
    }
  });

  test("no rows, no values", () => {
    const before = { x: normals(1_000) };
    expect(detectDrift(before, { x: [] }).status).toBe("not-enough-data");
    expect(detectDrift(before, []).columns[0]!.reason).toBe("The current data have no rows.");
    const empty = detectDrift({ x: [null, null] }, { x: [null, null] });
    expect(empty.columns[0]!.reason).toBe("The current data have no value to compare.");
    expect(detectDrift([], []).status).toBe("invalid");
  });
});

describe("columns that cannot be compared", () => {
  test("are rows, and the others are judged", () => {
    const before = { x: normals(1_000), y: normals(1_000), z: normals(1_000) };
    const after = { x: normals(900), y: normals(899), z: normals(900, 1) };
    const result = detectDrift(before, after);
    expect(result.status).toBe("drift");
    const row = result.columns.find(({ name }) => name === "y")!;
    expect([row.status, row.reason]).toEqual([
      "invalid",
      "The current data's column has 899 values, and most columns have 900.",
    ]);
    expect(detectDrift(before, { ...after, z: normals(900) }).status).toBe("not-enough-data");
  });

  test("a profile that was counted on other cells", () => {
    const before = profile({ x: normals(1_000), y: normals(1_000) });
    const builder = createProfileBuilder({ reference: before });
    builder.addAll({ x: normals(1_000), y: normals(1_000) });
    const [x] = builder.build().columns;
    const [, y] = profile({ x: normals(1_000), y: normals(1_000) }).columns;
    const result = detectDrift(before, { ...builder.build(), columns: [x!, y!] });
    expect(result.columns.find(({ name }) => name === "y")!.status).toBe("invalid");
    expect(result.columns.find(({ name }) => name === "x")!.status).toBe("stable");
    const lacking = detectDrift(before, { ...builder.build(), columns: [x!] });
    expect(lacking.columns[0]!.reason).toBe("The current profile has no such column.");
  });

  test("a column that the current rows lack is missing in every row, which is drift", () => {
    const result = detectDrift({ x: normals(1_000), y: normals(1_000) }, { x: normals(1_000) });
    expect([first(result).name, first(result).evidence[0]!.subject]).toEqual(["y", "missing"]);
  });
});

describe("laws", () => {
  const table = (rows: number, shift: number): Record<string, unknown>[] =>
    draws(rows, () => ({
      number: random() < 0.05 ? null : random.normal(shift),
      count: random.poisson(2),
      category: "abcdef"[random.integer(6)],
      flag: random() < 0.3,
    }));

  test("the order of the rows makes no difference", () => {
    const before = table(600, 0);
    const after = table(300, 0.2);
    const expected = detectDrift(before, after);
    const shuffled = detectDrift(random.shuffle([...before]), random.shuffle([...after]));
    expect(shuffled).toEqual(expected);
  });

  test("equal data have no distance, and are no drift", () => {
    const data = table(1_000, 0);
    const result = detectDrift(data, data);
    expect(result.status).toBe("stable");
    for (const column of result.columns) {
      for (const { value } of column.distances) expect(value).toBe(0);
      expect(column.adjustedPValue).toBeCloseTo(1, 12);
    }
  });

  test("a rising map of the values leaves Kolmogorov-Smirnov alone", () => {
    const before = normals(700);
    const after = normals(300, 0.15);
    const plain = first(detectDrift({ x: before }, { x: after })).evidence[0]!;
    const mapped = first(detectDrift({ x: before.map(Math.exp) }, { x: after.map(Math.exp) })).evidence[0]!;
    expect(plain.test).toBe("kolmogorov-smirnov-exact");
    expect(mapped).toEqual(plain);
  });

  test("counting on cells bounds the p-value that the values themselves give", () => {
    const before = normals(3_000);
    const after = normals(300, 0.1);
    const reference = profile({ x: before });
    const exact = first(detectDrift({ x: before }, { x: after })).evidence[0]!;
    const onCells = first(detectDrift(reference, { x: after })).evidence[0]!;
    expect(onCells.test).toBe("kolmogorov-smirnov-on-cells");
    expect(onCells.statistic).toBeLessThanOrEqual(exact.statistic + 1e-12);
    expect(onCells.pValue.low).toBeLessThanOrEqual(onCells.pValue.high);
    expect(onCells.pValue.high).toBeCloseTo(exact.pValue.high, 1);
  });

  test("weights count by the rows they are worth", () => {
    const before = { x: normals(900) };
    const after = { x: normals(400, 0.2) };
    const plain = first(detectDrift(profile(before), after)).evidence[0]!;
    const doubled = detectDrift(profile(before), after, { currentWeights: new Float64Array(400).fill(2) });
    expect(doubled.current).toEqual({ rows: 400, effectiveRows: 400 });
    expect(first(doubled).evidence[0]).toEqual(plain);
    const uneven = Float64Array.from({ length: 400 }, (_, row) => (row % 4 === 0 ? 4 : 0.25));
    const weighted = detectDrift(profile(before), after, { currentWeights: uneven });
    expect(weighted.current.effectiveRows).toBeLessThan(150);
    expect(first(weighted).minimumDetectableShift).toBeGreaterThan(first(doubled).minimumDetectableShift!);
  });

  test("a profile gives the same as its rows", () => {
    const before = profile(table(800, 0));
    const after = table(500, 0.3);
    const builder = createProfileBuilder({ reference: before });
    for (const row of after) builder.add(row);
    expect(detectDrift(before, builder.build())).toEqual(detectDrift(before, after));
  });

  const values = fc.oneof(
    fc.double(),
    fc.constantFrom(null, undefined, "", "a", true, 1n, Number.NaN, -0, Infinity, -Infinity, 5e-324, 1e308),
    fc.array(fc.double(), { maxLength: 3 }),
    fc.date(),
    fc.anything(),
  );
  const rows = fc.array(fc.dictionary(fc.constantFrom("a", "b", "__proto__", "constructor"), values), {
    maxLength: 40,
  });

  test("whatever the rows hold, the result is plain JSON and every column has a row", () => {
    fc.assert(
      fc.property(rows, rows, (before, after) => {
        const result = detectDrift(before, after);
        expect(JSON.parse(JSON.stringify(result))).toEqual(withoutNegativeZero(result));
        expect(result.columns.map(({ rank }) => rank)).toEqual(result.columns.map((_, index) => index + 1));
        for (const column of result.columns) {
          expect(column.reason).not.toMatch(/NaN %|undefined|It could not be compared/);
          for (const { pValue, effect } of column.evidence) {
            expect(pValue.low >= 0 && pValue.low <= pValue.high && pValue.high <= 1).toBe(true);
            expect(effect.low <= effect.estimate + 1e-9 && effect.estimate <= effect.high + 1e-9).toBe(true);
          }
        }
      }),
      { seed: 5, numRuns: 150 },
    );
  });

  test("nothing but typed errors comes out", () => {
    fc.assert(
      fc.property(fc.anything(), fc.anything(), fc.anything(), (before, after, options) => {
        try {
          // What comes from outside may be anything.
          const result = detectDrift(before as ProfileData, after as ProfileData, (options ?? {}) as object);
          expect(["stable", "drift", "not-enough-data", "invalid"]).toContain(result.status);
        } catch (error) {
          if (!DriftError.isInstance(error)) throw error;
        }
      }),
      { seed: 6, numRuns: 300 },
    );
  });
});

/** JSON has no -0, and must not have had to drop anything else. */
function withoutNegativeZero(result: DriftResult): unknown {
  const lost: unknown[] = [];
  const json = JSON.stringify(result, (_key, value: unknown) => {
    if (typeof value === "number" && !Number.isFinite(value)) lost.push(value);
    return value;
  });
  expect(lost).toEqual([]);
  return JSON.parse(json);
}

describe("options", () => {
  test.each([
    { alpha: 0 },
    { alpha: Number.NaN },
    { correction: "none" },
    { look: { look: 0 } },
    { look: { look: 3, of: 2 } },
    { materialShift: 1 },
    { detectableShift: 2 },
    { confidence: 1 },
    { seed: 0.5 },
    { columns: { nope: {} } },
  ])("%j is refused", (options) => {
    // Some are wrong by their type as well.
    const call = (): unknown => detectDrift({ x: [1, 2] }, { x: [1] }, options as object);
    expect(call).toThrow(InvalidDriftOptionsError);
  });

  test("looks share alpha", () => {
    const data = { x: normals(100) };
    expect(detectDrift(data, data, { look: { look: 2, of: 10 } }).levelOfThisLook).toBeCloseTo(0.005, 15);
    const levels = Array.from(
      { length: 1_000 },
      (_, index) => detectDrift({}, {}, { look: { look: index + 1 } }).levelOfThisLook,
    );
    const spent = levels.reduce((sum, level) => sum + level, 0);
    expect(spent).toBeLessThan(0.05);
    expect(spent).toBeGreaterThan(0.0499);
  });

  test("excluded columns are passed over", () => {
    const result = detectDrift({ x: [1, 2], id: [1, 2] }, { x: [1, 2], id: [3, 4] }, { exclude: ["id"] });
    expect(result.columns.map(({ name }) => name)).toEqual(["x"]);
  });

  test("Holm and Bonferroni never find more than Benjamini-Hochberg", () => {
    const names = draws(10, () => "").map((_, index) => `x${index}`);
    const before = Object.fromEntries(names.map((name) => [name, normals(1_000)]));
    const after = Object.fromEntries(names.map((name, index) => [name, normals(300, index * 0.05)]));
    const drifted = (correction: "benjamini-hochberg" | "holm" | "bonferroni"): number =>
      detectDrift(before, after, { correction }).statusCounts.drift;
    expect(drifted("holm")).toBeLessThanOrEqual(drifted("benjamini-hochberg"));
    expect(drifted("bonferroni")).toBeLessThanOrEqual(drifted("holm"));
    expect(drifted("bonferroni")).toBeGreaterThan(0);
  });
});

describe("distances and rules", () => {
  test("PSI over deciles, bare and calibrated", () => {
    const result = detectDrift({ x: normals(5_000) }, { x: normals(100) });
    const { distances, rules } = first(result);
    const psi = distances.find(({ name }) => name === "psi")!;
    // Nine degrees of freedom at 1/5000 + 1/100.
    expect(psi.expectedWithoutChange).toBeCloseTo(9 * (1 / 5_000 + 1 / 100), 12);
    const rule = rules.find((one) => one.rule === "psi-0.1")!;
    expect(rule.calibratedThreshold).toBeCloseTo(0.1726, 3);
    expect(rule.fires).toBe(psi.value >= 0.1);
  });

  test("bins show all rows of both sides, special cells too", () => {
    const before = { x: draws(500, () => (random() < 0.1 ? null : random.normal())) };
    const { bins } = first(detectDrift(before, { x: [...normals(50), Number.NaN] }));
    expect(bins.reduce((sum, bin) => sum + bin.referenceShare, 0)).toBeCloseTo(1, 12);
    expect(bins.reduce((sum, bin) => sum + bin.currentShare, 0)).toBeCloseTo(1, 12);
    expect(bins.filter(({ kind }) => kind === "special").map(({ label }) => label)).toEqual([
      "<missing>",
      "<nan>",
    ]);
  });
});
