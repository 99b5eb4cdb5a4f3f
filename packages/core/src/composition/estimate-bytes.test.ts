import { expect, test } from "vitest";

import { estimateBytes } from "./estimate-bytes.ts";

const buffer = new ArrayBuffer(400);
const twice = { a: 1 };
const cyclic: { self?: unknown } = {};
cyclic.self = cyclic;

test.each<[unknown, number]>([
  [1, 8],
  [null, 8],
  ["abc", 6],
  [new Float32Array(100), 464],
  // It keeps all of its buffer alive.
  [new Float32Array(100).subarray(50), 464],
  [[new Float32Array(buffer, 0, 1), new Float32Array(buffer)], 48 + 2 * 16 + 2 * (48 + 16) + 400],
  [{ bytes: buffer }, 48 + 16 + 400],
  [new SharedArrayBuffer(400), 400],
  [new Map([["ab", 1]]), 48 + 2 * 16 + 4 + 8],
  [new Set(["ab"]), 48 + 16 + 4],
  [[], 48],
  [[1, 2], 48 + 2 * (16 + 8)],
  [{ a: "ab" }, 48 + 16 + 4],
  [[twice, twice], 48 + 2 * 16 + 48 + 16 + 8],
  [cyclic, 48 + 16],
])("estimateBytes(%o) is %i", (value, bytes) => {
  expect(estimateBytes(value)).toBe(bytes);
});

test("deep values do not overflow the stack", () => {
  let deep: unknown = 1;
  for (let level = 0; level < 100_000; level += 1) deep = [deep];
  expect(estimateBytes(deep)).toBe(8 + 100_000 * 64);
});
