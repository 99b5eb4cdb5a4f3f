import { createHash } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

import {
  type ArtifactSource,
  createPredictor,
  defineModel,
  type LoadProgress,
  type TensorMap,
} from "@mlops/core";
import {
  addModel,
  buildModel,
  identityModel,
  node,
  noBatchModel,
  sequenceOutputModel,
} from "@mlops/onnx-builder";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { onnx } from "./backend.ts";
import { errorOf, load, threeColumns } from "./predict.fixtures.ts";

const bytes = identityModel("float32");
const sha256 = createHash("sha256").update(bytes).digest("hex");
const x = threeColumns(1, 2, 3);

let folder: string;
let path: string;
const server = createServer((request, response) => {
  if (request.url === "/model.onnx") response.end(bytes);
  else response.writeHead(404).end();
});
let url: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "mlops-onnx-"));
  path = join(folder, "model.onnx");
  await writeFile(path, bytes);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/model.onnx`;
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await rm(folder, { recursive: true });
});

/** One input called `x`, whatever its dtype. */
const model = (change: Partial<Parameters<typeof buildModel>[0]>): Uint8Array =>
  buildModel({
    name: "test",
    inputs: [{ name: "x", dtype: "float32", shape: ["batch", 3] }],
    outputs: [{ name: "y", dtype: "float32", shape: ["batch", 3] }],
    nodes: [node("Identity", ["x"], ["y"])],
    ...change,
  });

describe("a model loads", () => {
  test.each<[kind: string, source: () => ArtifactSource]>([
    ["a path", () => path],
    ["a file: URL", () => pathToFileURL(path)],
    ["an http: URL", () => new URL(url)],
    ["an http: URL as text", () => url],
    ["bytes", () => bytes],
    [
      "bytes within others",
      () => Buffer.concat([Buffer.alloc(7), bytes, Buffer.alloc(7)]).subarray(7, 7 + bytes.length),
    ],
    [
      "bytes in shared memory",
      () => {
        const shared = new Uint8Array(new SharedArrayBuffer(bytes.length));
        shared.set(bytes);
        return shared;
      },
    ],
  ])("from %s", async (_, source) => {
    await using predictor = await load(source(), { sha256 });
    expect(await predictor.predict(x)).toEqual({ y: x["x"] });
    expect(predictor.info).toMatchObject({ backend: "onnx", device: "cpu", warnings: [] });
  });

  test("and tells how far it is", async () => {
    const progress: LoadProgress[] = [];
    const definition = defineModel({ name: "a", version: "1", artifact: path });
    await createPredictor({
      model: definition,
      backend: onnx(),
      onProgress: (event) => progress.push(event),
    });
    expect(progress).toEqual([
      { phase: "reading", location: path, loadedBytes: bytes.length, totalBytes: bytes.length },
      { phase: "preparing", location: path },
      { phase: "warming-up", location: path },
    ]);
  });

  test("many times by one backend, each for itself", async () => {
    const backend = onnx();
    const predictors = await Promise.all(
      [bytes, noBatchModel()].map((artifact) =>
        createPredictor({ model: defineModel({ name: "a", version: "1", artifact }), backend }),
      ),
    );
    const [identity, doubling] = predictors;
    await identity!.close();
    expect((await doubling!.predict(x))["y"]!.data).toEqual(Float32Array.of(2, 4, 6));
  });
});

// The table of issue #2: each of these is a typed error with a code.
describe("what can be wrong has a code", () => {
  const flipped = bytes.slice();
  flipped[flipped.length - 5]! ^= 1;

  test.each<[code: string, what: string, source: () => ArtifactSource]>([
    ["INTEGRITY_MISMATCH", "a corrupted artifact (one flipped byte)", () => flipped],
    ["INTEGRITY_MISMATCH", "a truncated artifact", () => bytes.slice(0, -1)],
    ["INTEGRITY_MISMATCH", "an empty artifact", () => new Uint8Array()],
    ["MODEL_LOAD_FAILED", "a missing file", () => join(folder, "missing.onnx")],
    ["MODEL_LOAD_FAILED", "a folder", () => folder],
    ["MODEL_LOAD_FAILED", "a URL without a file", () => `${url}.missing`],
  ])("%s: %s", async (code, _, source) => {
    expect(await errorOf(load(source(), { sha256 }))).toMatchObject({ code });
  });

  test.each<[what: string, artifact: Uint8Array, problem: RegExp]>([
    ["no bytes", new Uint8Array(), /./],
    ["text", new TextEncoder().encode("<html>not found</html>"), /protobuf parsing failed/],
    ["zeros", new Uint8Array(1000), /./],
    ["half a model", bytes.slice(0, bytes.length / 2), /protobuf parsing failed/],
    ["an unknown operator", model({ nodes: [node("Nonsense", ["x"], ["y"])] }), /Nonsense/],
    ["a value that nothing makes", model({ nodes: [node("Identity", ["w"], ["y"])] }), /w/],
    ["a later operator set", model({ opset: 999 }), /999/],
  ])("MODEL_LOAD_FAILED: %s, without a hash to find it by", async (_, artifact, problem) => {
    const error = await errorOf(load(artifact));
    expect(error).toMatchObject({ code: "MODEL_LOAD_FAILED", location: "<bytes>", cause: expect.any(Error) });
    expect(error.message).toMatch(
      /^The model at <bytes> could not be loaded: ONNX Runtime refused it: .*[^.]\.$/s,
    );
    expect(error.message).toMatch(problem);
  });

  test.each(["bfloat16", "int4"] as const)("MODEL_LOAD_FAILED: %s, which has no array", async (dtype) => {
    expect(await errorOf(load(identityModel(dtype)))).toMatchObject({ code: "MODEL_LOAD_FAILED" });
  });

  test("MODEL_LOAD_FAILED: a prefix of a model, of whatever length", async () => {
    for (let length = 0; length < bytes.length; length += 1) {
      expect(await errorOf(load(bytes.slice(0, length)))).toMatchObject({ code: "MODEL_LOAD_FAILED" });
    }
  });

  test("MODEL_LOAD_FAILED: a model that gives a sequence", async () => {
    expect(await errorOf(load(sequenceOutputModel()))).toMatchObject({
      code: "MODEL_LOAD_FAILED",
      problem: '"y" is a sequence, map or optional value, which is not supported',
    });
  });

  test.each<[code: string, what: string, tensors: TensorMap]>([
    [
      "DTYPE_MISMATCH",
      "a wrong dtype",
      { x: { dtype: "float64", shape: [1, 3], data: new Float64Array(3) } },
    ],
    ["SHAPE_MISMATCH", "a wrong rank", { x: { dtype: "float32", shape: [3], data: new Float32Array(3) } }],
    ["SHAPE_MISMATCH", "a wrong size", { x: { dtype: "float32", shape: [1, 4], data: new Float32Array(4) } }],
    ["TENSOR_NAME_MISMATCH", "a wrong name", { X: x["x"]! }],
    ["TENSOR_NAME_MISMATCH", "no input", {}],
    ["TENSOR_NAME_MISMATCH", "an input too many", { ...x, y: x["x"]! }],
    [
      "INVALID_TENSOR",
      "data that do not fill the shape",
      { x: { dtype: "float32", shape: [1, 3], data: new Float32Array(2) } },
    ],
    ["INVALID_INPUT", "NaN input", threeColumns(1, Number.NaN, 3)],
    ["INVALID_INPUT", "infinite input", threeColumns(1, 2, -Infinity)],
    ["EMPTY_BATCH", "an empty batch", threeColumns()],
  ])("%s: %s", async (code, _, tensors) => {
    await using predictor = await load(bytes, { rejectNonFinite: true });
    expect(await errorOf(predictor.predictTensors(tensors))).toMatchObject({ code });
    expect(await errorOf(predictor.predict(tensors))).toMatchObject({ code });
  });

  test("CLOSED: a closed predictor", async () => {
    const predictor = await load(bytes);
    await predictor.close();
    expect(await errorOf(predictor.predict(x))).toMatchObject({ code: "CLOSED", model: "test" });
  });

  test("TENSOR_NAME_MISMATCH: an unknown output", async () => {
    await using predictor = await load(addModel());
    const tensors = { a: x["x"]!, b: x["x"]! };
    expect(await errorOf(predictor.predictTensors(tensors))).toMatchObject({
      code: "SHAPE_MISMATCH",
      tensor: "a",
    });
    await using identity = await load(bytes);
    expect(await errorOf(identity.predictTensors(x, { outputs: ["z"] }))).toMatchObject({
      code: "TENSOR_NAME_MISMATCH",
      unexpected: ["z"],
    });
  });

  test("BACKEND_FAILED: a model that fails on data which its signature allows", async () => {
    const reshaping = model({
      initializers: { shape: { dtype: "int64", shape: [2], data: BigInt64Array.of(2n, 3n) } },
      nodes: [node("Reshape", ["x", "shape"], ["y"])],
    });
    await using predictor = await load(reshaping);
    expect((await predictor.predict(threeColumns(1, 2, 3, 4, 5, 6)))["y"]!.shape).toEqual([2, 3]);
    expect(await errorOf(predictor.predict(x))).toMatchObject({
      code: "BACKEND_FAILED",
      backend: "onnx",
      message: expect.stringMatching(/Reshape/),
      cause: expect.any(Error),
    });
    expect((await predictor.predict(threeColumns(1, 2, 3, 4, 5, 6)))["y"]!.shape).toEqual([2, 3]);
  });
});
