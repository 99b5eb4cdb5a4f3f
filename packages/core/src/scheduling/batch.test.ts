import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { dtypes } from "../tensor/dtype.ts";
import { tensor, type TensorMap } from "../tensor/tensor.ts";
import { anyLayout, anySizes, type Layout, partsOf, rowsOf, sum } from "./batch.fixtures.ts";
import { type BatchMemory, joinBatch, RowCountError, sliceRows, splitBatch } from "./batch.ts";

const hardNames = ["__proto__", "constructor", "toString", ""];

/** What the tensors hold: names, types, shapes and elements, whatever kind of record and array they are in. */
function contentOf(tensors: TensorMap): unknown[] {
  return Object.keys(tensors).map((name) => {
    const { dtype, shape, data } = tensors[name]!;
    return [name, dtype, [...shape], [...data], data.constructor.name];
  });
}

describe("joinBatch()", () => {
  test.each(dtypes)("joins requests of %s, and splitBatch() gives each its rows back", (dtype) => {
    const layout: Layout = [["x", dtype, [2]]];
    const parts = partsOf(layout, [1, 3, 2]);
    const joined = joinBatch(parts, new Map());
    expect(contentOf(joined)).toEqual(contentOf(rowsOf(layout, 0, 6)));
    expect(splitBatch(joined, parts).map(contentOf)).toEqual(parts.map((part) => contentOf(part.tensors)));
  });

  test("gives a single request's tensors as they are, and none for none", () => {
    const parts = partsOf([["x", "float32", [2]]], [3]);
    const memory: BatchMemory = new Map();
    expect(joinBatch(parts, memory)).toBe(parts[0]!.tensors);
    expect(joinBatch([], memory)).toEqual({});
    expect(memory.size).toBe(0);
  });

  test("law: however a whole is divided, joining gives the whole, and splitting each its own rows", () => {
    const memory: BatchMemory = new Map();
    fc.assert(
      fc.property(anyLayout, anySizes, (layout, sizes) => {
        const parts = partsOf(layout, sizes);
        const before = parts.map((part) => contentOf(part.tensors));
        const joined = joinBatch(parts, memory);
        expect(contentOf(joined)).toEqual(contentOf(rowsOf(layout, 0, sum(sizes))));
        expect(splitBatch(joined, parts).map(contentOf)).toEqual(before);
        expect(
          parts.map((part) => contentOf(part.tensors)),
          "the requests' own",
        ).toEqual(before);
      }),
      { seed: 1, numRuns: 500 },
    );
  });

  test("puts a batch into the memory of the one before, and takes larger memory only when it must", () => {
    const memory: BatchMemory = new Map();
    const bufferOf = (rows: number): ArrayBufferLike => {
      const joined = joinBatch(partsOf([["x", "float32", [8]]], [rows - 1, 1]), memory);
      const { data } = joined["x"]!;
      expect(data).toHaveLength(rows * 8);
      return (data as Float32Array).buffer;
    };
    const first = bufferOf(9);
    expect([2, 16, 5].map((rows) => bufferOf(rows) === first)).toEqual([true, true, true]);
    const larger = bufferOf(17);
    expect(larger).not.toBe(first);
    expect([32, 2].map((rows) => bufferOf(rows) === larger)).toEqual([true, true]);
  });
});

describe("splitBatch()", () => {
  test("copies: no result changes with the next batch, nor with another's result", () => {
    const memory: BatchMemory = new Map();
    // A model that gives its inputs back, the very same memory.
    const run = (value: number): TensorMap[] => {
      const parts = [1, 2].map((rows) => ({
        tensors: { x: tensor("float32", Array(rows).fill(value)) },
        rows,
      }));
      return splitBatch(joinBatch(parts, memory), parts);
    };
    const [first, second] = run(1);
    run(2);
    expect([first, second].map((result) => [...result!["x"]!.data])).toEqual([[1], [1, 1]]);
    (first!["x"]!.data as Float32Array).fill(9);
    expect([...second!["x"]!.data]).toEqual([1, 1]);
  });

  test("copies also what a backend gives as a Node Buffer, whose own slice() does not", () => {
    const data = Buffer.from([1, 2, 3]);
    const parts = [1, 2].map((rows) => ({ tensors: {}, rows }));
    const [first] = splitBatch({ y: { dtype: "uint8", shape: [3], data } }, parts);
    data.fill(0);
    expect([...first!["y"]!.data]).toEqual([1]);
  });

  test("gives a single request the outputs as they are, whatever their rows", () => {
    const outputs = { mean: tensor("float32", [3], []) };
    expect(splitBatch(outputs, [{ tensors: {}, rows: 5 }])).toEqual([outputs]);
  });

  test.each([[[2]], [[4]], [[0]], [[]], [[1, 3]]])("refuses outputs of the shape %j for 3 rows", (shape) => {
    const outputs = { y: tensor("float32", new Float32Array(shape.reduce((a, b) => a * b, 1)), shape) };
    const parts = [1, 2].map((rows) => ({ tensors: {}, rows }));
    expect(() => splitBatch(outputs, parts)).toThrow(RowCountError);
  });
});

describe("sliceRows()", () => {
  test("law: the slices of a whole, joined, are the whole", () => {
    fc.assert(
      fc.property(anyLayout, anySizes, (layout, sizes) => {
        const whole = rowsOf(layout, 0, sum(sizes));
        let start = 0;
        const slices = sizes.map((rows) => {
          const tensors = sliceRows(whole, start, start + rows);
          start += rows;
          return { tensors, rows };
        });
        expect(slices.map(({ tensors }) => contentOf(tensors))).toEqual(
          partsOf(layout, sizes).map(({ tensors }) => contentOf(tensors)),
        );
        expect(contentOf(joinBatch(slices, new Map()))).toEqual(contentOf(whole));
      }),
      { seed: 2, numRuns: 300 },
    );
  });

  test("copies no numbers", () => {
    const whole = rowsOf([["x", "float32", [4]]], 0, 6);
    const { data } = sliceRows(whole, 2, 5)["x"]!;
    expect((data as Float32Array).buffer).toBe((whole["x"]!.data as Float32Array).buffer);
    expect(data).toHaveLength(12);
  });

  test.each([[[0]], [[2, 0]], [[0, 3, 0]]])("keeps rows of the shape %j, which hold nothing", (rowShape) => {
    const whole = rowsOf(
      [
        ["x", "string", rowShape],
        ["n", "int64", rowShape],
      ],
      0,
      5,
    );
    expect(contentOf(sliceRows(whole, 1, 4))).toEqual([
      ["x", "string", [3, ...rowShape], [], "Array"],
      ["n", "int64", [3, ...rowShape], [], "BigInt64Array"],
    ]);
  });
});

test("a tensor may have any name", () => {
  const layout: Layout = hardNames.map((name) => [name, "float32", [2]]);
  const parts = partsOf(layout, [2, 3]);
  const joined = joinBatch(parts, new Map());
  for (const record of [joined, ...splitBatch(joined, parts), sliceRows(joined, 1, 2)]) {
    expect(Object.keys(record)).toEqual(hardNames);
    expect(Object.getPrototypeOf(record)).toBe(Object.prototype);
    for (const name of hardNames) expect(Object.hasOwn(record, name), name).toBe(true);
  }
});
