import type { StandardSchemaV1 } from "@standard-schema/spec";
import { describe, expectTypeOf, test } from "vitest";
import { z } from "zod";

import { createPredictor } from "../predictor/create-predictor.ts";
import { fakeBackend, FakeSession } from "../predictor/fake-backend.fixtures.ts";
import type { Observer } from "../predictor/prediction-event.ts";
import type { Predictor } from "../predictor/predictor.ts";
import { tensor, type TensorMap } from "../tensor/tensor.ts";
import { defineModel } from "./define-model.ts";
import type { Model } from "./model.ts";

const base = { name: "price", version: "1", artifact: "model.onnx" };
const backend = fakeBackend(new FakeSession());
const encode = (): TensorMap => ({ x: tensor("float32", [1]) });

const device = z.object({ brand: z.string(), ramGb: z.number(), is5g: z.boolean().optional() });
type Device = { brand: string; ramGb: number; is5g?: boolean | undefined };

const priceModel = defineModel({
  ...base,
  input: device,
  encode: ({ ramGb }) => ({ x: tensor("float32", [ramGb]) }),
  decode: (outputs) => ({ euros: Number(outputs["y"]!.data[0]) }),
});

describe("predict()", () => {
  test("takes the schema's input and gives what decode gives", async () => {
    const predictor = await createPredictor({ model: priceModel, backend });
    expectTypeOf(predictor).toEqualTypeOf<Predictor<Device, { euros: number }>>();
    expectTypeOf<(typeof predictor)["predict"]>().parameter(0).toEqualTypeOf<Device>();
    expectTypeOf<(typeof predictor)["predict"]>().returns.resolves.toEqualTypeOf<{ euros: number }>();
    expectTypeOf<(typeof predictor)["predictMany"]>().returns.resolves.toEqualTypeOf<{ euros: number }[]>();
    expectTypeOf<(typeof predictor)["observe"]>()
      .parameter(0)
      .toEqualTypeOf<Observer<Device, { euros: number }>>();
  });

  test("refuses other inputs", async () => {
    const predictor = await createPredictor({ model: priceModel, backend });
    void predictor.predict({ brand: "a", ramGb: 4 });
    // @ts-expect-error - the field is called ramGb
    void predictor.predict({ brand: "a", ramGB: 4 });
    // @ts-expect-error - ramGb is a number
    void predictor.predict({ brand: "a", ramGb: "4" });
    // @ts-expect-error - ramGb is required
    void predictor.predict({ brand: "a" });
    // @ts-expect-error - there is no field colour
    void predictor.predict({ brand: "a", ramGb: 4, colour: "red" });
    const misspelled = { brand: "a", ram: 4 };
    // @ts-expect-error - one of the inputs has a misspelled field
    void predictor.predictMany([{ brand: "a", ramGb: 4 }, misspelled]);
    // @ts-expect-error - a model with types of its own takes no tensors here
    void predictor.predict({ x: tensor("float32", [1]) });
    // @ts-expect-error - a deadline is a number
    void predictor.predict({ brand: "a", ramGb: 4 }, { deadline: new Date() });
    const { euros } = await predictor.predict({ brand: "a", ramGb: 4 });
    expectTypeOf(euros).toBeNumber();
    // @ts-expect-error - the output has no such field
    void (await predictor.predict({ brand: "a", ramGb: 4 })).dollars;
  });
});

describe("defineModel()", () => {
  test("of a schema that transforms: predict takes its input, encode and decode its output", () => {
    const input = z.object({ weight: z.string().transform(Number), unit: z.string().default("g") });
    type Parsed = { weight: number; unit: string };
    const model = defineModel({
      ...base,
      input,
      encode(parsed) {
        expectTypeOf(parsed).toEqualTypeOf<Parsed>();
        return encode();
      },
      decode(outputs, parsed) {
        expectTypeOf(outputs).toEqualTypeOf<TensorMap>();
        expectTypeOf(parsed).toEqualTypeOf<Parsed>();
        return parsed.unit;
      },
    });
    expectTypeOf(model).toEqualTypeOf<Model<{ weight: string; unit?: string | undefined }, string>>();
  });

  test("of an output schema: predict gives its output, decode its input", () => {
    const output = z.object({ euros: z.number().transform((value) => value.toFixed(2)) });
    const model = defineModel({ ...base, input: device, encode, decode: () => ({ euros: 1 }), output });
    expectTypeOf(model).toEqualTypeOf<Model<Device, { euros: string }>>();
    // @ts-expect-error - decode has to give what the output schema takes
    defineModel({ ...base, input: device, encode, decode: () => ({ euros: "1.00" }), output });
  });

  test("of asynchronous functions: predict gives what they resolve with", () => {
    const model = defineModel({
      ...base,
      input: device,
      encode: async () => encode(),
      decode: async () => 1,
    });
    expectTypeOf(model).toEqualTypeOf<Model<Device, number>>();
  });

  test("of any Standard Schema", () => {
    const input = {} as StandardSchemaV1<string, number>;
    const model = defineModel({
      ...base,
      input,
      encode(value) {
        expectTypeOf(value).toBeNumber();
        return encode();
      },
      decode: () => "dear" as const,
    });
    expectTypeOf(model).toEqualTypeOf<Model<string, "dear">>();
  });

  test("of tensors only: predict takes and gives tensors", async () => {
    const model = defineModel(base);
    expectTypeOf(model).toEqualTypeOf<Model<TensorMap, TensorMap>>();
    const predictor = await createPredictor({ model, backend });
    expectTypeOf<(typeof predictor)["predict"]>().returns.resolves.toEqualTypeOf<TensorMap>();
    // @ts-expect-error - an array of numbers is no tensor
    void predictor.predict({ x: [1, 2, 3] });
  });

  test("refuses half a codec", () => {
    // @ts-expect-error - encode and decode need an input schema
    defineModel({ ...base, encode, decode: () => 1 });
    // @ts-expect-error - an input schema needs decode
    defineModel({ ...base, input: device, encode });
    // @ts-expect-error - encode gives tensors
    defineModel({ ...base, input: device, encode: () => ({ x: [1] }), decode: () => 1 });
    // @ts-expect-error - a schema is no function
    defineModel({ ...base, input: (value: unknown) => value as Device, encode, decode: () => 1 });
    // @ts-expect-error - a model has a version
    const model = defineModel({ name: "price", artifact: "model.onnx" });
    expectTypeOf(model).toEqualTypeOf<Model>();
  });
});
