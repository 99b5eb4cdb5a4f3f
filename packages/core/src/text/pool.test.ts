import fc from "fast-check";
import { expect, test } from "vitest";

import { float16FromNumber } from "../tensor/float16.ts";
import { tensor } from "../tensor/tensor.ts";
import { normalize, pool } from "./pool.ts";

const hidden = tensor("float32", [1, 2, 3, -4, 9, 9, 5, 6, 7, 8, -1, 0], [2, 3, 2]);
const mask = tensor("int64", [1n, 1n, 0n, 1n, 1n, 1n], [2, 3]);

test.each([
  ["mean", [2, -1], [11 / 3, 14 / 3]],
  ["max", [3, 2], [7, 8]],
  ["first", [1, 2], [5, 6]],
  ["last", [3, -4], [-1, 0]],
] as const)("%s takes the tokens that count", (pooling, first, second) => {
  expect(pool(hidden, pooling, mask)).toEqual([Float32Array.from(first), Float32Array.from(second)]);
});

test("without a mask every token counts, and of none there is a mean of 0", () => {
  expect(pool(hidden, "mean")[0]).toEqual(Float32Array.of(13 / 3, 7 / 3));
  const nothing = tensor("int64", [0n, 0n, 0n, 0n, 0n, 0n], [2, 3]);
  expect(pool(hidden, "mean", nothing)[0]).toEqual(Float32Array.of(0, 0));
  expect(pool(hidden, "max", nothing)[0]).toEqual(Float32Array.of(-Infinity, -Infinity));
});

test("half precision is read as numbers", () => {
  const bits = Uint16Array.from([1.5, -2], float16FromNumber);
  expect(pool(tensor("float16", bits, [1, 1, 2]), "mean")).toEqual([Float32Array.of(1.5, -2)]);
});

test("padding that the mask hides changes nothing", () => {
  const law = fc.property(
    fc.array(fc.float({ noNaN: true, min: -100, max: 100 }), { minLength: 1, maxLength: 6 }),
    fc.nat(4),
    fc.constantFrom("mean" as const, "max" as const, "first" as const, "last" as const),
    (values, padding, pooling) => {
      const padded = [...values, ...Array<number>(padding).fill(77)];
      const counts = padded.map((_, index) => (index < values.length ? 1n : 0n));
      const [alone] = pool(tensor("float32", values, [1, values.length, 1]), pooling);
      const hiddenStates = tensor("float32", padded, [1, padded.length, 1]);
      expect(pool(hiddenStates, pooling, tensor("int64", counts, [1, padded.length]))).toEqual([alone]);
    },
  );
  fc.assert(law, { seed: 2 });
});

test("shapes that do not fit are refused", () => {
  const flat = tensor("float32", [1, 2], [1, 2]);
  expect(() => pool(flat, "mean")).toThrow("instead of [texts, tokens, size]");
  expect(() => pool(hidden, "mean", tensor("int64", [1n], [1, 1]))).toThrow("instead of [2, 3]");
});

test("a vector is made one of length 1, unless it is 0", () => {
  expect(normalize(Float32Array.of(3, 4))).toEqual(Float32Array.of(0.6, 0.8));
  expect(normalize(Float32Array.of(0, 0))).toEqual(Float32Array.of(0, 0));
  expect(normalize(Float32Array.of(1e30, 0))).toEqual(Float32Array.of(1, 0));
});
