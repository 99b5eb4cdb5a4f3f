import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { tensor } from "../tensor/tensor.ts";
import { stableKey } from "./stable-key.ts";

describe("stableKey()", () => {
  test.each([
    ["objects, whatever the order", { a: 1, b: [2, { c: 3, d: 4 }] }, { b: [2, { d: 4, c: 3 }], a: 1 }],
    ["objects without a prototype", { a: 1 }, Object.assign(Object.create(null), { a: 1 })],
    ["NaN", NaN, Number.NaN],
    ["dates", new Date(5), new Date(5)],
    ["tensors", tensor("float32", [1, 2], [2]), tensor("float32", [1, 2], [2])],
    ["views of other buffers", new Float32Array([1, 2]), new Float32Array([0, 1, 2]).subarray(1)],
    ["what occurs twice", [[1], [1]], Array<number[]>(2).fill([1])],
  ])("is the same for equal %s", (_, a, b) => {
    expect(stableKey(a)).toBeTypeOf("string");
    expect(stableKey(a)).toBe(stableKey(b));
  });

  test.each<[unknown, unknown]>([
    [0, -0],
    [1, "1"],
    [1, 1n],
    [null, undefined],
    [null, "null"],
    [true, "true"],
    [{ a: undefined }, {}],
    [[], {}],
    [{ "a:1,b": 2 }, { a: 1, b: 2 }],
    [{ 'a":1,"b': 2 }, { a: 1, b: 2 }],
    [[undefined], Array(1)],
    [["a,b"], ["a", "b"]],
    ['a"', "a'"],
    ["\ud800", "\ufffd"],
    [{ a: 1, b: 2 }, { a: { b: 2 } }],
    [new Date(5), 5],
    [new Date(5), { time: 5 }],
    [new Float32Array([1]), new Int32Array(new Float32Array([1]).buffer)],
    [new Uint8Array([1, 2]), new Uint8Array([1, 3])],
    [
      [new Uint8Array([44]), 1],
      [new Uint8Array([]), 1],
    ],
    [new Uint8Array([1]), [1]],
    [tensor("bool", [true], [1]), tensor("uint8", [1], [1])],
    [tensor("float32", [1, 2], [2]), tensor("float32", [1, 2], [1, 2])],
    [new Float64Array([0]), new Float64Array([-0])],
  ])("tells %o from %o", (a, b) => {
    expect(stableKey(a)).toBeTypeOf("string");
    expect(stableKey(b)).toBeTypeOf("string");
    expect(stableKey(a)).not.toBe(stableKey(b));
  });

  const cyclic: unknown[] = [];
  cyclic.push(cyclic);
  let deep: unknown = 1;
  for (let level = 0; level < 101; level += 1) deep = [deep];

  test.each([
    ["a function", () => 1],
    ["a symbol", Symbol("a")],
    ["an instance", new (class Point {})()],
    ["a list of another class", new (class List extends Array {})()],
    ["a date of another class", new (class Day extends Date {})()],
    ["a map", new Map()],
    ["a regular expression", /a/],
    ["an object with a symbol", { [Symbol("a")]: 1 }],
    ["a cycle", cyclic],
    ["too many levels", deep],
    ["a string that is too long", "a".repeat(2 ** 22)],
    ["bytes that are too many", new Uint8Array(2 ** 22)],
    ["one of these within", { a: [() => 1] }],
  ])("has none for %s", (_, value) => {
    expect(stableKey(value)).toBeUndefined();
  });

  test("takes large arrays", () => {
    expect(stableKey(new Float32Array(1_000_000))).toHaveLength(
      4_000_000 + "[object Float32Array]4000000:".length,
    );
  });

  // Few and treacherous characters, so that equal values and false friends are common.
  const word = fc.string({ unit: fc.constantFrom("a", '"', ",", ":", "}", "]"), maxLength: 2 });
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      fc.constantFrom(0, -0, 1, NaN, 1n, null, undefined, true, "true", "null"),
      word,
      fc.array(fc.constantFrom(44, 93), { maxLength: 2 }).map((bytes) => new Uint8Array(bytes)),
      fc.array(tie("value"), { maxLength: 3 }),
      fc.dictionary(word, tie("value"), { maxKeys: 3, noNullPrototype: true }),
    ),
  }));

  test("is the same exactly for values that are deeply equal", () => {
    fc.assert(
      fc.property(value, value, (a, b) => (stableKey(a) === stableKey(b)) === isDeepStrictEqual(a, b)),
      { numRuns: 3_000 },
    );
    fc.assert(fc.property(value, (a) => stableKey(a) === stableKey(structuredClone(a))));
    expect.assertions(0);
  });
});
