import { describe, expect, test } from "vitest";

import { tensor, type TensorMap } from "../tensor/tensor.ts";
import type { Dimension, Signature } from "../tensor/tensor-info.ts";
import { batchKeyOf, isBatchable } from "./batch-key.ts";

type Shape = readonly Dimension[] | undefined;
type Shapes = Readonly<Record<string, Shape>> | readonly Shape[];

function signature(inputs: Shapes, outputs: Shapes = []): Signature {
  const infos = (shapes: Shapes) =>
    Object.entries(shapes).map(([name, shape]) => ({ name, dtype: "float32" as const, shape }));
  return { inputs: infos(inputs), outputs: infos(outputs) };
}

describe("isBatchable()", () => {
  test.each<[what: string, inputs: Shape[], outputs: Shape[]]>([
    ["PyTorch, dynamic_axes", [["batch_size", 3, 224, 224]], [["batch_size", 1_000]]],
    ["PyTorch, by another word", [["batch", 13]], [["batch", 1]]],
    ["PyTorch, dynamo", [["s0", 13]], [["s0", 1]]],
    ["PyTorch, dynamo, a later symbol", [["s77", 13]], [["s77", 1]]],
    ["Keras", [["None", 13]], [["None", 1]]],
    ["Keras, nothing known", [[null, 13]], [[null, 1]]],
    ["tf2onnx", [["unk__6", 28, 28, 1]], [["unk__7", 10]]],
    ["skl2onnx", [[null, 4]], [[null], [null, 3]]],
    ["skl2onnx, named", [["N", 4]], [["N"], ["N", 3]]],
    [
      "Optimum",
      [
        ["batch_size", "sequence_length"],
        ["batch_size", "sequence_length"],
      ],
      [["batch_size", "sequence_length", 768]],
    ],
    ["a name on one side only", [["batch", 4]], [[null, 2]]],
    ["a name on the other side only", [[null, 4]], [["batch", 2]]],
    [
      "one input named, one not",
      [
        ["batch", 4],
        [null, 2],
      ],
      [["batch", 1]],
    ],
    ["an output's own batch symbol", [["batch", 4]], [["unk__12", 2]]],
    ["in capitals", [["Batch-Size", 4]], [["BATCH", 2]]],
    ["a prefix", [["input_batch", 4]], [["input_batch", 2]]],
    ["any rank", [["n"]], [["n", 1, 1, 1]]],
  ])("yes: %s", (_, inputs, outputs) => {
    expect(isBatchable(signature(inputs, outputs))).toBe(true);
  });

  test.each<[what: string, inputs: Shape[], outputs: Shape[]]>([
    ["time before batch", [["sequence", "batch", 80]], [["sequence", "batch", 29]]],
    ["time alone", [["sequence_length", 80]], [["sequence_length", 29]]],
    ["frames", [["time", 80]], [["time", 29]]],
    ["pixels", [["height", "width", 3]], [["height", "width"]]],
    ["an output of another first dimension", [["batch", 3, 640, 640]], [["num_detections", 7]]],
    [
      "one such output of two",
      [["batch", 3]],
      [
        ["batch", 2],
        ["boxes", 4],
      ],
    ],
    [
      "two batch dimensions",
      [
        ["batch_a", 4],
        ["batch_b", 4],
      ],
      [["batch_a", "batch_b"]],
    ],
    [
      "two symbols of dynamo",
      [
        ["s0", 4],
        ["s1", 4],
      ],
      [["s0"]],
    ],
    ["a fixed input", [[1, 3, 224, 224]], [["batch", 1_000]]],
    ["a fixed output", [["batch", 4]], [[1]]],
    ["one fixed input of two", [["batch", 4], [1]], [["batch", 1]]],
    ["a scalar input", [["batch", 4], []], [["batch", 1]]],
    ["a scalar output", [["batch", 4]], [[]]],
    ["an input of unknown rank", [undefined], [[null, 2]]],
    ["an output of unknown rank", [[null, 2]], [undefined]],
    ["no inputs", [], [["batch", 2]]],
    ["an empty name", [["", 4]], [["", 2]]],
    ["a word that only begins so", [["batches_seen", 4]], [["batches_seen", 2]]],
    ["a word of object members", [["constructor", 4]], [["__proto__", 2]]],
  ])("no: %s", (_, inputs, outputs) => {
    expect(isBatchable(signature(inputs, outputs))).toBe(false);
  });
});

const zeros = (...shape: number[]) =>
  tensor("float32", new Float32Array(shape.reduce((count, size) => count * size, 1)), shape);

describe("batchKeyOf()", () => {
  const keyOf = (inputs: Record<string, Shape>, tensors: TensorMap, rows = 1, outputs?: string[]) =>
    batchKeyOf(signature(inputs))(tensors, rows, outputs);

  test("is one for all where only the rows vary", () => {
    const inputs = { x: ["batch", 3], y: ["batch", 2, 2] } as const;
    expect(keyOf(inputs, { x: zeros(1, 3), y: zeros(1, 2, 2) })).toBe(
      keyOf(inputs, { x: zeros(9, 3), y: zeros(9, 2, 2) }, 9),
    );
  });

  test.each<[what: string, inputs: Record<string, Shape>, TensorMap, TensorMap]>([
    ["another length", { x: ["batch", "length"] }, { x: zeros(1, 5) }, { x: zeros(1, 6) }],
    ["sizes swapped", { x: ["b", "h", "w"] }, { x: zeros(1, 2, 3) }, { x: zeros(1, 3, 2) }],
    [
      "sizes swapped between inputs",
      { x: ["b", "m"], y: ["b", "n"] },
      { x: zeros(1, 2), y: zeros(1, 3) },
      { x: zeros(1, 3), y: zeros(1, 2) },
    ],
    ["digits that run together", { x: ["b", "h", "w"] }, { x: zeros(1, 1, 12) }, { x: zeros(1, 11, 2) }],
    ["another rank", { x: undefined }, { x: zeros(1, 1) }, { x: zeros(1, 1, 1) }],
    ["no columns", { x: ["b", "h"] }, { x: zeros(1, 0) }, { x: zeros(1, 1) }],
  ])("differs for %s", (_, inputs, a, b) => {
    expect(keyOf(inputs, a)).not.toBe(keyOf(inputs, b));
    expect(keyOf(inputs, a)).toBe(keyOf(inputs, { ...a }));
  });

  test("differs for other outputs, and for all from any list of them", () => {
    const lists = [undefined, [], ["y"], ["z"], ["y", "z"], ["y,z"], ['y","z']];
    const keys = lists.map((outputs) => keyOf({ x: ["batch"] }, { x: zeros(1) }, 1, outputs));
    expect(new Set(keys).size).toBe(lists.length);
    expect(keyOf({ x: ["batch"] }, { x: zeros(1) }, 1, ["y", "z"])).toBe(keys[4]);
  });

  test("finds tensors by any name", () => {
    const inputs = { ["__proto__"]: ["batch", "n"], constructor: ["batch", "n"] } as const;
    const tensors = (size: number): TensorMap => ({
      ["__proto__"]: zeros(1, size),
      constructor: zeros(1, size),
    });
    expect(keyOf(inputs, tensors(2))).not.toBe(keyOf(inputs, tensors(3)));
  });

  test.each<[what: string, inputs: Record<string, Shape>, TensorMap, rows: number]>([
    [
      "whose inputs differ in their rows",
      { x: [null, 2], y: [null, 2] },
      { x: zeros(2, 2), y: zeros(3, 2) },
      2,
    ],
    ["with an input of a fixed first dimension", { x: ["batch"], y: [1] }, { x: zeros(1), y: zeros(1) }, 1],
    ["with a scalar", { x: ["batch"], y: [] }, { x: zeros(1), y: zeros() }, 1],
    ["of unknown rank and many rows", { x: undefined }, { x: zeros(4, 2) }, 1],
    ["of unknown rank that has none", { x: undefined }, { x: zeros() }, 1],
  ])("is no one else's for a request %s", (_, inputs, tensors, rows) => {
    const key = batchKeyOf(signature(inputs));
    expect(key(tensors, rows, undefined)).toBeTypeOf("symbol");
    expect(key(tensors, rows, undefined)).not.toBe(key(tensors, rows, undefined));
  });

  test("is shared where unnamed first dimensions are equally large", () => {
    const inputs = { x: [null, 2], y: [null, 3], z: ["batch"] } as const;
    const tensors = (rows: number): TensorMap => ({ x: zeros(rows, 2), y: zeros(rows, 3), z: zeros(rows) });
    expect(keyOf(inputs, tensors(2), 2)).toBe(keyOf(inputs, tensors(5), 5));
  });
});
