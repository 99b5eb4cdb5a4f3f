import { createRandom } from "@mlops/stats";
import { describe, expect, test } from "vitest";
import { detectDrift, DriftError } from "../index.ts";
import { detectMultivariateDrift } from "./detect-multivariate-drift.ts";
import { maximumMeanDiscrepancy } from "./maximum-mean-discrepancy.ts";

const random = createRandom(21);
const draws = <Value>(count: number, draw: () => Value): Value[] => Array.from({ length: count }, draw);

describe("detectMultivariateDrift", () => {
  test("a change of correlation, which no single column shows", () => {
    const row = (correlation: number) => () => {
      const age = random.normal();
      return { age, income: correlation * age + random.normal(0, Math.sqrt(1 - correlation ** 2)) };
    };
    const before = draws(1_000, row(0));
    const after = draws(500, row(0.7));
    expect(detectDrift(before, after).status).toBe("stable");
    const result = detectMultivariateDrift(before, after);
    expect(result.status).toBe("drift");
    expect(result.features[0]!.feature).toBe("age × income");
    expect(result.features[0]!.weight).toBeGreaterThan(0);
    expect(result.auc!.low).toBeGreaterThan(0.55);
    expect(JSON.parse(JSON.stringify(result))).toEqual(result);
  });

  test("texts: the words that tell", () => {
    const words = ["delivery", "came", "late", "phone", "works", "well", "again", "today"];
    const text = (extra: string) => () => ({
      text: `${draws(6, () => words[random.integer(words.length)]).join(" ")} ${random() < 0.4 ? extra : "fine"}`,
    });
    const kinds = { text: "text" as const };
    const result = detectMultivariateDrift(draws(400, text("good")), draws(300, text("refund")), { kinds });
    expect(result.status).toBe("drift");
    const told = result.features.slice(0, 2).map(({ feature, weight }) => [feature, Math.sign(weight)]);
    expect(new Map(told as [string, number][])).toEqual(
      new Map([
        ["text: refund", 1],
        ["text: good", -1],
      ]),
    );
  });

  test("vectors, categories and missing values", () => {
    const row = (shift: number) => () => ({
      vector: [random.normal(), random.normal(shift), random.normal()],
      category: "abc"[random.integer(3)],
    });
    const result = detectMultivariateDrift(draws(500, row(0)), draws(500, row(0.8)));
    expect([result.status, result.features[0]!.feature]).toEqual(["drift", "vector[1]"]);
  });

  test("without change it alarms as often as it says", () => {
    const row = (): Record<string, unknown> => ({
      x: random.normal(),
      y: random.studentT(2),
      category: "abcd"[random.integer(4)],
      z: random() < 0.1 ? null : random.poisson(2),
    });
    let alarms = 0;
    for (let run = 0; run < 200; run += 1) {
      if (detectMultivariateDrift(draws(80, row), draws(40, row), { seed: run }).pValue! <= 0.05) alarms += 1;
    }
    // P(more than 22 of 200) at 5 % is 1 in 10,000.
    expect(alarms).toBeLessThanOrEqual(22);
    expect(alarms).toBeGreaterThan(0);
  });

  test("too few rows, nothing to learn from, wrong options", () => {
    expect(detectMultivariateDrift([{ x: 1 }], [{ x: 2 }]).status).toBe("not-enough-data");
    const constant = draws(20, () => ({ x: 1 }));
    expect(detectMultivariateDrift(constant, constant).status).toBe("invalid");
    const small = draws(20, () => ({ x: random.normal() }));
    expect(
      detectMultivariateDrift(
        small,
        draws(20, () => ({ x: random.normal() })),
      ).status,
    ).toBe("not-enough-data");
    expect(() => detectMultivariateDrift(small, small, { alpha: 2 })).toThrow(DriftError);
  });
});

describe("maximumMeanDiscrepancy", () => {
  const vectors = (count: number, deviation: number): number[][] =>
    draws(count, () => [random.normal(0, deviation), random.normal(0, deviation)]);

  test("sees a change of shape that leaves the mean", () => {
    expect(maximumMeanDiscrepancy(vectors(150, 1), vectors(150, 2)).pValue).toBeLessThan(0.01);
  });

  test("is the formula", () => {
    const result = maximumMeanDiscrepancy([[0], [1]], [[2], [4]]);
    const kernel = (a: number, b: number): number => Math.exp(-((a - b) ** 2) / (2 * result.bandwidth ** 2));
    const between = (kernel(0, 2) + kernel(0, 4) + kernel(1, 2) + kernel(1, 4)) / 4;
    expect(result.squared).toBeCloseTo(kernel(0, 1) + kernel(2, 4) - 2 * between, 12);
    expect(result.bandwidth ** 2).toBeCloseTo(4, 12);
  });

  test("without change it alarms as often as it says", () => {
    let alarms = 0;
    for (let run = 0; run < 200; run += 1) {
      const { pValue } = maximumMeanDiscrepancy(vectors(20, 1), vectors(15, 1), {
        seed: run,
        resamples: 199,
      });
      if (pValue <= 0.05) alarms += 1;
    }
    expect(alarms).toBeLessThanOrEqual(22);
    expect(alarms).toBeGreaterThan(0);
  });

  test("refuses what are no vectors of one length", () => {
    expect(() => maximumMeanDiscrepancy([[1]], [[1], [2]])).toThrow(DriftError);
    expect(() => maximumMeanDiscrepancy([[1], [2]], [[1], [2, 3]])).toThrow(DriftError);
    expect(() => maximumMeanDiscrepancy([[1], [2]], [[1], [Number.NaN]])).toThrow(DriftError);
  });
});
