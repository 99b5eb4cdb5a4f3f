import { describe, expectTypeOf, test } from "vitest";

import type { DType, NumericDType, TensorDataByDType } from "./dtype.ts";
import { tensor, type Tensor, type TensorElements, type TensorMap } from "./tensor.ts";

describe("tensor()", () => {
  test("makes a tensor of its dtype", () => {
    expectTypeOf(tensor("float32", [1])).toEqualTypeOf<Tensor<"float32">>();
    expectTypeOf(tensor("float32", [1]).data).toEqualTypeOf<Float32Array>();
    expectTypeOf(tensor("float16", [1]).data).toEqualTypeOf<Uint16Array>();
    expectTypeOf(tensor("int64", [1n]).data).toEqualTypeOf<BigInt64Array>();
    expectTypeOf(tensor("bool", [true]).data).toEqualTypeOf<Uint8Array>();
    expectTypeOf(tensor("string", ["a"]).data).toEqualTypeOf<readonly string[]>();
  });

  test("takes the elements of its dtype", () => {
    type Element<D extends DType> =
      TensorElements<D> extends infer Elements ? (Elements extends readonly (infer E)[] ? E : never) : never;
    expectTypeOf<Element<"float64" | "float16" | "int8" | "uint32">>().toEqualTypeOf<number>();
    expectTypeOf<Element<"int64">>().toEqualTypeOf<bigint>();
    expectTypeOf<Element<"uint64">>().toEqualTypeOf<bigint>();
    expectTypeOf<Element<"bool">>().toEqualTypeOf<boolean>();
    expectTypeOf<Element<"string">>().toEqualTypeOf<string>();

    tensor("uint8", new Uint8Array(3));
    tensor("bool", new Uint8Array(3));
    tensor("int64", new BigInt64Array(3));
    // @ts-expect-error - an int64 holds bigints
    tensor("int64", [1]);
    // @ts-expect-error - a float32 holds numbers
    tensor("float32", [1n]);
    // @ts-expect-error - a bool holds booleans
    tensor("bool", [0, 1]);
    // @ts-expect-error - a string tensor holds strings
    tensor("string", [1]);
    // @ts-expect-error - a Float64Array is no Float32Array
    tensor("float32", new Float64Array(3));
    // @ts-expect-error - there is no such dtype
    tensor("float8", [1]);
    // @ts-expect-error - sizes are numbers
    tensor("float32", [1], ["1"]);
  });
});

describe("Tensor", () => {
  test("narrows by dtype", () => {
    const narrow = (value: Tensor): void => {
      expectTypeOf(value.data).toEqualTypeOf<TensorDataByDType[DType]>();
      if (value.dtype === "int64") expectTypeOf(value.data).toEqualTypeOf<BigInt64Array>();
      else if (value.dtype === "string") expectTypeOf(value.data).toEqualTypeOf<readonly string[]>();
      else if (value.dtype === "float32" || value.dtype === "float64") {
        expectTypeOf(value.data).toEqualTypeOf<Float32Array | Float64Array>();
      }
      if (value.dtype !== "string") expectTypeOf(value.dtype).toEqualTypeOf<NumericDType>();
    };
    expectTypeOf(narrow).parameter(0).toEqualTypeOf<Tensor>();
  });

  test("pairs a dtype with its data", () => {
    expectTypeOf<{ dtype: "int8"; shape: number[]; data: Int8Array }>().toExtend<Tensor>();
    expectTypeOf<{ dtype: "int8"; shape: number[]; data: Float32Array }>().not.toExtend<Tensor>();
    expectTypeOf<Tensor<"int8">>().toExtend<Tensor>();
    expectTypeOf<Tensor>().not.toExtend<Tensor<"int8">>();
  });

  test("is read-only", () => {
    const value = tensor("float32", [1]);
    // @ts-expect-error - a tensor's parts do not change
    value.dtype = "float32";
    // @ts-expect-error - nor does its shape
    value.shape[0] = 2;
    const map: TensorMap = { value };
    // @ts-expect-error - nor do the tensors of a map
    map["value"] = value;
    expectTypeOf(value.shape).toEqualTypeOf<readonly number[]>();
  });
});
