import { createRequire } from "node:module";

import { createPredictor, defineModel, openArtifact, tensor } from "@mlops/core";
import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, test } from "vitest";

import { describeWith, requirement } from "../../../scripts/test/requirement.ts";
import { tfjs } from "./backend.ts";
import { denseLayers, loopGraph } from "./test-models.fixtures.ts";

const x = tensor("float32", [1, 2, 3, 4], [2, 2]);
const artifact = denseLayers();
const doubled = Float32Array.of(8, 16, 24, 32);
const product = Float32Array.of(9.5, 12.25, 15.125, 19.5, 26.25, 33.125);

/** A second copy of a package, as another dependency may bring it. */
function secondCopy(name: string): object {
  const require = createRequire(import.meta.url);
  const path = require.resolve(name);
  const first = require.cache[path];
  delete require.cache[path];
  const copy = require(path) as object;
  if (first !== undefined) require.cache[path] = first;
  expect(copy).not.toBe(first?.exports);
  return copy;
}

describe("several engines in one process", () => {
  test("compute each on its own, however their runs are mixed", async () => {
    const devices = ["cpu", "wasm"] as const;
    const backends = devices.map((device) => tfjs({ device }));
    const dense = await Promise.all(backends.map((each) => each.load(openArtifact(artifact), {})));
    const loops = await Promise.all(backends.map((each) => each.load(openArtifact(loopGraph()), {})));
    const times = tensor("int32", [3], []);
    const runs = Array.from({ length: 40 }, (_, index) =>
      index % 3 === 0 ? loops[index % 2]!.doRun({ x, times }, {}) : dense[index % 2]!.doRun({ x }, {}),
    );
    for (const [index, result] of (await Promise.all(runs)).entries()) {
      expect(result["y"]!.data, `run ${index}`).toEqual(index % 3 === 0 ? doubled : product);
    }
    expect(dense.map(({ device }) => device)).toEqual(devices);
  });

  test("leave the choice of an application as it is", async () => {
    await tf.setBackend("cpu");
    const before = tf.backend();
    const loop = await tfjs({ device: "wasm" }).load(openArtifact(loopGraph()), {});
    const session = await tfjs({ device: "wasm" }).load(openArtifact(artifact), {});
    const running = session.doRun({ x }, {});
    expect(tf.getBackend()).toBe("cpu");
    expect(tf.backend()).toBe(before);
    await running;
    await loop.doRun({ x, times: tensor("int32", [2], []) }, {});
    expect(tf.getBackend()).toBe("cpu");
    expect([...tf.square([1, 2]).dataSync()]).toEqual([1, 4]);
  });

  test("work from several copies of TensorFlow.js, and print nothing of it", async () => {
    const printed: unknown[] = [];
    const { warn } = console;
    console.warn = (...parts: unknown[]) => void printed.push(parts);
    try {
      const copy = tfjs({
        device: "wasm",
        modules: {
          "@tensorflow/tfjs-core": secondCopy("@tensorflow/tfjs-core"),
          "@tensorflow/tfjs-layers": secondCopy("@tensorflow/tfjs-layers"),
        },
      });
      const sessions = [
        await tfjs({ device: "wasm" }).load(openArtifact(artifact), {}),
        await copy.load(openArtifact(artifact), {}),
      ];
      for (const session of sessions) expect((await session.doRun({ x }, {}))["y"]!.data).toEqual(product);
      expect(printed).toEqual([]);
    } finally {
      console.warn = warn;
    }
  });
});

describe("the chain of devices", () => {
  const model = defineModel({ name: "dense", version: "1", artifact });

  test("takes the first that can be started, and tells of the others", async () => {
    await using predictor = await createPredictor({
      model,
      backend: tfjs({ device: ["webgpu", "webgl", "cpu"] }),
    });
    expect(predictor.info.device).toBe("cpu");
    expect(predictor.info.warnings.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^The device webgpu could not be used: this host has no webgpu\.$/),
      expect.stringMatching(/^The device webgl could not be used: /),
    ]);
  });

  test("fails with every reason where none can be started", async () => {
    await expect(
      createPredictor({ model, backend: tfjs({ device: ["webgpu", "webgl"] }) }),
    ).rejects.toMatchObject({
      code: "UNSUPPORTED",
      remedy: expect.stringMatching(/webgpu could not be used: .* webgl could not be used: /),
    });
  });

  test("is not gone through for a model that is broken", async () => {
    const broken = defineModel({ name: "broken", version: "1", artifact: Uint8Array.of(123) });
    await expect(
      createPredictor({ model: broken, backend: tfjs({ device: ["wasm", "cpu"] }) }),
    ).rejects.toMatchObject({
      code: "MODEL_LOAD_FAILED",
    });
  });

  test.each([
    [{ device: [] }, "device"],
    [{ device: "gpu" }, "device"],
    [{ device: ["wasm", "tpu"] }, "device"],
    [{ modules: { "@tensorflow/tfjs": {} } }, "modules"],
  ])("refuses %o", (config, option) => {
    expect(() => tfjs(config as object)).toThrow(
      expect.objectContaining({ code: "INVALID_OPTIONS", option }),
    );
  });

  test("names the package to install", async () => {
    const absent = Object.assign(new Error("Cannot find package"), { code: "ERR_MODULE_NOT_FOUND" });
    const backend = tfjs({
      device: "wasm",
      modules: { "@tensorflow/tfjs-core": () => Promise.reject(absent) },
    });
    await expect(backend.load(openArtifact(artifact), {})).rejects.toMatchObject({
      code: "MISSING_DEPENDENCY",
      packageName: "@tensorflow/tfjs-core",
      cause: absent,
    });
  });
});

describeWith(requirement("tfjs-node"), "tfjs-node", () => {
  test("runs on this Node, and leaves its util as it is", async () => {
    const util = process.getBuiltinModule("node:util");
    const before = Object.getOwnPropertyNames(util);
    const session = await tfjs({ device: "tensorflow" }).load(openArtifact(artifact), {});
    expect((await session.doRun({ x }, {}))["y"]!.data).toEqual(product);
    expect(Object.getOwnPropertyNames(util)).toEqual(before);
    expect(tf.getBackend()).not.toBe("tensorflow");
  });
});
