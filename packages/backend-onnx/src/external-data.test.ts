import { createHash } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

import {
  type ArtifactSource,
  createModelStore,
  createPredictor,
  defineModel,
  folderCache,
  type LoadProgress,
  openArtifact,
  tensor,
} from "@mlops/core";
import { identityModel } from "@mlops/onnx-builder";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { onnx } from "./backend.ts";
import type { OnnxSessionOptions } from "./config.ts";
import { findExternalPaths } from "./external-data.ts";
import { externalModel, hidingModels, nestedModel } from "./external-data.fixtures.ts";

const one = new Uint8Array(Float32Array.of(10, 20, 30).buffer);
const two = new Uint8Array(Float32Array.of(9, 9, 9, 100, 200, 300).buffer);
const main = externalModel("model.onnx_data", "weights/two.bin", 12);
const hash = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");
const files = {
  "model.onnx_data": { sha256: hash(one), sizeBytes: one.byteLength },
  "weights/two.bin": { sha256: hash(two) },
};
const served: Readonly<Record<string, Uint8Array>> = {
  "/a/model.onnx": main,
  "/a/model.onnx_data": one,
  "/a/weights/two.bin": two,
};

let folder: string;
let url: string;
let requests: string[] = [];
const server = createServer((request, response) => {
  requests.push(request.url ?? "");
  const bytes = served[request.url ?? ""];
  if (bytes === undefined) response.writeHead(404).end();
  else response.end(bytes);
});

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "mlops-onnx-"));
  for (const [path, bytes] of Object.entries(served)) {
    await mkdir(join(folder, path, ".."), { recursive: true });
    await writeFile(join(folder, path), bytes);
  }
  await writeFile(join(folder, "secret.bin"), one);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/a/model.onnx`;
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await rm(folder, { recursive: true });
});

async function predict(
  artifact: ArtifactSource,
  options: {
    execution?: "inline" | "worker";
    onProgress?: (progress: LoadProgress) => void;
    session?: OnnxSessionOptions;
  } = {},
): Promise<unknown> {
  const model = defineModel({ name: "external", version: "1", artifact });
  const { session, ...others } = options;
  await using predictor = await createPredictor({
    model,
    backend: onnx({ session }),
    execution: "inline",
    ...others,
  });
  const { y } = await predictor.predict({ x: tensor("float32", [1, 2, 3], [1, 3]) });
  return Array.from(y?.data as Float32Array);
}

describe("a model whose tensors are in files beside it", () => {
  test.each<[kind: string, source: () => ArtifactSource]>([
    ["a path", () => join(folder, "a/model.onnx")],
    ["a URL", () => url],
    ["a URL with declared files", () => openArtifact(url, { sha256: hash(main), files })],
    [
      "bytes with declared files that lie elsewhere",
      () =>
        openArtifact(main, {
          files: {
            "model.onnx_data": { source: one, sha256: hash(one) },
            "weights/two.bin": { source: new URL("weights/two.bin", url) },
          },
        }),
    ],
  ])("is loaded from %s", async (_, source) => {
    expect(await predict(source())).toEqual([111, 222, 333]);
  });

  test("is loaded in a worker, and tells the progress of each file", async () => {
    const read = new Map<string, number>();
    const onProgress = (progress: LoadProgress): void => {
      if (progress.phase === "reading") read.set(progress.location, progress.loadedBytes);
    };
    expect(await predict(url, { execution: "worker", onProgress })).toEqual([111, 222, 333]);
    const base = url.replace("model.onnx", "");
    expect([...read]).toEqual([
      [url, main.byteLength],
      [`${base}model.onnx_data`, one.byteLength],
      [`${base}weights/two.bin`, two.byteLength],
    ]);
  });

  test("is there without a network, through a model store too", async () => {
    const options = { cache: folderCache({ folder: join(folder, "cache") }), sha256: hash(main), files };
    expect(await predict(openArtifact(url, options))).toEqual([111, 222, 333]);
    requests = [];
    const locations: string[] = [];
    await using models = createModelStore();
    const model = defineModel({ name: "external", version: "1", artifact: openArtifact(url, options) });
    const onProgress = (progress: LoadProgress): void => void locations.push(progress.location);
    await models.open({ model, backend: onnx(), onProgress });
    expect(requests).toEqual([]);
    expect(new Set(locations).size).toBe(3);
  });

  test("is refused when a file is not the declared one", async () => {
    const wrong = { ...files, "weights/two.bin": { sha256: "0".repeat(64) } };
    await expect(predict(openArtifact(url, { files: wrong }))).rejects.toMatchObject({
      code: "INTEGRITY_MISMATCH",
      location: expect.stringMatching(/weights\/two.bin$/),
      actual: hash(two),
    });
  });

  test("is refused when it wants a file that is not declared", async () => {
    const { "weights/two.bin": _, ...fewer } = files;
    await expect(predict(openArtifact(url, { files: fewer }))).rejects.toMatchObject({
      code: "MODEL_LOAD_FAILED",
      problem: expect.stringMatching(/"weights\/two.bin", which `files` does not list/),
    });
  });

  test("is refused when a file is missing", async () => {
    const source = new URL("nothing.bin", url);
    const missing = { ...files, "weights/two.bin": { source } };
    await expect(predict(openArtifact(url, { files: missing }))).rejects.toMatchObject({
      code: "MODEL_LOAD_FAILED",
      reason: "not-found",
      location: source.href,
    });
  });

  test.each(["../secret.bin", "/etc/hostname", "weights/../../secret.bin", "http://host/x", "a\\..\\x", ""])(
    "is refused when it wants %j, whatever is there",
    async (path) => {
      const bytes = externalModel(path, path);
      await writeFile(join(folder, "a/escaping.onnx"), bytes);
      const file = join(folder, "a/escaping.onnx");
      for (const source of [file, openArtifact(file, { files })]) {
        await expect(predict(source)).rejects.toMatchObject({
          code: "MODEL_LOAD_FAILED",
          problem: expect.stringContaining(JSON.stringify(path)),
        });
      }
    },
  );

  test.each(Object.entries(hidingModels("package.json")))(
    "is refused when it hides behind %s that it wants a file of the process's folder",
    async (_, bytes) => {
      const source = openArtifact(bytes, { files: { "harmless.bin": { source: one } } });
      await expect(
        predict(source, { session: { graphOptimizationLevel: "disabled" } }),
      ).rejects.toMatchObject({
        code: "MODEL_LOAD_FAILED",
        problem: expect.stringMatching(/"package.json", which `files` does not list/),
      });
    },
  );

  test.each(["../x", "/x", "a//b", ""])("a declaration of %j is refused when it is given", (path) => {
    expect(() => openArtifact(url, { files: { [path]: {} } })).toThrow(
      expect.objectContaining({ code: "INVALID_OPTIONS", option: "files" }),
    );
  });
});

describe("findExternalPaths()", () => {
  test("finds them wherever a tensor can be", () => {
    expect([...findExternalPaths(nestedModel())].toSorted()).toEqual([
      "attribute",
      "attribute-list",
      "function",
      "function-default",
      "initializer",
      "sparse-attribute",
      "sparse-indices",
      "sparse-values",
      "sub-subgraph",
      "subgraph",
      "training",
    ]);
  });

  test.each(Object.entries(hidingModels("secret.bin")))("finds one behind %s", (_, model) => {
    expect(findExternalPaths(model)).toContain("secret.bin");
  });

  test("keeps a byte order mark, which is part of a file's name", () => {
    expect(findExternalPaths(externalModel("\uFEFFa", "b"))).toEqual(new Set(["\uFEFFa", "b"]));
  });

  test("finds none where there are none, and in what is no model", () => {
    for (const bytes of [identityModel("float32"), new Uint8Array(), new Uint8Array(1000).fill(255)]) {
      expect([...findExternalPaths(bytes)]).toEqual([]);
    }
  });
});
