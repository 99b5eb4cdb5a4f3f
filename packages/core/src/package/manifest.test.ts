import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { makeTemporaryFolder, type TemporaryFolder } from "../artifact/temporary-folder.fixtures.ts";
import { type Manifest, manifestSchema } from "./manifest.ts";
import { openModelPackage } from "./open-model-package.ts";

const file = { path: "model.onnx", sizeBytes: 3, sha256: "0".repeat(64) };
const minimal: Manifest = {
  formatVersion: 1,
  name: "price",
  version: "1.0.0",
  formats: { onnx: "model.onnx" },
  files: [file],
};

let folder: TemporaryFolder;
beforeAll(async () => {
  folder = await makeTemporaryFolder();
});
afterAll(() => folder[Symbol.asyncDispose]());

/** Opens a package with this text, or these bytes, as its `model.json`. */
async function open(content: string | Uint8Array): Promise<Manifest> {
  await folder.write("model.json", content);
  return (await openModelPackage(folder.path)).manifest;
}

const json = (value: unknown): string => JSON.stringify(value);

/** The error of a `model.json` that is refused for a reason that `message` matches. */
const refusal = (message: string | RegExp): object => ({
  code: "INVALID_MANIFEST",
  location: `${folder.path}/model.json`,
  message: expect.stringMatching(message),
});

describe("manifestSchema", () => {
  test("takes the least there can be", async () => {
    expect(await open(json(minimal))).toEqual(minimal);
  });

  test("takes all there can be", async () => {
    const full: Manifest = {
      ...minimal,
      description: "Prices.",
      license: "Apache-2.0",
      intendedUse: "Estimates.",
      limitations: "No watches.",
      signature: {
        inputs: [{ name: "x", dtype: "float16", shape: ["batch", null, 3, 0], description: "In euros." }],
        outputs: [{ name: "__proto__", dtype: "string", shape: [] }],
      },
      labels: ["a", "b"],
      metrics: [{ name: "mae", value: -0.5, unit: "EUR", measuredOn: "split 1", of: "ridge regression" }],
      training: {
        data: {
          name: "devices",
          source: "https://host",
          license: "CC0-1.0",
          rows: 0,
          sha256: "f".repeat(64),
        },
        script: "train.ts",
        framework: "tfjs",
        seed: -1,
        trainedOn: "2026-02-28",
      },
      extra: { "": null, nested: [{ a: [1, true, "x", null] }] },
    };
    expect(await open(json(full))).toEqual(full);
    expect(manifestSchema.parse(full)).toEqual(full);
  });
});

describe("a path", () => {
  const escapes = [
    "../x",
    "a/../x",
    "a/..",
    "..",
    ".",
    "./x",
    "/x",
    "//host/x",
    "a//b",
    "a/",
    "",
    " x",
    "x ",
    "..\\x",
    "a\\b",
    "C:\\x",
    "C:x",
    "%2e%2e/x",
    "..%2fx",
    "a\0b",
    "a\n",
    "https://host/x",
    "file:///x",
    ".hidden",
    "a/.hidden",
    "~/x",
    "$HOME",
    "-x",
    "ａ",
    "\u202ex",
    "a?b",
    "a#b",
  ];

  test.each(escapes)("of %j is no path of a file", async (path) => {
    await expect(
      open(json({ ...minimal, files: [{ ...file, path }], formats: { onnx: path } })),
    ).rejects.toMatchObject(refusal(/files\.0\.path: /));
    await expect(open(json({ ...minimal, formats: { onnx: path } }))).rejects.toMatchObject(
      refusal(/formats\.onnx: /),
    );
  });

  test.each(["a", "a/b/c.bin", "a..b", "_a-b.c/0"])("of %j is one", async (path) => {
    const manifest = { ...minimal, files: [{ ...file, path }], formats: { onnx: path } };
    expect(await open(json(manifest))).toEqual(manifest);
  });
});

describe("model.json is refused", () => {
  const without = (key: keyof Manifest): unknown => ({ ...minimal, [key]: undefined });
  const withFile = (change: object): unknown => ({ ...minimal, files: [{ ...file, ...change }] });

  test.each<[what: string, manifest: unknown, message: RegExp]>([
    ["without formatVersion", without("formatVersion"), /formatVersion/],
    ["of a later format version", { ...minimal, formatVersion: 2 }, /formatVersion/],
    ["without a name", without("name"), /name/],
    ["with a name that is no identifier", { ...minimal, name: "../price" }, /name/],
    ["with a version that is no identifier", { ...minimal, version: "1 0" }, /version/],
    ["without files", { ...minimal, files: [] }, /files/],
    [
      "with 1,001 files",
      { ...minimal, files: Array.from({ length: 1001 }, (_, index) => ({ ...file, path: `f${index}` })) },
      /files/,
    ],
    ["without formats", { ...minimal, formats: {} }, /formats: names no format/],
    [
      "with a format whose file is not listed",
      { ...minimal, formats: { onnx: "other.onnx" } },
      /formats\.onnx: names other\.onnx, which is not in files/,
    ],
    ["with a file twice", { ...minimal, files: [file, file] }, /files: lists a path twice/],
    ["with a format of an odd name", { ...minimal, formats: { "a/b": "model.onnx" } }, /formats\.a\/b/],
    ["with a key that is unknown", { ...minimal, licence: "MIT" }, /"licence"/],
    ["with a key of a file that is unknown", withFile({ md5: "0" }), /"md5"/],
    [
      "with a hash in capitals",
      withFile({ sha256: "A".repeat(64) }),
      /files\.0\.sha256: has to be 64 lower-case hexadecimal digits/,
    ],
    ["with a short hash", withFile({ sha256: "0".repeat(63) }), /sha256/],
    ["without a hash", withFile({ sha256: undefined }), /sha256/],
    ["with a negative size", withFile({ sizeBytes: -1 }), /sizeBytes/],
    ["with a fractional size", withFile({ sizeBytes: 0.5 }), /sizeBytes/],
    [
      "with an unknown dtype",
      { ...minimal, signature: { inputs: [{ name: "x", dtype: "float8", shape: [] }], outputs: [] } },
      /signature\.inputs\.0\.dtype/,
    ],
    [
      "with a negative dimension",
      { ...minimal, signature: { inputs: [{ name: "x", dtype: "int8", shape: [-1] }], outputs: [] } },
      /signature\.inputs\.0\.shape/,
    ],
    [
      "with a date that is none",
      { ...minimal, training: { trainedOn: "2026-02-30" } },
      /training\.trainedOn/,
    ],
    ["that is null", null, /expected object/],
    ["that is a list", [minimal], /expected object/],
  ])("%s", async (_, manifest, message) => {
    await expect(open(json(manifest))).rejects.toMatchObject(refusal(message));
  });

  test.each<[what: string, content: string | Uint8Array, message: RegExp]>([
    ["that is empty", "", /is no JSON/],
    ["that is no JSON", "{'name': 'price'}", /is no JSON/],
    ["that is cut off", json(minimal).slice(0, -1), /is no JSON/],
    ["that is no UTF-8", Uint8Array.of(0x22, 0xc3, 0x28, 0x22), /is no JSON/],
    ["that is UTF-16", Buffer.from(json(minimal), "utf16le"), /is no JSON/],
    ["that nests too deeply", "[".repeat(200_000) + "]".repeat(200_000), /expected object/],
    [
      "whose extra nests too deeply",
      json({ ...minimal, extra: { a: "?" } }).replace('"?"', "[".repeat(200_000) + "]".repeat(200_000)),
      /is nested too deeply/,
    ],
    [
      "that is larger than 16 MiB",
      `${json(minimal)}${" ".repeat(16 * 2 ** 20)}`,
      /is larger than 16777216 bytes/,
    ],
  ])("%s", async (_, content, message) => {
    await expect(open(content)).rejects.toMatchObject(refusal(message));
  });

  test("with every issue, each with its way to the field", async () => {
    await folder.write("model.json", json({ ...minimal, name: "", files: [{ ...file, sizeBytes: "3" }] }));
    await expect(openModelPackage(folder.path)).rejects.toMatchObject({
      issues: [{ path: ["name"] }, { path: ["files", 0, "sizeBytes"] }],
    });
  });
});

describe("the key __proto__", () => {
  const proto = '"__proto__": { "polluted": true }';

  test("is unknown at the top", async () => {
    await expect(open(json(minimal).replace("{", `{ ${proto},`))).rejects.toMatchObject(
      refusal(/"__proto__"/),
    );
  });

  test("names no format", async () => {
    await expect(open(json(minimal).replace('"onnx"', '"__proto__"'))).rejects.toMatchObject(
      refusal(/formats: names no format/),
    );
  });

  test("pollutes nothing from within extra", async () => {
    const { extra } = await open(
      json({ ...minimal, extra: { a: {}, b: 1 } }).replace('"a":{}', `${proto}, "a": { ${proto} }`),
    );
    expect(Reflect.get({}, "polluted")).toBeUndefined();
    expect(Object.getPrototypeOf(extra)).toBe(Object.prototype);
    expect(Reflect.get(extra!, "polluted")).toBeUndefined();
    expect(Reflect.get(extra!["a"] as object, "polluted")).toBeUndefined();
    expect(extra).toMatchObject({ b: 1 });
  });
});

test("a format may be called as a member of every object is", async () => {
  await folder.write("model.json", json({ ...minimal, formats: { constructor: "model.onnx" } }));
  const modelPackage = await openModelPackage(folder.path);
  expect(modelPackage.model("constructor").artifact.location).toBe(`${folder.path}/model.onnx`);
  expect(() => modelPackage.model("toString")).toThrow(
    expect.objectContaining({ code: "MODEL_LOAD_FAILED" }),
  );
});
