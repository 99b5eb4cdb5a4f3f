import { expect, test } from "vitest";

import { setTensor } from "./set-tensor.ts";
import { tensor, type Tensor } from "./tensor.ts";

test.each(["x", "__proto__", "constructor", "hasOwnProperty", ""])(
  "%j becomes an own property like any",
  (name) => {
    const record: Record<string, Tensor> = {};
    const value = tensor("float32", [1]);
    setTensor(record, name, tensor("float32", [0]));
    setTensor(record, name, value);
    expect(Object.entries(record)).toEqual([[name, value]]);
    expect(record[name]).toBe(value);
    expect(Object.getPrototypeOf(record)).toBe(Object.prototype);
    expect(Object.getOwnPropertyDescriptor(record, name)).toMatchObject({
      writable: true,
      configurable: true,
    });
  },
);
