import { describe, expect, test } from "vitest";

import { tensor, type TensorMap } from "../tensor/tensor.ts";
import { InputMemory } from "./input-memory.ts";

const bytes = (length: number): TensorMap => ({ x: tensor("uint8", new Uint8Array(length).fill(1)) });

describe("InputMemory", () => {
  test("lays all numbers into one piece, each where its type may begin", () => {
    const inputs = {
      a: tensor("uint8", [1, 2, 3]),
      text: tensor("string", ["x"]),
      b: tensor("float64", [0.5, 1.5], [2, 1]),
      empty: tensor("int64", [], [0, 4]),
      c: tensor("int16", [-1]),
    };
    const { inputs: packed, memory } = new InputMemory().pack(inputs);
    expect(Object.fromEntries(packed)).toEqual(inputs);
    const places = packed.map(([, { data }]) =>
      ArrayBuffer.isView(data) ? [data.buffer === memory, data.byteOffset] : [],
    );
    expect(places).toEqual([[true, 0], [], [true, 8], [true, 24], [true, 24]]);
  });

  test("needs none for strings alone, for nothing, and for no elements", () => {
    const memory = new InputMemory();
    expect(memory.pack({})).toEqual({ inputs: [], memory: undefined });
    expect(memory.pack({ x: tensor("string", ["x"]) }).memory).toBeUndefined();
    expect(memory.pack({ x: tensor("float32", [], [0, 3]) })).toEqual({
      inputs: [["x", tensor("float32", [], [0, 3])]],
      memory: undefined,
    });
  });

  test("uses what has come back, if it is large enough", () => {
    const memory = new InputMemory();
    const first = memory.pack(bytes(100)).memory!;
    expect(first.byteLength).toBe(128);
    expect(memory.pack(bytes(100)).memory).not.toBe(first);
    memory.giveBack(first);
    memory.giveBack(undefined);
    expect(memory.pack(bytes(128)).memory).toBe(first);
    memory.giveBack(first);
    expect(memory.pack(bytes(129)).memory!.byteLength).toBe(256);
    // The small one has made way.
    expect(memory.pack(bytes(1)).memory!.byteLength).toBe(64);
  });
});
