import { expect, test } from "vitest";

import { tensor } from "../tensor/tensor.ts";
import { separateOutputs } from "./separate-outputs.ts";

test("moves what fills its memory, and copies what shares it", () => {
  const inputMemory = new ArrayBuffer(16);
  const whole = Float32Array.of(1, 2);
  const large = Float32Array.of(0, 1, 2, 3);
  const tensors = {
    whole: tensor("float32", whole),
    again: tensor("float32", whole),
    part: tensor("float32", large.subarray(1, 3)),
    input: tensor("uint8", new Uint8Array(inputMemory)),
    shared: tensor("int8", new Int8Array(new SharedArrayBuffer(2)).fill(5)),
    text: tensor("string", ["x"]),
  };
  const { outputs, transfer } = separateOutputs(tensors, inputMemory);
  expect(Object.fromEntries(outputs)).toEqual({ ...tensors, shared: tensor("int8", [5, 5]) });
  expect(transfer.map(({ byteLength }) => byteLength)).toEqual([8, 8, 8, 16, 2]);
  expect(transfer[0]).toBe(whole.buffer);
  expect(new Set([...transfer, inputMemory, large.buffer]).size).toBe(7);
  // What is transferred is all that the outputs lie in.
  expect(() => structuredClone(outputs, { transfer })).not.toThrow();
});

test("leaves what is no tensor to whoever sends it", () => {
  const broken = { dtype: "float32", shape: [1], data: [1] } as never;
  expect(separateOutputs({ broken }, undefined)).toEqual({ outputs: [["broken", broken]], transfer: [] });
});
