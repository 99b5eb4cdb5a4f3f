import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { Tensor } from "@mlops/core";
import { env, LogLevel, pipeline } from "@huggingface/transformers";
import { afterAll, beforeAll, expect, test } from "vitest";

import { describeWith } from "../../../../scripts/test/requirement.ts";
import { textModelsRequirement, writeModelFolders } from "../text/published-text-models.fixtures.ts";
import reference from "../text/text.fixtures.json" with { type: "json" };
import { transformersPredictor } from "./transformers-predictor.ts";

// transformers.js itself, with models that lie in a local folder.

describeWith(await textModelsRequirement(), "pipelines of transformers.js", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "mlops-pipelines-"));
    await writeModelFolders(folder);
    Object.assign(env, {
      logLevel: LogLevel.NONE,
      allowRemoteModels: false,
      localModelPath: folder,
      useFSCache: false,
    });
  });
  afterAll(() => rm(folder, { recursive: true }));

  // They cut at 512 tokens, the reference at 64.
  const cases = reference.cases.filter(({ cutTokens, ids }) => cutTokens === 0 && ids.length > 2);
  const texts = cases.map(({ text }) => text);

  test("a feature extraction gives the reference's vectors", async () => {
    const extractor = await pipeline("feature-extraction", "encoder", { dtype: "q8" });
    await using embedder = await transformersPredictor(extractor, {
      name: "minilm",
      version: "6",
      args: [{ pooling: "mean", normalize: true }],
      decode: (row, _text: string) => row as Tensor<"float32">,
    });
    const vectors = await embedder.predictMany(texts);
    for (const [index, { shape, data }] of vectors.entries()) {
      const { vector } = cases[index]!;
      expect(shape).toEqual([384]);
      expect(Math.max(...data.map((value, place) => Math.abs(value - vector[place]!)))).toBeLessThan(1e-5);
    }
  });

  test("a text classification gives each text its own label and score", async () => {
    const classifier = await pipeline("text-classification", "classifier", { dtype: "q8" });
    const predictor = await transformersPredictor(classifier, {
      name: "defender",
      version: "5",
      decode: (result, _text: string) => result as { readonly label: string; readonly score: number },
    });
    const [question, , , injection] = await predictor.predictMany(
      reference.cases.map(({ text }) => text).slice(0, 4),
    );
    expect(question!.label).toBe("about injections");
    expect(injection!.label).toBe("injection");
    expect(injection!.score).toBeGreaterThan(0.9);
    await predictor.close();
    // The pipeline has been disposed of.
    await expect(classifier("a")).rejects.toThrow("disposed");
  });
});
