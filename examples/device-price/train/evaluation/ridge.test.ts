import { describe, expect, test } from "vitest";

import { createRandom } from "../random.ts";
import { fitRidge, predictRidge } from "./ridge.ts";

const column = (...values: number[]) => values.map((value) => Float64Array.of(value));

test("one feature: the slope is Sxy / (Sxx + λ)", () => {
  // x − x̄ is −1, 0, 1 and y − ȳ is −2, −1, 3: Sxx = 2, Sxy = 5.
  const { coefficients, intercept } = fitRidge(column(4, 5, 6), [8, 9, 13], [3]);
  expect(coefficients[0]).toBeCloseTo(5 / (2 + 3), 12);
  expect(intercept).toBeCloseTo(10 - 5, 12);
});

test("with next to no penalty an exact relation is found", () => {
  const random = createRandom(1);
  const rows = Array.from({ length: 40 }, () => Float64Array.from({ length: 3 }, () => random() * 4 - 2));
  const targets = rows.map((row) => 7 + 2 * row[0]! - 3 * row[1]! + 0.5 * row[2]!);
  const model = fitRidge(rows, targets, [1e-9]);
  expect(model.intercept).toBeCloseTo(7, 6);
  for (const [i, value] of [2, -3, 0.5].entries()) expect(model.coefficients[i]).toBeCloseTo(value, 6);
  expect(predictRidge(model, Float64Array.of(1, 1, 2))).toBeCloseTo(7, 6);
});

test("an enormous penalty leaves the mean", () => {
  const model = fitRidge(column(1, 2, 3), [2, 4, 9], [1e12]);
  expect(predictRidge(model, Float64Array.of(100))).toBeCloseTo(5, 6);
});

describe("the leave-one-out error", () => {
  const random = createRandom(9);
  const rows = Array.from({ length: 25 }, () => Float64Array.from({ length: 4 }, () => random() * 2 - 1));
  const targets = rows.map((row) => 3 * row[0]! - row[1]! + random());

  test.each([0.01, 1, 50])("with the penalty %d is that of refitting without each row", (penalty) => {
    const refitted = rows.map((row, i) => {
      const others = fitRidge(rows.toSpliced(i, 1), targets.toSpliced(i, 1), [penalty]);
      return (targets[i]! - predictRidge(others, row)) ** 2;
    });
    const mean = refitted.reduce((sum, error) => sum + error, 0) / refitted.length;
    expect(fitRidge(rows, targets, [penalty]).leaveOneOutError).toBeCloseTo(mean, 10);
  });

  test("chooses the penalty", () => {
    const penalties = [1e-4, 0.3, 1e4];
    const errors = penalties.map((penalty) => fitRidge(rows, targets, [penalty]).leaveOneOutError);
    expect(fitRidge(rows, targets, penalties).penalty).toBe(penalties[errors.indexOf(Math.min(...errors))]);
  });
});
