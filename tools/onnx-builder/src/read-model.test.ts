import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { type Attribute, float, floats, int, ints, string, strings, tensorAttribute } from "./attribute.ts";
import { buildModel } from "./build-model.ts";
import { type ElementType, elementTypeCodes } from "./element-type.ts";
import type { Dimension, Model, Value } from "./model.ts";
import { identityModel } from "./models/identity-model.ts";
import { node, type Node } from "./node.ts";
import fixtures from "./read-model.fixtures.json" with { type: "json" };
import { readModel } from "./read-model.ts";
import type { Tensor } from "./tensor.ts";

const text = fc.string({ unit: "grapheme", maxLength: 6 });
const name = fc.string({ unit: "grapheme", minLength: 1, maxLength: 6 });
const shape = fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 3 });

const tensor: fc.Arbitrary<Tensor> = shape.chain((sizes): fc.Arbitrary<Tensor> => {
  const count = sizes.reduce((product, size) => product * size, 1);
  const length = { minLength: count, maxLength: count };
  const common = { shape: fc.constant(sizes) };
  return fc.oneof(
    fc.record({ dtype: fc.constant("float32" as const), ...common, data: fc.float32Array(length) }),
    fc.record({ dtype: fc.constant("float64" as const), ...common, data: fc.float64Array(length) }),
    fc.record({ dtype: fc.constant("float16" as const), ...common, data: fc.uint16Array(length) }),
    fc.record({ dtype: fc.constant("int8" as const), ...common, data: fc.int8Array(length) }),
    fc.record({ dtype: fc.constant("uint8" as const), ...common, data: fc.uint8Array(length) }),
    fc.record({ dtype: fc.constant("int16" as const), ...common, data: fc.int16Array(length) }),
    fc.record({ dtype: fc.constant("uint16" as const), ...common, data: fc.uint16Array(length) }),
    fc.record({ dtype: fc.constant("int32" as const), ...common, data: fc.int32Array(length) }),
    fc.record({ dtype: fc.constant("uint32" as const), ...common, data: fc.uint32Array(length) }),
    fc.record({ dtype: fc.constant("int64" as const), ...common, data: fc.bigInt64Array(length) }),
    fc.record({ dtype: fc.constant("uint64" as const), ...common, data: fc.bigUint64Array(length) }),
    fc.record({ dtype: fc.constant("bool" as const), ...common, data: fc.uint8Array({ ...length, max: 1 }) }),
    fc.record({ dtype: fc.constant("string" as const), ...common, data: fc.array(text, length) }),
  );
});

const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
const attribute: fc.Arbitrary<Attribute> = fc.oneof(
  fc.double().map(float),
  int64.map(int),
  text.map(string),
  tensor.map(tensorAttribute),
  fc.array(fc.double()).map(floats),
  fc.array(int64).map(ints),
  fc.array(text).map(strings),
);

const domains = fc.dictionary(name, fc.integer({ min: 1, max: 30 }), { maxKeys: 2 });

const dimension: fc.Arbitrary<Dimension> = fc.oneof(fc.nat(), name, fc.constant(null));
const value: fc.Arbitrary<Value> = fc
  .record({
    name,
    dtype: fc.constantFrom(...(Object.keys(elementTypeCodes) as ElementType[])),
    shape: fc.option(fc.array(dimension, { maxLength: 3 }), { nil: undefined }),
    isSequence: fc.boolean(),
  })
  .map(({ isSequence, ...tensorValue }) => (isSequence ? { ...tensorValue, isSequence } : tensorValue));

const model: fc.Arbitrary<Model> = domains.chain((domainOpsets) => {
  const aNode: fc.Arbitrary<Node> = fc
    .tuple(
      name,
      fc.array(text, { maxLength: 3 }),
      fc.array(name, { maxLength: 3 }),
      fc.dictionary(name, attribute, { maxKeys: 3 }),
      fc.record({ domain: fc.constantFrom("", ...Object.keys(domainOpsets)), name: text }),
    )
    .map((parts) => node(...parts));
  return fc.record({
    name,
    inputs: fc.array(value, { maxLength: 2 }),
    outputs: fc.array(value, { maxLength: 2 }),
    nodes: fc.array(aNode, { maxLength: 3 }),
    initializers: fc.dictionary(name, tensor, { maxKeys: 2 }),
    opset: fc.integer({ min: 1, max: 30 }),
    irVersion: fc.integer({ min: 1, max: 14 }),
    domainOpsets: fc.constant(domainOpsets),
    producer: text,
    metadata: fc.dictionary(text, text, { maxKeys: 2 }),
    docString: text,
  });
});

test("reads what buildModel wrote, and writes it again as the same bytes", () => {
  fc.assert(
    fc.property(model, (written) => {
      const bytes = buildModel(written);
      const read = readModel(bytes);
      expect(read).toEqual(written);
      expect(buildModel(read)).toEqual(bytes);
    }),
  );
});

test("fills the defaults in", () => {
  expect(readModel(identityModel("float32"))).toEqual({
    name: "identity",
    inputs: [{ name: "x", dtype: "float32", shape: ["batch", 3] }],
    outputs: [{ name: "y", dtype: "float32", shape: ["batch", 3] }],
    nodes: [{ opType: "Identity", inputs: ["x"], outputs: ["y"], attributes: {}, domain: "", name: "" }],
    initializers: {},
    opset: 17,
    irVersion: 8,
    domainOpsets: {},
    producer: "@mlops/onnx-builder",
    metadata: {},
    docString: "",
  });
});

test("reads what ONNX's own library wrote", () => {
  expect(readModel(Buffer.from(fixtures.model, "base64"))).toEqual({
    name: "golden",
    inputs: [{ name: "x", dtype: "float32", shape: ["batch", 3, null] }],
    outputs: [{ name: "y", dtype: "float32", shape: undefined }],
    nodes: [
      node("Add", ["x", "w"], ["s"], {}, { name: "add" }),
      node(
        "Scaler",
        ["s"],
        ["y"],
        { scale: floats([0.5]), offset: floats([0.25]) },
        { domain: "ai.onnx.ml", name: "scale" },
      ),
    ],
    initializers: { w: { dtype: "float32", shape: [1], data: Float32Array.of(-10) } },
    opset: 17,
    irVersion: 8,
    domainOpsets: { "ai.onnx.ml": 3 },
    producer: "someone",
    metadata: { trained: "2026-11-23", größe: "klein" },
    docString: "What it is for.",
  });
});

test("reads from inside a larger buffer", () => {
  const bytes = identityModel("float32");
  const larger = new Uint8Array(bytes.length + 7);
  larger.set(bytes, 3);
  expect(readModel(larger.subarray(3, 3 + bytes.length))).toEqual(readModel(bytes));
});

describe("it refuses", () => {
  test("bytes that hold no graph", () => {
    expect(() => readModel(new Uint8Array())).toThrow(/no ONNX model/);
  });

  test("a model that is cut off", () => {
    const bytes = identityModel("float32");
    expect(() => readModel(bytes.subarray(0, bytes.length - 3))).toThrow(/index out of range/);
  });
});
