import { createHash } from "node:crypto";
import { pathToFileURL } from "node:url";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { startHttpServer } from "../artifact/http-server.fixtures.ts";
import { makeTemporaryFolder, type TemporaryFolder } from "../artifact/temporary-folder.fixtures.ts";
import { defineModel } from "../model/define-model.ts";
import { openModelPackage } from "./open-model-package.ts";

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
const contents: Record<string, Uint8Array> = {
  "onnx/model.onnx": encode("the onnx bytes"),
  "tfjs/model.json": encode("the topology"),
  "tfjs/weights.bin": encode("the weights"),
};
const files = Object.entries(contents).map(([path, bytes]) => ({
  path,
  sizeBytes: bytes.byteLength,
  sha256: createHash("sha256").update(bytes).digest("hex"),
}));
const manifest = {
  formatVersion: 1,
  name: "device-price",
  version: "1.0.0",
  description: "Prices of used devices.",
  license: "Apache-2.0",
  formats: { onnx: "onnx/model.onnx", tfjs: "tfjs/model.json" },
  files,
  labels: ["cheap", "dear"],
  metrics: [{ name: "r2", value: 0.85, measuredOn: "held-out rows" }],
  extra: { brands: ["a", "b"] },
};

let folder: TemporaryFolder;
beforeAll(async () => {
  folder = await makeTemporaryFolder();
  await folder.write("model.json", JSON.stringify(manifest));
  for (const [path, bytes] of Object.entries(contents)) await folder.write(path, bytes);
});
afterAll(() => folder[Symbol.asyncDispose]());

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

describe("a model package", () => {
  test.each<[kind: string, location: () => string | URL]>([
    ["a path", () => folder.path],
    ["a path with a slash", () => `${folder.path}/`],
    ["a file: URL", () => pathToFileURL(folder.path)],
    ["a file: URL with a slash", () => pathToFileURL(`${folder.path}/`)],
    ["a file: URL as text", () => pathToFileURL(folder.path).href],
  ])("opens from %s", async (_, location) => {
    const modelPackage = await openModelPackage(location());
    expect(modelPackage.location).toBe(location().toString());
    expect(modelPackage.manifest).toEqual(manifest);
    expect(text(await modelPackage.model("onnx").artifact.read())).toBe("the onnx bytes");
  });

  test.each(["", "/"])("opens over HTTP, from a URL ending in %j", async (ending) => {
    await using server = await startHttpServer((request, response) => {
      const path = request.url!.replace("/models/", "");
      const body = path === "model.json" ? JSON.stringify(manifest) : contents[path];
      if (body === undefined) response.writeHead(404).end();
      else response.end(body);
    });
    for (const location of [`${server.url}models${ending}`, new URL(`${server.url}models${ending}`)]) {
      const modelPackage = await openModelPackage(location);
      expect(text(await modelPackage.file("tfjs/weights.bin").read())).toBe("the weights");
    }
  });

  test("gives defineModel what it knows", async () => {
    const modelPackage = await openModelPackage(folder.path);
    const model = defineModel(modelPackage.model("tfjs"));
    expect(model).toMatchObject({
      name: "device-price",
      version: "1.0.0",
      labels: ["cheap", "dear"],
      card: { description: "Prices of used devices.", license: "Apache-2.0", metrics: manifest.metrics },
    });
    expect(model.card).toBe(modelPackage.card);
  });

  test("opens without a read of the other files, and with a byte order mark", async () => {
    await using other = await makeTemporaryFolder();
    await other.write("model.json", `\uFEFF${JSON.stringify(manifest)}`);
    const modelPackage = await openModelPackage(other.path);
    await expect(modelPackage.model("onnx").artifact.read()).rejects.toMatchObject({
      code: "MODEL_LOAD_FAILED",
      problem: "there is no such file",
    });
  });

  test("refuses a changed file, whichever way one comes to it", async () => {
    await using other = await makeTemporaryFolder();
    await other.write("model.json", JSON.stringify(manifest));
    await other.write("tfjs/model.json", contents["tfjs/model.json"]!);
    await other.write("tfjs/weights.bin", "the wEights");
    await other.write("onnx/model.onnx", "the onnx bytes and more");
    const modelPackage = await openModelPackage(other.path);
    const weights = {
      code: "INTEGRITY_MISMATCH",
      property: "sha256",
      location: `${other.path}/tfjs/weights.bin`,
    };
    await expect(modelPackage.file("tfjs/weights.bin").read()).rejects.toMatchObject(weights);
    const topology = modelPackage.model("tfjs").artifact;
    expect(text(await topology.read())).toBe("the topology");
    await expect(topology.sibling("weights.bin").read()).rejects.toMatchObject(weights);
    await expect(modelPackage.model("onnx").artifact.read()).rejects.toMatchObject({ property: "sizeBytes" });
  });

  test("says which formats it has, when asked for another", async () => {
    const modelPackage = await openModelPackage(folder.path);
    for (const format of ["torch", "", "__proto__", "constructor", "toString"]) {
      expect(() => modelPackage.model(format)).toThrow(
        expect.objectContaining({
          code: "MODEL_LOAD_FAILED",
          problem: `the package has no format ${JSON.stringify(format)}; it has onnx, tfjs`,
        }),
      );
    }
  });

  test("opens only files that it lists, also as siblings", async () => {
    await folder.write("tfjs/unlisted.bin", "x");
    const modelPackage = await openModelPackage(folder.path);
    for (const path of [
      "tfjs/unlisted.bin",
      "model.json",
      "../x",
      "tfjs/../onnx/model.onnx",
      "/etc/passwd",
      "__proto__",
      "",
    ]) {
      expect(() => modelPackage.file(path), path).toThrow(
        expect.objectContaining({ code: "MODEL_LOAD_FAILED" }),
      );
    }
    const topology = modelPackage.model("tfjs").artifact;
    for (const path of [
      "unlisted.bin",
      "../model.json",
      "../onnx/model.onnx",
      "/etc/passwd",
      "%2e%2e/x",
      "..\\x",
      "",
    ]) {
      expect(() => topology.sibling(path), path).toThrow(
        expect.objectContaining({ code: "MODEL_LOAD_FAILED" }),
      );
    }
  });

  test("has siblings at the root of the folder too", async () => {
    await using other = await makeTemporaryFolder();
    const rootFiles = files.map((file) => ({ ...file, path: file.path.replace("/", "-") }));
    await other.write(
      "model.json",
      JSON.stringify({ ...manifest, files: rootFiles, formats: { tfjs: "tfjs-model.json" } }),
    );
    await other.write("tfjs-weights.bin", contents["tfjs/weights.bin"]!);
    const { artifact } = (await openModelPackage(other.path)).model("tfjs");
    expect(text(await artifact.sibling("tfjs-weights.bin").read())).toBe("the weights");
  });
});

describe("openModelPackage() fails", () => {
  test("without a model.json", async () => {
    await using empty = await makeTemporaryFolder();
    await expect(openModelPackage(empty.path)).rejects.toMatchObject({
      code: "MODEL_LOAD_FAILED",
      location: `${empty.path}/model.json`,
      problem: "there is no such file",
    });
  });

  test("on an empty path", async () => {
    await expect(openModelPackage("")).rejects.toMatchObject({ code: "INVALID_OPTIONS", option: "location" });
  });

  test("when it is aborted", async () => {
    const reading = openModelPackage(folder.path, { signal: AbortSignal.abort("enough") });
    await expect(reading).rejects.toMatchObject({ code: "ABORTED", cause: "enough" });
  });
});
