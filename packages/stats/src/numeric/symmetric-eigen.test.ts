import fc from "fast-check";
import { expect, test } from "vitest";

import { symmetricEigen } from "./symmetric-eigen.ts";

test("law: of any symmetric matrix, A v = λ v, and the vectors are an orthonormal base", () => {
  const matrix = fc.integer({ min: 1, max: 8 }).chain((size) =>
    fc.array(
      fc.array(fc.double({ min: -100, max: 100, noNaN: true }), { minLength: size, maxLength: size }),
      {
        minLength: size,
        maxLength: size,
      },
    ),
  );
  fc.assert(
    fc.property(matrix, (entries) => {
      const symmetric = entries.map((row, left) =>
        Float64Array.from(row, (_, right) => entries[Math.min(left, right)]![Math.max(left, right)]!),
      );
      const { values, vectors } = symmetricEigen(symmetric.map((row) => row.slice()));
      const dot = (left: Float64Array, right: Float64Array): number =>
        left.reduce((sum, value, index) => sum + value * right[index]!, 0);
      for (const [index, vector] of vectors.entries()) {
        for (const [place, row] of symmetric.entries())
          expect(dot(row, vector)).toBeCloseTo(values[index]! * vector[place]!, 8);
        for (const [other, second] of vectors.entries())
          expect(dot(vector, second)).toBeCloseTo(Number(index === other), 10);
      }
    }),
  );
});
