import { expect, test } from "vitest";

import { cholesky, dot, type Matrix, solveLower, solveLowerTransposed } from "./cholesky.ts";

const rows = (...values: number[][]): Matrix => values.map((row) => Float64Array.from(row));

test("a known factor", () => {
  const matrix = rows([4, 12, -16], [12, 37, -43], [-16, -43, 98]);
  expect(cholesky(matrix)).toEqual(rows([2, 0, 0], [6, 1, 0], [-8, 5, 3]));
});

test("solving both triangles solves the system", () => {
  const matrix = rows([4, 12, -16], [12, 37, -43], [-16, -43, 98]);
  const lower = cholesky(matrix);
  const x = Float64Array.of(1, -2, 3);
  const right = matrix.map((row) => dot(row, x));
  for (const [i, value] of solveLowerTransposed(lower, solveLower(lower, right)).entries()) {
    expect(value).toBeCloseTo(x[i]!, 10);
  }
});

test("a singular matrix is refused", () => {
  expect(() => cholesky(rows([1, 1], [1, 1]))).toThrow("not positive definite");
});
