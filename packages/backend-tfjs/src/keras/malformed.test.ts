import { MlopsError } from "@mlops/core";
import fc from "fast-check";
import { zipSync } from "fflate";
import { describe, expect, test } from "vitest";

import { fileOf, kerasModels, unpack } from "./keras-models.fixtures.ts";
import { createLayersModel } from "./layers-model.ts";
import { readKeras } from "./read-keras.ts";
import { tf } from "./tfjs.fixtures.ts";
import { unzip } from "./zip.ts";

const parts = { "config.json": 1e7, "metadata.json": 1e7, "model.weights.h5": 1e7 };

/** A `.keras` file whose parts are changed. */
function changed(name: string, change: (files: Map<string, Uint8Array>) => void): Uint8Array {
  const files = new Map(unzip(fileOf(name, "keras", ".keras"), { mostBytes: parts }));
  change(files);
  return zipSync(Object.fromEntries(files), { level: 0 });
}

/** A `.keras` file whose configuration is changed as text. */
function reconfigured(name: string, change: (json: string) => string): Uint8Array {
  return changed(name, (files) => {
    const json = change(new TextDecoder().decode(files.get("config.json")));
    files.set("config.json", new TextEncoder().encode(json));
  });
}

/** The code and message of what reading or building throws, `fine` when it does not. */
async function failure(bytes: Uint8Array, { build = false } = {}): Promise<string> {
  try {
    const artifacts = readKeras(bytes);
    if (build) (await createLayersModel(tf, artifacts)).dispose();
    return "fine";
  } catch (error) {
    if (MlopsError.isInstance(error)) return `${error.code}: ${error.message}`;
    throw error;
  }
}

const legacy = fileOf("sequential", "keras", ".h5");
const archive = fileOf("sequential", "keras", ".keras");

describe("what TensorFlow.js cannot do is named", () => {
  test.each(Object.entries(kerasModels.refused))("%s", async (says, file) => {
    const said = await failure(unpack(file), { build: true });
    expect(said).toMatch(/^UNSUPPORTED: /);
    expect(said).toContain(says);
  });

  test("with the layers that there are", async () => {
    const said = await failure(unpack(kerasModels.refused["layer Subtract"] ?? ""));
    expect(said).toMatch(/The layers that can be read are .*Bidirectional, .*Conv2D, .*ZeroPadding2D\./);
  });
});

describe("a damaged file gives a typed error", () => {
  test("cut off anywhere", async () => {
    for (const file of [legacy, archive]) {
      for (let length = 0; length < file.length; length += 97) {
        expect(await failure(file.slice(0, length))).toMatch(/^MODEL_LOAD_FAILED/);
      }
    }
  });

  test.each([
    ["nothing", new Uint8Array()],
    ["text", new TextEncoder().encode("<!doctype html>")],
    ["an HDF5 signature alone", legacy.slice(0, 8)],
    ["a zip signature alone", archive.slice(0, 4)],
  ])("%s", async (_what, bytes) => {
    expect(await failure(bytes)).toMatch(/^MODEL_LOAD_FAILED/);
  });

  test("a zip bomb takes no memory", async () => {
    const bomb = zipSync({ "config.json": new Uint8Array(60_000_000) }, { level: 9 });
    expect(bomb.length).toBeLessThan(100_000);
    const before = process.memoryUsage().arrayBuffers;
    expect(await failure(bomb)).toContain("claims to unpack");
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(10_000_000);
  });

  test("an entry that is larger than it claims", async () => {
    const packed = zipSync({ "config.json": new Uint8Array(50_000).fill(32) }, { level: 1 });
    const view = new DataView(packed.buffer);
    const directory = view.getUint32(packed.length - 6, true);
    view.setUint32(directory + 24, 10, true);
    expect(await failure(packed)).toMatch(/^MODEL_LOAD_FAILED/);
  });

  test("sizes of 2 GB and more", async () => {
    expect.hasAssertions();
    for (const size of [2 ** 31, 2 ** 32 - 1, 2 ** 53, Number.MAX_VALUE]) {
      const copy = legacy.slice();
      const view = new DataView(copy.buffer);
      // Every 64-bit word that is a length or an address within the file, in turn.
      for (let offset = 24; offset + 8 <= 4096; offset += 8) {
        const old = view.getBigUint64(offset, true);
        if (old === 0n || old > BigInt(copy.length)) continue;
        view.setBigUint64(offset, BigInt.asUintN(64, BigInt(size)), true);
        const said = await failure(copy);
        expect(said).toMatch(/^(fine|MODEL_LOAD_FAILED|UNSUPPORTED)/);
        view.setBigUint64(offset, old, true);
      }
    }
  });

  test.each([
    ["that is cyclic", "shared_layer", '"keras_history": ["x0", 0, 0]', '"keras_history": ["dense", 1, 0]'],
    ["that refers to nothing", "sequential_built", '"units": 3', '"units": 30'],
    ["with a layer that is not there", "gru", '"keras_history": ["x0"', '"keras_history": ["x9"'],
    ["with the key __proto__", "gru", '"keras_history": ["x0"', '"keras_history": ["__proto__"'],
    ["with a negative size", "dense_no_bias_3d", '"units": 2', '"units": -2'],
    ["with a huge size", "dense_no_bias_3d", '"units": 2', '"units": 1e300'],
    ["that is no JSON", "gru", "{", "{{"],
  ])("a configuration %s", async (_what, name, from, to) => {
    const bytes = reconfigured(name, (json) => {
      expect(json).toContain(from);
      return json.replace(from, to);
    });
    expect(await failure(bytes)).toMatch(/^MODEL_LOAD_FAILED/);
  });

  test("a configuration with an option of the prototype does not reach it", async () => {
    const bytes = reconfigured("gru", (json) =>
      json.replace('"config": {', '"config": {"__proto__": {"evil": 1}, '),
    );
    await failure(bytes, { build: true });
    expect(Reflect.get({}, "evil")).toBeUndefined();
  });

  test("a million levels", async () => {
    const deep = reconfigured("gru", () => `${'{"a":['.repeat(500_000)}${"]}".repeat(500_000)}`);
    expect(await failure(deep)).toContain("nested deeper");
  });

  test("models inside models that call each other ever more often", async () => {
    const input = (name: string): object => ({
      class_name: "InputLayer",
      name,
      config: { batch_shape: [null, 1], dtype: "float32", name },
      inbound_nodes: [],
    });
    const tensor = (layer: string, node: number): object => ({
      class_name: "__keras_tensor__",
      config: { keras_history: [layer, node, 0] },
    });
    let inner: object = {
      class_name: "Activation",
      name: "inner",
      config: { name: "inner", trainable: true, activation: "linear" },
    };
    for (let depth = 0; depth < 15; depth += 1) {
      const calls = [
        { args: [tensor("x", 0)] },
        ...Array.from({ length: 9 }, (_, at) => ({ args: [tensor("inner", at)] })),
      ];
      inner = {
        class_name: "Functional",
        name: "inner",
        config: {
          name: "inner",
          layers: [input("x"), { ...inner, inbound_nodes: calls }],
          input_layers: [["x", 0, 0]],
          output_layers: [["inner", depth === 0 ? 9 : 10, 0]],
        },
      };
    }
    expect(await failure(reconfigured("gru", () => JSON.stringify(inner)))).toContain(
      "more than 20000 calls",
    );
  });

  test("weights that do not fit their layer", async () => {
    const wider = reconfigured("dense_no_bias_3d", (json) =>
      json.replaceAll("[null, 3, 4]", "[null, 3, 1000000000]"),
    );
    expect(await failure(wider, { build: true })).toMatch(
      /^MODEL_LOAD_FAILED.* \[4, 2\] .* \[1000000000, 2\]/,
    );
    const fewer = reconfigured("dense_no_bias_3d", (json) =>
      json.replace('"use_bias": false', '"use_bias": true'),
    );
    expect(await failure(fewer)).toContain("no weight bias");
  });
});

test("no change of bytes makes anything but a typed error", async () => {
  expect.hasAssertions();
  const files = ["nested_models", "bidirectional_gru", "price"].flatMap((name) => [
    fileOf(name, "keras", ".keras"),
    fileOf(name, "tf_keras", name === "nested_models" ? ".keras" : ".h5"),
  ]);
  const byte = fc.oneof(fc.constantFrom(0, 1, 0x7f, 0x80, 0xff), fc.integer({ min: 0, max: 255 }));
  const mutations = fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), byte), {
    minLength: 1,
    maxLength: 12,
  });
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...files), fc.boolean(), mutations, async (file, early, changes) => {
      const copy = file.slice();
      // Headers are at the start of HDF5 files.
      const range = early ? Math.min(4096, copy.length) : copy.length;
      for (const [position, value] of changes) copy[Math.floor(position * (range - 1))] = value;
      const said = await failure(copy);
      expect(said).toMatch(/^(fine|MODEL_LOAD_FAILED|UNSUPPORTED)/);
    }),
    { numRuns: 1500, seed: 7 },
  );
});
