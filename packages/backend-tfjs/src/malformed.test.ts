import { createHash } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { type ArtifactSource, openArtifact, tensor } from "@mlops/core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { tfjs } from "./backend.ts";
import { dataUrl, encodeJson, graphModelJson, node } from "./graph-builder.fixtures.ts";
import { denseLayersJson } from "./test-models.fixtures.ts";

const backend = tfjs({ device: "cpu" });
const load = (source: ArtifactSource) => backend.load(openArtifact(source), {});
const problemOf = async (source: ArtifactSource): Promise<string> => {
  const error: unknown = await load(source).then(
    () => new Error("It was loaded."),
    (reason: unknown) => reason,
  );
  expect(error).toMatchObject({ code: "MODEL_LOAD_FAILED" });
  return String(Reflect.get(error as Error, "problem"));
};
const text = (value: string): Uint8Array => new TextEncoder().encode(value);

interface GroupJson {
  paths: string[];
  weights: { name: string; shape: number[]; dtype: string; quantization?: object }[];
}
/** The dense model with another entry of its weights. */
const withGroup = (change: (group: GroupJson) => void): Uint8Array => {
  const json = denseLayersJson();
  change((json["weightsManifest"] as GroupJson[])[0]!);
  return encodeJson(json);
};

describe("a model.json that is none", () => {
  test.each([
    [text(""), /no model.json/],
    [text("PK\u0003\u0004"), /zip archive without an end/],
    [Uint8Array.of(0xff, 0xfe, 0), /no model.json/],
    [text("[]"), /another JSON value/],
    [text("{}"), /modelTopology/],
    [encodeJson({ ...denseLayersJson(), weightsManifest: {} }), /weightsManifest is no list/],
    [encodeJson({ ...denseLayersJson(), weightsManifest: [null] }), /weightsManifest\[0\]\.paths/],
    [encodeJson({ ...denseLayersJson(), userDefinedMetadata: 5 }), /userDefinedMetadata/],
    [withGroup((group) => void (group.weights[0]!.shape = [-1])), /weights\[0\]\.shape/],
    [withGroup((group) => void (group.weights[1]!.dtype = "float8")), /weights\[1\]\.dtype is "float8"/],
    [withGroup((group) => void (group.weights[0]!.quantization = { dtype: "int4" })), /quantization/],
    [text(`${"[".repeat(100_000)}${"]".repeat(100_000)}`), /another JSON value|no model.json/],
  ])("is refused: %#", async (bytes, pattern) => {
    expect(await problemOf(bytes)).toMatch(pattern);
  });
});

describe("weights of another length", () => {
  test.each([
    [
      "too short",
      withGroup((group) => void (group.paths = [dataUrl(new Uint8Array(35))])),
      /have 35 bytes, where the manifest says 36/,
    ],
    [
      "too long",
      withGroup((group) => void (group.paths = [dataUrl(new Uint8Array(37))])),
      /more than 36 bytes/,
    ],
    ["none", withGroup((group) => void (group.paths = [])), /in no file have 0 bytes/],
    [
      "beyond all memory",
      withGroup((group) => void (group.weights[0]!.shape = [1e7, 1e8])),
      /the manifest says 4000000000000012/,
    ],
    [
      "text that claims to be longer than the file",
      withGroup((group) => {
        group.weights = [{ name: "words", shape: [2], dtype: "string" }];
        group.paths = [dataUrl(Uint8Array.of(255, 255, 255, 127, 65))];
      }),
      /more than they have/,
    ],
  ])("are refused: %s", async (_, bytes, pattern) => {
    expect(await problemOf(bytes)).toMatch(pattern);
  });
});

describe("layers that TensorFlow.js would never come to an end with", () => {
  test("are refused where they wait for each other", async () => {
    expect(await problemOf(encodeJson(denseLayersJson({ source: "y" })))).toMatch(/"y" waits for itself/);
  });

  test("are refused where one is missing", async () => {
    expect(await problemOf(encodeJson(denseLayersJson({ source: "z" })))).toMatch(
      /takes the output of "z", which is not there/,
    );
  });

  test("are refused where models lie in models without end", async () => {
    let model: object = { class_name: "Sequential", config: { layers: [] } };
    for (let depth = 0; depth < 100; depth += 1)
      model = { class_name: "Sequential", config: { layers: [model] } };
    expect(await problemOf(encodeJson({ modelTopology: model }))).toMatch(/more than 32 deep/);
  });

  test("are refused where a layer has more units than all weights have numbers", async () => {
    const start = process.memoryUsage().rss;
    expect(await problemOf(encodeJson(denseLayersJson({ units: 500_000_000 })))).toMatch(/units/);
    expect(process.memoryUsage().rss - start).toBeLessThan(500e6);
  });
});

describe("graphs that cannot be", () => {
  const graph = (nodes: readonly object[]): Uint8Array => {
    const value = { name: "x", type: "DT_FLOAT", shape: [null, 2] };
    return encodeJson(
      graphModelJson({
        inputs: [value],
        outputs: [{ ...value, name: "y" }],
        nodes: nodes as ReturnType<typeof node>[],
      }),
    );
  };

  test.each([
    ["nodes in a circle", graph([node("Neg", "y", ["z"]), node("Neg", "z", ["y"])])],
    ["a missing node", graph([node("AddV2", "y", ["x", "nothing"])])],
    ["an unknown operation", graph([node("Teleport", "y", ["x"])])],
    ["a node that is none", graph([{ name: 3 }])],
  ])("are refused, when they are loaded or run: %s", async (_, bytes) => {
    const outcome = await load(bytes)
      .then(
        (session) => session.doRun({ x: tensor("float32", [1, 2], [1, 2]) }, {}),
        (error: unknown) => Promise.reject(error as Error),
      )
      .catch((error: unknown) => error);
    expect(Reflect.get(outcome as Error, "code")).toMatch(/^(MODEL_LOAD_FAILED|BACKEND_FAILED)$/);
  });
});

describe("a model of several files", () => {
  const weights = Float32Array.of(1, 2, 3, 4, 5, 6, 0.5, 0.25, 0.125);
  const bytes = new Uint8Array(weights.buffer);
  const files = new Map([
    [
      "model.json",
      withGroup((group) => void (group.paths = ["group1-shard1of2.bin", "group1-shard2of2.bin"])),
    ],
    ["group1-shard1of2.bin", bytes.subarray(0, 17)],
    ["group1-shard2of2.bin", bytes.subarray(17)],
  ]);
  let folder: string;
  let url: string;
  const server = createServer((request, response) => {
    const file = files.get((request.url ?? "").slice(1));
    if (file === undefined) response.writeHead(404).end();
    else response.end(file);
  });

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "mlops-tfjs-"));
    for (const [name, content] of files) await writeFile(join(folder, name), content);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  });
  afterAll(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await rm(folder, { recursive: true });
  });

  test("is read from a folder and from a server", async () => {
    for (const source of [join(folder, "model.json"), `${url}model.json`, new URL("model.json", url)]) {
      const session = await load(source);
      const { y } = await session.doRun({ x: tensor("float32", [1, 2], [1, 2]) }, {});
      expect(y!.data).toEqual(Float32Array.of(9.5, 12.25, 15.125));
      expect(session.memoryBytes).toBe(36);
      await session.release();
    }
  });

  test("is refused when its hash is another, and taken when it is not", async () => {
    const path = join(folder, "model.json");
    const sha256 = createHash("sha256").update(files.get("model.json")!).digest("hex");
    await (await backend.load(openArtifact(path, { sha256 }), {})).release();
    await expect(backend.load(openArtifact(path, { sha256: "0".repeat(64) }), {})).rejects.toMatchObject({
      code: "INTEGRITY_MISMATCH",
    });
  });

  test("names the file that is missing", async () => {
    await rm(join(folder, "group1-shard2of2.bin"));
    await expect(load(join(folder, "model.json"))).rejects.toMatchObject({
      code: "MODEL_LOAD_FAILED",
      location: expect.stringContaining("group1-shard2of2.bin"),
    });
  });

  test("cannot lie beside bytes, nor outside of its folder", async () => {
    expect(await problemOf(files.get("model.json")!)).toMatch(/cannot lie beside it/);
    await writeFile(
      join(folder, "out.json"),
      withGroup((group) => void (group.paths = ["../secret.bin"])),
    );
    expect(await problemOf(join(folder, "out.json"))).toMatch(/cannot lie beside it/);
  });
});
