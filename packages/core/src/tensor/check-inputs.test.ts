import { describe, expect, test } from "vitest";

import { createInputCheck, type InputCheckOptions } from "./check-inputs.ts";
import { float16FromNumber } from "./float16.ts";
import { tensor, type Tensor, type TensorMap } from "./tensor.ts";
import type { Dimension, TensorInfo } from "./tensor-info.ts";

const zeros = (...shape: number[]): Tensor =>
  tensor("float32", new Float32Array(shape.reduce((count, size) => count * size, 1)), shape);

const info = (name: string, shape: readonly Dimension[] | undefined): TensorInfo => ({
  name,
  dtype: "float32",
  shape,
});

function checkInputs(tensors: TensorMap, infos: readonly TensorInfo[], options?: InputCheckOptions): number {
  return createInputCheck(infos, options)(tensors);
}

function failure(tensors: unknown, infos: readonly TensorInfo[], options?: InputCheckOptions): unknown {
  try {
    return `no failure, ${checkInputs(tensors as TensorMap, infos, options)} rows`;
  } catch (error) {
    return error;
  }
}

/** A record with an own entry of any name, `__proto__` too. */
const own = (...entries: [string, Tensor][]): TensorMap => Object.fromEntries(entries);

describe("names", () => {
  const infos = [info("a", ["batch"]), info("b", ["batch"])];

  test("lists all that are missing and all that are unknown", () => {
    expect(failure({ b: zeros(1), c: zeros(1), d: zeros(1) }, infos)).toMatchObject({
      code: "TENSOR_NAME_MISMATCH",
      missing: ["a"],
      unexpected: ["c", "d"],
      expected: ["a", "b"],
      message: `The tensors do not have the model's names: "a" missing; "c", "d" unknown. The model has "a", "b".`,
    });
  });

  test("an unknown one beside all that are needed", () => {
    expect(failure({ a: zeros(1), b: zeros(1), c: zeros(1) }, infos)).toMatchObject({
      missing: [],
      unexpected: ["c"],
    });
  });

  test.each([undefined, null, "ab", 5, []])("%j has none", (tensors) => {
    expect(failure(tensors, infos)).toMatchObject({ code: "TENSOR_NAME_MISMATCH", missing: ["a", "b"] });
  });

  test.each(["__proto__", "constructor", "toString", "hasOwnProperty", ""])(
    "%j is a name like others",
    (name) => {
      const named = [info(name, ["batch"])];
      expect(checkInputs(own([name, zeros(3)]), named)).toBe(3);
      expect(failure({}, named)).toMatchObject({
        code: "TENSOR_NAME_MISMATCH",
        missing: [name],
        unexpected: [],
      });
      expect(failure(own(["a", zeros(1)], ["b", zeros(1)], [name, zeros(1)]), infos)).toMatchObject({
        missing: [],
        unexpected: [name],
      });
    },
  );

  test("an inherited tensor is not given", () => {
    expect(failure(Object.create({ a: zeros(1), b: zeros(1) }), infos)).toMatchObject({
      missing: ["a", "b"],
    });
  });
});

describe("dtypes", () => {
  test("another one than the model takes", () => {
    expect(failure({ x: tensor("float64", [1]) }, [info("x", ["batch"])])).toMatchObject({
      code: "DTYPE_MISMATCH",
      tensor: "x",
      expected: "float32",
      actual: "float64",
    });
  });

  test("what is no tensor at all", () => {
    expect(failure({ x: [1, 2] }, [info("x", ["batch"])])).toMatchObject({
      code: "INVALID_TENSOR",
      message: `The tensor "x" has the unknown dtype undefined.`,
    });
    expect(failure({ x: { ...zeros(2), shape: [3] } }, [info("x", ["batch"])])).toMatchObject({
      code: "INVALID_TENSOR",
    });
  });
});

describe("shapes", () => {
  test.each<[problem: string, given: readonly number[], expected: readonly Dimension[]]>([
    ["it has 1 dimensions instead of 2", [2], ["batch", 2]],
    ["it has 3 dimensions instead of 2", [1, 2, 1], ["batch", 2]],
    ["it has 1 dimensions instead of 0", [1], []],
    ["it has 0 dimensions instead of 1", [], ["batch"]],
    ["dimension 1 is 3 instead of 2", [1, 3], ["batch", 2]],
    ["dimension 0 is 2 instead of 1", [2, 3], [1, 3]],
    ["dimension 1 is 0 instead of 2", [1, 0], ["batch", 2]],
    ["dimension 1 (n) is 3, but 2 elsewhere in it", [2, 3], ["n", "n"]],
  ])("%s", (problem, given, expected) => {
    expect(failure({ x: zeros(...given) }, [info("x", expected)])).toMatchObject({
      code: "SHAPE_MISMATCH",
      tensor: "x",
      actual: given,
      expected,
      problem,
    });
  });

  test("names both inputs where equal symbolic names have unequal sizes", () => {
    const infos = [info("ids", ["batch", "sequence"]), info("mask", ["batch", "sequence"])];
    expect(checkInputs({ ids: zeros(2, 5), mask: zeros(2, 5) }, infos)).toBe(2);
    expect(failure({ ids: zeros(2, 5), mask: zeros(2, 4) }, infos)).toMatchObject({
      tensor: "mask",
      problem: `dimension 1 (sequence) is 4, but 5 in "ids"`,
    });
    expect(failure({ ids: zeros(2, 5), mask: zeros(1, 5) }, infos)).toMatchObject({
      tensor: "mask",
      problem: `dimension 0 (batch) is 1, but 2 in "ids"`,
    });
  });

  test("unknown dimensions have any size, independently", () => {
    const infos = [info("a", [null, null]), info("b", [null, null])];
    expect(checkInputs({ a: zeros(2, 5), b: zeros(3, 0) }, infos)).toBe(2);
  });

  test.each([[[]], [[1]], [[4, 0]], [[2, 3, 4]]])("an unknown shape takes %j", (shape) => {
    expect(checkInputs({ x: zeros(...shape) }, [info("x", undefined)])).toBe(1);
  });

  test("symbols with names of object members do not meet them", () => {
    expect(checkInputs({ x: zeros(2, 3) }, [info("x", ["constructor", "__proto__"])])).toBe(2);
  });
});

describe("rows", () => {
  test.each<[rows: number, given: readonly number[], expected: readonly Dimension[]]>([
    [4, [4, 2], ["batch", 2]],
    [4, [4, 2], [null, 2]],
    [1, [1, 2], [1, 2]],
    [1, [7], [7]],
    [1, [], []],
    [2, [2, 0], ["batch", "sequence"]],
  ])("%i for %j of %j", (rows, given, expected) => {
    expect(checkInputs({ x: zeros(...given) }, [info("x", expected)])).toBe(rows);
  });

  test("come from the first input that has some", () => {
    const infos = [info("scale", []), info("x", ["batch", 2])];
    expect(checkInputs({ scale: zeros(), x: zeros(3, 2) }, infos)).toBe(3);
  });

  test("a model without inputs has one", () => {
    expect(checkInputs({}, [])).toBe(1);
  });

  test.each<readonly Dimension[]>([
    ["batch", 2],
    [null, 2],
  ])("an empty batch of [%j, %j] is refused", (...expected) => {
    expect(failure({ x: zeros(0, 2) }, [info("x", expected)])).toMatchObject({
      code: "EMPTY_BATCH",
      tensor: "x",
      message: expect.stringContaining("Give at least one row."),
    });
  });
});

describe("numbers that are not finite", () => {
  const tensorsWith = (value: number): Tensor[] => [
    tensor("float32", [0, value, 1]),
    tensor("float64", [0, value, 1]),
    tensor("float16", [0, value, 1]),
  ];
  const infosFor = ({ dtype }: Tensor): TensorInfo[] => [{ name: "x", dtype, shape: ["batch"] }];

  test.each([Number.NaN, Infinity, -Infinity])("%d passes unless it is to be refused", (value) => {
    for (const x of tensorsWith(value)) {
      expect(checkInputs({ x }, infosFor(x))).toBe(3);
      expect(checkInputs({ x }, infosFor(x), { rejectNonFinite: false })).toBe(3);
      expect(failure({ x }, infosFor(x), { rejectNonFinite: true })).toMatchObject({
        code: "INVALID_INPUT",
        issues: [{ path: ["x", 1], message: `is ${value}; this model takes finite numbers only` }],
      });
    }
  });

  test("finite ones pass, the largest too, and so do the bits of a float16 that look large", () => {
    const largest = [
      tensor("float32", [3.4028234663852886e38, -0]),
      tensor("float64", [Number.MAX_VALUE, -Number.MAX_VALUE]),
      tensor("float16", Uint16Array.of(float16FromNumber(65_504), 0xfbff)),
      tensor("uint16", [0x7c00, 0xffff]),
      tensor("int64", [2n ** 63n - 1n, 0n]),
      tensor("bool", [true, false]),
      tensor("string", ["NaN", "Infinity"]),
    ];
    for (const x of largest) expect(checkInputs({ x }, infosFor(x), { rejectNonFinite: true })).toBe(2);
  });
});
