import type { StandardSchemaV1 } from "@standard-schema/spec";
import { describe, expect, test } from "vitest";
import { z } from "zod";

import { InvalidInputError } from "../errors/invalid-input-error.ts";
import { defineModel } from "../model/define-model.ts";
import { tensor } from "../tensor/tensor.ts";
import { rows, setUpFake, setUpTensors, valuesOfY } from "./fake-backend.fixtures.ts";

const base = { name: "doubling", version: "1.2.3", artifact: "model.fake" };
const input = z.object({ value: z.number() });
const encode = ({ value }: { value: number }) => rows(value);
const decode = (outputs: Parameters<typeof valuesOfY>[0]) => Number(valuesOfY(outputs)[0]);
const boom = (): never => {
  throw new Error("boom");
};
const boomLater = (): Promise<never> => Promise.reject(new Error("boom"));

describe("predict()", () => {
  test("validates, encodes, runs and decodes", async () => {
    const { predictor, session } = await setUpFake(defineModel({ ...base, input, encode, decode }));
    expect(await predictor.predict({ value: 21 })).toBe(42);
    expect(session.runs[0]!.inputs).toEqual(rows(21));
    expect(session.runs[0]!.options.outputs).toBeUndefined();
  });

  test("takes tensors and gives tensors where the model has no types of its own", async () => {
    const { predictor } = await setUpTensors();
    expect(await predictor.predict(rows(1, 2))).toEqual({
      y: tensor("float32", [2, 4]),
      z: tensor("float32", [-1, -2]),
    });
  });

  test("waits for an asynchronous schema, encode, decode and output schema", async () => {
    const later = async <T>(value: T): Promise<T> => value;
    const model = defineModel({
      ...base,
      input: input.refine(() => later(true)).transform(({ value }) => later({ value: value + 1 })),
      encode: (value) => later(encode(value)),
      decode: (outputs) => later(decode(outputs)),
      output: z.number().transform((value) => later(`${value} euros`)),
    });
    const { predictor } = await setUpFake(model);
    expect(await predictor.predict({ value: 20 })).toBe("42 euros");
  });

  test("gives decode the validated input", async () => {
    const model = defineModel({
      ...base,
      input: z.object({ value: z.number().default(7) }),
      encode,
      decode: (outputs, { value }) => [value, decode(outputs)],
    });
    const { predictor } = await setUpFake(model);
    expect(await predictor.predict({})).toEqual([7, 14]);
  });

  test("refuses what the input schema refuses, field by field, without a run", async () => {
    const { predictor, session } = await setUpFake(
      defineModel({
        ...base,
        input: z.object({ device: z.object({ ramGb: z.number().positive() }) }),
        encode: () => rows(1),
        decode,
      }),
    );
    await expect(predictor.predict({ device: { ramGb: -1 } })).rejects.toMatchObject({
      code: "INVALID_INPUT",
      issues: [{ path: ["device", "ramGb"], message: expect.any(String) }],
      message: expect.stringContaining("device.ramGb: "),
    });
    expect(session.runs).toEqual([]);
  });

  test("works with any Standard Schema", async () => {
    const key = { key: "value" };
    const celsius: StandardSchemaV1<string, number> = {
      "~standard": {
        version: 1,
        vendor: "made by hand",
        validate: (text) =>
          typeof text === "string" && text.endsWith("°C")
            ? { value: Number.parseFloat(text) }
            : {
                issues: [
                  { message: "has to end in °C", path: [key, 0, Symbol("unit")] },
                  { message: "is hot" },
                ],
              },
      },
    };
    const { predictor } = await setUpFake(
      defineModel({ ...base, input: celsius, encode: (value) => rows(value), decode }),
    );
    expect(await predictor.predict("21 °C")).toBe(42);
    await expect(predictor.predict("70 °F")).rejects.toMatchObject({
      code: "INVALID_INPUT",
      issues: [
        { path: ["value", 0, "Symbol(unit)"], message: "has to end in °C" },
        { path: [], message: "is hot" },
      ],
    });
  });

  const good = { input: z.number(), output: z.number(), encode: () => rows(1), decode };
  // zod's own asynchronous checks leave an unhandled rejection behind when they throw (4.6.7).
  const schemaThat = (validate: () => never | Promise<never>): StandardSchemaV1<number> => ({
    "~standard": { version: 1, vendor: "made by hand", validate },
  });

  test.each(["at once", "later"])(
    "tells the model's author of what the model's own code throws %s",
    async (when) => {
      const thrower = when === "later" ? boomLater : boom;
      const definitions = {
        input: { ...good, input: schemaThat(thrower) },
        encode: { ...good, encode: thrower },
        decode: { ...good, decode: thrower },
        output: { ...good, output: schemaThat(thrower) },
      };
      for (const [stage, definition] of Object.entries(definitions)) {
        const { predictor } = await setUpFake(defineModel({ ...base, ...definition }));
        await expect(predictor.predict(1), stage).rejects.toMatchObject({
          code: "CODEC_FAILED",
          model: "doubling",
          stage,
          problem: "boom",
          cause: expect.objectContaining({ message: "boom" }),
        });
      }
    },
  );

  test("passes on a typed error of the model's own code", async () => {
    const error = new InvalidInputError({ issues: [{ path: ["value"], message: "is no known device" }] });
    const { predictor } = await setUpFake(
      defineModel({ ...base, input: z.number(), encode: () => Promise.reject(error), decode }),
    );
    await expect(predictor.predict(1)).rejects.toBe(error);
  });

  test("refuses an output that its schema refuses", async () => {
    const output = z.object({ price: z.number().max(10) });
    const { predictor } = await setUpFake(
      defineModel({ ...base, input, encode, decode: (outputs) => ({ price: decode(outputs) }), output }),
    );
    expect(await predictor.predict({ value: 5 })).toEqual({ price: 10 });
    await expect(predictor.predict({ value: 6 })).rejects.toMatchObject({
      code: "CODEC_FAILED",
      stage: "output",
      problem: expect.stringMatching(/^price: /),
    });
  });

  test.each([
    ["a string", "out of memory"],
    ["an Error", new Error("out of memory")],
    ["an odd value", { toString: (): string => "out of memory" }],
  ])("gives a typed error where the session rejects with %s", async (_, cause) => {
    const { predictor, session } = await setUpFake(defineModel({ ...base, input, encode, decode }), {
      hold: true,
    });
    const answer = predictor.predict({ value: 1 });
    await expect.poll(() => session.heldRuns).toHaveLength(1);
    session.heldRuns[0]!.fail(cause);
    await expect(answer).rejects.toMatchObject({
      code: "BACKEND_FAILED",
      backend: "fake",
      problem: "out of memory",
      cause,
    });
  });
});

describe("predictTensors()", () => {
  test("computes the outputs that are asked for", async () => {
    const { predictTensors, session } = await setUpTensors();
    expect(await predictTensors(rows(3), { outputs: ["z"] })).toEqual({ z: tensor("float32", [-3]) });
    expect(session.runs[0]!.options.outputs).toEqual(["z"]);
  });

  test.each([
    [["y", "w"], ["w"]],
    [["__proto__"], ["__proto__"]],
    [
      ["constructor", ""],
      ["constructor", ""],
    ],
  ])("refuses unknown outputs: %j", async (outputs, unexpected) => {
    const { predictTensors, session } = await setUpTensors();
    await expect(predictTensors(rows(3), { outputs })).rejects.toMatchObject({
      code: "TENSOR_NAME_MISMATCH",
      missing: [],
      unexpected,
      expected: ["y", "z"],
    });
    expect(session.runs).toEqual([]);
  });

  test("refuses numbers that are not finite where the model says so", async () => {
    const { predictTensors } = await setUpFake(defineModel({ ...base, rejectNonFinite: true }));
    await expect(predictTensors(rows(1, Number.NaN))).rejects.toMatchObject({ code: "INVALID_INPUT" });
    const { predictTensors: predictAnything } = await setUpTensors();
    expect(valuesOfY(await predictAnything(rows(Number.NaN)))).toEqual([Number.NaN]);
  });
});
