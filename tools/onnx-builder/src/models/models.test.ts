import { createHash } from "node:crypto";

import { describe, expect, test } from "vitest";

import { readModel } from "../read-model.ts";
import type { Tensor } from "../tensor.ts";
import { loadModel, runModel } from "../testing/run-model.ts";
import { addModel } from "./add-model.ts";
import { identityModel } from "./identity-model.ts";
import { mlpModel } from "./mlp-model.ts";
import { noBatchModel } from "./no-batch-model.ts";
import { scalarOutputModel } from "./scalar-output-model.ts";
import { sequenceOutputModel } from "./sequence-output-model.ts";
import { tokenModel } from "./token-model.ts";
import { unknownRankModel } from "./unknown-rank-model.ts";

function float32(shape: readonly number[], ...elements: number[]): Tensor {
  return { dtype: "float32", shape, data: Float32Array.from(elements) };
}

function int64(shape: readonly number[], ...elements: bigint[]): Tensor {
  return { dtype: "int64", shape, data: BigInt64Array.from(elements) };
}

describe("identityModel", () => {
  const shape = [1, 3];
  test.each<Tensor>([
    { dtype: "float32", shape, data: Float32Array.of(-0, Number.NaN, 3.4e38) },
    { dtype: "float64", shape, data: Float64Array.of(Number.MIN_VALUE, Number.NaN, Number.MAX_VALUE) },
    { dtype: "float16", shape, data: Uint16Array.of(0x3c00, 0x8000, 0x0001) },
    { dtype: "int8", shape, data: Int8Array.of(-128, 0, 127) },
    { dtype: "uint8", shape, data: Uint8Array.of(0, 1, 255) },
    { dtype: "int16", shape, data: Int16Array.of(-(2 ** 15), 0, 2 ** 15 - 1) },
    { dtype: "uint16", shape, data: Uint16Array.of(0, 1, 2 ** 16 - 1) },
    { dtype: "int32", shape, data: Int32Array.of(-(2 ** 31), 0, 2 ** 31 - 1) },
    { dtype: "uint32", shape, data: Uint32Array.of(0, 1, 2 ** 32 - 1) },
    { dtype: "int64", shape, data: BigInt64Array.of(-(2n ** 63n), 0n, 2n ** 63n - 1n) },
    { dtype: "uint64", shape, data: BigUint64Array.of(0n, 1n, 2n ** 64n - 1n) },
    { dtype: "bool", shape, data: Uint8Array.of(0, 1, 1) },
    { dtype: "string", shape, data: ["", "größe", "😀"] },
  ])("gives $dtype back as it came", async (x) => {
    expect(await runModel(identityModel(x.dtype), { x })).toEqual({ y: x });
  });

  test.each(["complex64", "complex128", "bfloat16", "float8e4m3fn", "float8e5m2", "uint4", "int4"] as const)(
    "of %s is a model that onnxruntime-node refuses to load",
    async (dtype) => {
      await expect(loadModel(identityModel(dtype))).rejects.toThrow(
        /not currently registered|Unsupported data type|Could not find an implementation/,
      );
    },
  );
});

test("addModel adds", async () => {
  const inputs = { a: float32([2, 2], 1, 2, 3, 4), b: float32([2, 2], 10, 20, 30, 40) };
  expect(await runModel(addModel(), inputs)).toEqual({ sum: float32([2, 2], 11, 22, 33, 44) });
});

describe("mlpModel", () => {
  const options = { inputSize: 3, hiddenSizes: [5, 4], outputSize: 2, seed: 7 };

  test("computes a chain of dense layers with Relu between", async () => {
    const bytes = mlpModel(options);
    const rows = [
      [1, -2, 0.5],
      [-3, 0.25, 2],
    ];
    const { y } = await runModel(bytes, { x: float32([2, 3], ...rows.flat()) });

    const { initializers } = readModel(bytes);
    const expected = rows.flatMap((row) => {
      let activations = row;
      for (const layer of [0, 1, 2]) {
        const weight = initializers[`weight_${layer}`]?.data as Float32Array;
        const bias = initializers[`bias_${layer}`]?.data as Float32Array;
        activations = Array.from(bias, (sum, column) =>
          activations.reduce(
            (total, value, index) => total + value * weight[index * bias.length + column]!,
            sum,
          ),
        );
        if (layer < 2) activations = activations.map((value) => Math.max(0, value));
      }
      return activations;
    });
    expect(y?.shape).toEqual([2, 2]);
    for (const [index, value] of expected.entries()) expect(y?.data[index]).toBeCloseTo(value, 5);
  });

  test("without hidden layers is linear", () => {
    expect(readModel(mlpModel({ ...options, hiddenSizes: [] })).nodes.map(({ opType }) => opType)).toEqual([
      "Gemm",
    ]);
  });

  test("gives the same bytes for the same arguments, today and in later versions", () => {
    const sha256 = createHash("sha256").update(mlpModel(options)).digest("hex");
    expect(sha256).toMatchInlineSnapshot(
      `"fa003f3d8c14fda7c4829542a51caaa073d16948eb107212a8db3c8d5b66dee0"`,
    );
    expect(mlpModel(options)).toEqual(mlpModel(options));
    expect(mlpModel(options)).not.toEqual(mlpModel({ ...options, seed: 8 }));
  });

  test("draws weights with He's variance, 2 / fanIn, around 0", () => {
    const fanIn = 400;
    const { initializers } = readModel(
      mlpModel({ inputSize: fanIn, hiddenSizes: [], outputSize: 250, seed: 1 }),
    );
    const weights = Array.from(initializers["weight_0"]?.data as Float32Array);
    const mean = weights.reduce((sum, weight) => sum + weight, 0) / weights.length;
    const variance = weights.reduce((sum, weight) => sum + (weight - mean) ** 2, 0) / weights.length;
    // Five standard errors of 100,000 uniform draws, whose kurtosis is 1.8.
    const expected = 2 / fanIn;
    expect(Math.abs(mean)).toBeLessThan(5 * Math.sqrt(expected / weights.length));
    expect(Math.abs(variance - expected)).toBeLessThan(5 * expected * Math.sqrt((1.8 - 1) / weights.length));
  });
});

test("noBatchModel doubles one row, and takes no second one", async () => {
  expect(await runModel(noBatchModel(), { x: float32([1, 3], 1, 2, 3) })).toEqual({
    y: float32([1, 3], 2, 4, 6),
  });
  await expect(runModel(noBatchModel(), { x: float32([2, 3], 1, 2, 3, 4, 5, 6) })).rejects.toThrow(
    /invalid dimensions for input: x/,
  );
});

test("scalarOutputModel sums all rows into one scalar", async () => {
  expect(await runModel(scalarOutputModel(), { x: float32([2, 3], 1, 2, 3, 4, 5, 6) })).toEqual({
    y: float32([], 21),
  });
});

test("tokenModel sums the ids under the mask, whatever the padding is", async () => {
  const inputs = {
    input_ids: int64([2, 3], 5n, 6n, 99n, 7n, 8n, 9n),
    attention_mask: int64([2, 3], 1n, 1n, 0n, 1n, 1n, 1n),
  };
  expect(await runModel(tokenModel(), inputs)).toEqual({ score: float32([2], 11, 24) });
});

test.each([[[]], [[2]], [[1, 2, 1]]])("unknownRankModel takes the shape %j", async (shape) => {
  const x = float32(shape, ...Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, index) => index));
  expect(await runModel(unknownRankModel(), { x })).toEqual({ y: x });
});

test("sequenceOutputModel has an output that is no tensor", async () => {
  await using session = await loadModel(sequenceOutputModel());
  expect(session.outputMetadata).toEqual([{ name: "y", isTensor: false }]);
});
