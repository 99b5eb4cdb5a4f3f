import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { tensor } from "../tensor/tensor.ts";
import { copyValue } from "./copy-value.ts";

describe("copyValue()", () => {
  test.each<[string, object]>([
    ["a list", Object.assign([1, [2]], { 3: 3 })],
    ["an object", { a: 1, b: { c: [] } }],
    ["an object without a prototype", Object.assign(Object.create(null) as object, { a: 1 })],
    ["an object with a field __proto__", JSON.parse('{"__proto__": {"a": 1}}') as object],
    ["a date", new Date(5)],
    ["a typed array", new BigInt64Array([1n])],
    ["a part of a typed array", new Float32Array([1, 2, 3]).subarray(1)],
    ["a data view", new DataView(new ArrayBuffer(4), 1, 2)],
  ])("of %s is equal and another", (_, value) => {
    const copy = copyValue(value);
    expect(copy).toStrictEqual(value);
    expect(copy).not.toBe(value);
    expect(Object.getPrototypeOf(copy)).toBe(Object.getPrototypeOf(value));
  });

  test("of a tensor shares no memory, and is as frozen", () => {
    const original = tensor("float32", [1, 2], [2]);
    const copy = copyValue(original);
    copy.data[0] = 9;
    expect([...original.data]).toEqual([1, 2]);
    expect(Object.isFrozen(copy)).toBe(true);
    expect(Object.isFrozen(copy.shape)).toBe(true);
    expect(Object.isFrozen(copyValue([1]))).toBe(false);
  });

  test("of Node's buffers is their bytes", () => {
    expect(copyValue<Uint8Array>(Buffer.from("ab"))).toEqual(new Uint8Array([97, 98]));
  });

  test("keeps what is the same, and cycles", () => {
    const inner = { a: 1 };
    const value: { list: unknown[]; self?: unknown } = { list: [inner, inner] };
    value.self = value;
    const copy = copyValue(value);
    expect(copy.list[0]).toBe(copy.list[1]);
    expect(copy.list[0]).not.toBe(inner);
    expect(copy.self).toBe(copy);
  });

  test("shares instances of classes and functions", () => {
    const value = { map: new Map(), go: () => 1 };
    expect(copyValue(value)).toEqual(value);
    expect(copyValue(value).map).toBe(value.map);
  });

  test("of anything that JSON can say is equal", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(copyValue(value)).toStrictEqual(value);
      }),
    );
  });
});
