import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { type DType, dtypes, typedArrayByDType } from "./dtype.ts";
import { elementCount, findTensorProblem, tensor } from "./tensor.ts";

// The tables below mix the dtypes, whose element types TypeScript could only check one by one.
function untypedTensor(dtype: string, elements: unknown, shape?: unknown): { data: unknown } {
  return tensor(dtype as DType, elements as never, shape as never);
}

const thrown = (run: () => unknown): unknown => {
  try {
    return run();
  } catch (error) {
    return error;
  }
};

describe("tensor() converts a list", () => {
  const cases: Record<DType, readonly [list: readonly unknown[], data: unknown]> = {
    float32: [[0.1, -0, Number.NaN, 1e39], Float32Array.of(Math.fround(0.1), -0, Number.NaN, Infinity)],
    float64: [[0.1, -0, Number.MIN_VALUE, -Infinity], Float64Array.of(0.1, -0, Number.MIN_VALUE, -Infinity)],
    float16: [
      [1, -2, 0.1, 65519.99, 65520, Number.NaN],
      Uint16Array.of(0x3c00, 0xc000, 0x2e66, 0x7bff, 0x7c00, 0x7e00),
    ],
    int8: [[-128, 127], Int8Array.of(-128, 127)],
    uint8: [[0, 255], Uint8Array.of(0, 255)],
    int16: [[-32768, 32767], Int16Array.of(-32768, 32767)],
    uint16: [[0, 65535], Uint16Array.of(0, 65535)],
    int32: [[-(2 ** 31), 2 ** 31 - 1], Int32Array.of(-(2 ** 31), 2 ** 31 - 1)],
    uint32: [[0, 2 ** 32 - 1], Uint32Array.of(0, 2 ** 32 - 1)],
    int64: [[-(2n ** 63n), 2n ** 63n - 1n], BigInt64Array.of(-(2n ** 63n), 2n ** 63n - 1n)],
    uint64: [[0n, 2n ** 64n - 1n], BigUint64Array.of(0n, 2n ** 64n - 1n)],
    bool: [[true, false], Uint8Array.of(1, 0)],
    string: [
      ["", "größe 😀"],
      ["", "größe 😀"],
    ],
  };

  test.each(dtypes)("of %s", (dtype) => {
    const [list, data] = cases[dtype];
    expect(untypedTensor(dtype, list)).toEqual({ dtype, shape: [list.length], data });
  });
});

describe("tensor() refuses what a dtype cannot hold", () => {
  const notANumber = ["1", null, undefined, true, {}, [], Symbol("s"), () => 1];
  const noInteger = [0.5, Number.NaN, Infinity, -Infinity, ...notANumber];
  const cases: Record<DType, readonly unknown[]> = {
    float32: [1n, ...notANumber],
    float64: [1n, ...notANumber],
    float16: [1n, ...notANumber],
    int8: [-129, 128, 1n, ...noInteger],
    uint8: [-1, 256, 1n, ...noInteger],
    int16: [-32769, 32768, 1n, ...noInteger],
    uint16: [-1, 65536, 1n, ...noInteger],
    int32: [-(2 ** 31) - 1, 2 ** 31, 1n, ...noInteger],
    uint32: [-1, 2 ** 32, 1n, ...noInteger],
    int64: [-(2n ** 63n) - 1n, 2n ** 63n, 0, 1, ...noInteger],
    uint64: [-1n, 2n ** 64n, 0, 1, ...noInteger],
    bool: [2, -1, 0.5, Number.NaN, 1n, "true", null, undefined, {}],
    string: [1, null, undefined, true, 1n, {}, [], Symbol("s")],
  };

  const good: Partial<Record<DType, unknown>> = { int64: 1n, uint64: 1n, bool: true, string: "a" };

  test.each(dtypes)("%s", (dtype) => {
    for (const element of cases[dtype]) {
      const error = thrown(() => untypedTensor(dtype, [good[dtype] ?? 1, element]));
      expect(error, String(element)).toMatchObject({
        code: "INVALID_TENSOR",
        problem: expect.stringMatching(new RegExp(`^has .+ at index 1, which ${dtype} cannot hold$`)),
      });
    }
  });

  test("holes in a list", () => {
    expect(thrown(() => untypedTensor("float32", Array.from({ length: 1 })))).toMatchObject({
      problem: "has undefined at index 0, which float32 cannot hold",
    });
  });

  test.each(dtypes.filter((dtype) => dtype !== "string"))("the typed array of another dtype: %s", (dtype) => {
    const own = typedArrayByDType[dtype];
    const others = new Set(Object.values(typedArrayByDType).filter(({ name }) => name !== own.name));
    for (const other of others) {
      expect(thrown(() => untypedTensor(dtype, new other(2)))).toMatchObject({
        code: "INVALID_TENSOR",
        problem: `has the dtype ${dtype} and a ${other.name} as its data, which has to be a ${own.name}`,
      });
    }
  });
});

describe("tensor()", () => {
  test("keeps the typed array and the list of strings that it is given", () => {
    const numbers = Float32Array.of(1, 2);
    const bits = Uint16Array.of(1, 2);
    const texts = ["a"];
    expect(tensor("float32", numbers).data).toBe(numbers);
    expect(tensor("float16", bits).data).toBe(bits);
    expect(tensor("string", texts).data).toBe(texts);
  });

  test("copies the shape, and freezes what it makes", () => {
    const shape = [1, 2];
    const made = tensor("int8", [1, 2], shape);
    shape[0] = 7;
    expect(made.shape).toEqual([1, 2]);
    expect(Object.isFrozen(made)).toBe(true);
    expect(Object.isFrozen(made.shape)).toBe(true);
  });

  test("takes scalars and empty tensors", () => {
    expect(tensor("int32", [5], []).shape).toEqual([]);
    expect(tensor("float32", [], [0, 3]).data).toHaveLength(0);
    expect(tensor("string", []).shape).toEqual([0]);
  });

  test.each<[problem: string, dtype: string, elements: unknown, shape: unknown]>([
    ["has 3 elements, but its shape [2, 2] holds 4", "int8", [1, 2, 3], [2, 2]],
    ["has 2 elements, but its shape [] holds 1", "int8", [1, 2], []],
    ["has 0 elements, but its shape [1] holds 1", "string", [], [1]],
    ["has -1 in its shape, which is not a whole number of at least 0", "int8", [1], [-1]],
    ["has 0.5 in its shape, which is not a whole number of at least 0", "int8", [1], [2, 0.5]],
    ["has NaN in its shape, which is not a whole number of at least 0", "int8", [1], [Number.NaN]],
    ['has "1" in its shape, which is not a whole number of at least 0', "int8", [1], ["1"]],
    ['has the unknown dtype "complex64"', "complex64", [1], [1]],
    ['has the unknown dtype "constructor"', "constructor", [1], [1]],
    ['has the unknown dtype "__proto__"', "__proto__", [1], [1]],
  ])("says what is wrong: it %s", (problem, dtype, elements, shape) => {
    expect(thrown(() => untypedTensor(dtype, elements, shape))).toMatchObject({
      code: "INVALID_TENSOR",
      message: `The tensor ${problem}.`,
    });
  });
});

describe("findTensorProblem()", () => {
  const valid = { dtype: "float32", shape: [2], data: new Float32Array(2) };

  test("finds none in a tensor", () => {
    expect(findTensorProblem(valid)).toBeUndefined();
    expect(findTensorProblem({ dtype: "string", shape: [], data: ["a"] })).toBeUndefined();
  });

  test.each<[problem: string | RegExp, value: unknown]>([
    ["is undefined, not a tensor", undefined],
    ["is null, not a tensor", null],
    ["is 5, not a tensor", 5],
    ["is a function, not a tensor", () => valid],
    ["is Symbol(x), not a tensor", Symbol("x")],
    ["has the unknown dtype undefined", []],
    ["has the unknown dtype a String", { ...valid, dtype: Object("float32") }],
    ["has the unknown dtype 5n", { ...valid, dtype: 5n }],
    ["has undefined as its shape, not a list of sizes", { dtype: "float32", data: valid.data }],
    ["has a Int32Array as its shape, not a list of sizes", { ...valid, shape: Int32Array.of(2) }],
    [/^has a Object as its shape/, { ...valid, shape: { length: 1, 0: 2 } }],
    [/^has undefined in its shape/, { ...valid, shape: Array.from({ length: 2 }) }],
    [/^has Symbol\(s\) in its shape/, { ...valid, shape: [Symbol("s")] }],
    [/^has 2n in its shape/, { ...valid, shape: [2n] }],
    [/^has a object in its shape/, { ...valid, shape: [Object.create(null)] }],
    [/^has a object in its shape/, { ...valid, shape: [{ constructor: { name: Symbol("s") } }] }],
    [/^has 9007199254740992 in its shape/, { ...valid, shape: [2 ** 53] }],
    [/which has to be a Float32Array$/, { ...valid, data: [1, 2] }],
    [/which has to be a Float32Array$/, { ...valid, data: new ArrayBuffer(8) }],
    [/which has to be a Float32Array$/, { ...valid, data: new DataView(new ArrayBuffer(8)) }],
    [/which has to be a Float32Array$/, { ...valid, data: Object.create(Float32Array.prototype) }],
    [/which has to be a Uint8Array$/, { ...valid, dtype: "bool", data: new Uint8ClampedArray(2) }],
    [/which has to be an array of strings$/, { ...valid, dtype: "string", data: "ab" }],
    [
      "has 2 elements, but its shape [4294967296, 4294967296] holds 18446744073709552000",
      { ...valid, shape: [2 ** 32, 2 ** 32] },
    ],
  ])("%s", (problem, value) => {
    expect(findTensorProblem(value)).toMatch(problem);
  });

  test("never throws, whatever it is given", () => {
    const anything = fc.anything({
      withBigInt: true,
      withDate: true,
      withMap: true,
      withNullPrototype: true,
      withObjectString: true,
      withSparseArray: true,
      withTypedArray: true,
    });
    const almost = fc.record({
      dtype: fc.oneof(fc.constantFrom(...dtypes), anything),
      shape: fc.oneof(fc.array(fc.oneof(fc.nat(3), anything), { maxLength: 3 }), anything),
      data: anything,
    });
    fc.assert(
      fc.property(fc.oneof(anything, almost), (value) => {
        const problem = findTensorProblem(value) ?? "none";
        expect(problem).toBeTypeOf("string");
        expect(problem.length).toBeLessThan(400);
      }),
      { numRuns: 2000 },
    );
  });
});

test.each([
  [[], 1],
  [[3], 3],
  [[2, 3, 4], 24],
  [[2, 0, 4], 0],
])("elementCount(%j) is %i", (shape, count) => {
  expect(elementCount(shape)).toBe(count);
});
