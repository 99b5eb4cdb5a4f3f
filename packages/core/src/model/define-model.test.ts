import { describe, expect, test } from "vitest";
import { z } from "zod";

import { defineModel } from "./define-model.ts";

const base = { name: "price", version: "1.0.0", artifact: "model.onnx" };
const define = (definition: object): unknown => defineModel(definition as typeof base);

describe("defineModel()", () => {
  test("fills in what is left out, and freezes", () => {
    const labels = ["cheap", "dear"];
    const model = defineModel({ ...base, labels });
    labels.push("later");
    expect(model).toMatchObject({ ...base, labels: ["cheap", "dear"], rejectNonFinite: false });
    expect(Object.isFrozen(model)).toBe(true);
    expect(Object.isFrozen(model.labels)).toBe(true);
  });

  test.each(["a", "0", "device-price", "v1.0.0_b+c", "a".repeat(128)])(
    "takes the name and version %j",
    (identifier) => {
      expect(defineModel({ ...base, name: identifier, version: identifier })).toMatchObject({
        name: identifier,
      });
    },
  );

  test.each(["", "-a", ".a", "_a", "+a", "a b", "a/b", "a\n", "ä", "a".repeat(129), undefined, null, 1])(
    "refuses the name and the version %j",
    (identifier) => {
      for (const option of ["name", "version"]) {
        expect(() => define({ ...base, [option]: identifier })).toThrow(
          expect.objectContaining({ code: "INVALID_OPTIONS", option }),
        );
      }
    },
  );

  const typed = { ...base, input: z.number(), encode: () => ({}), decode: () => 1 };

  test.each<[option: string, definition: object]>([
    ["encode", { ...typed, encode: undefined }],
    ["decode", { ...typed, decode: undefined }],
    ["decode", { ...typed, decode: "y" }],
    ["encode", { ...typed, input: undefined, decode: undefined }],
    ["decode", { ...base, decode: typed.decode }],
    ["output", { ...base, output: z.number() }],
  ])("refuses half a codec, by the option %s", (option, definition) => {
    expect(() => define(definition)).toThrow(expect.objectContaining({ code: "INVALID_OPTIONS", option }));
  });
});
