import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";

import { createPredictor, defineModel, openArtifact, tensor } from "@mlops/core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { describeWith, requirement } from "../../../scripts/test/requirement.ts";
import { tfjs } from "./backend.ts";
import fixtures from "./saved-model.fixtures.json" with { type: "json" };

let folder: string;
let path: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "mlops-saved-model-"));
  path = join(folder, "saved_model.pb");
  for (const [name, content] of Object.entries(fixtures.files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), Buffer.from(content, "base64"));
  }
});
afterAll(() => rm(folder, { recursive: true }));

const x = tensor("float32", [1, 2, 3, 4], [2, 2]);

describeWith(requirement("tfjs-node"), "a SavedModel on tfjs-node", () => {
  test("tells its signature, and runs", async () => {
    for (const source of [path, pathToFileURL(path)]) {
      const session = await tfjs().load(openArtifact(source), {});
      expect(session).toMatchObject({
        device: "tensorflow",
        inputs: [{ name: "x", dtype: "float32", shape: [null, 2] }],
        outputs: [
          { name: "total", dtype: "float32", shape: [] },
          { name: "y", dtype: "float32", shape: [null, 3] },
        ],
      });
      const { y, total } = await session.doRun({ x }, {});
      expect(y).toEqual({
        dtype: "float32",
        shape: [2, 3],
        data: Float32Array.of(9.5, 12.25, 15.125, 19.5, 26.25, 33.125),
      });
      expect(total).toEqual({ dtype: "float32", shape: [], data: Float32Array.of(115.75) });
      await session.release();
    }
  });

  test("has other signatures: of text, and of any rank", async () => {
    const shout = await tfjs({ signature: "shout" }).load(openArtifact(path), {});
    expect(shout.inputs).toEqual([{ name: "words", dtype: "string", shape: [null] }]);
    const { loud } = await shout.doRun({ words: tensor("string", ["duck", "", "a"], [3]) }, {});
    expect(loud).toEqual({ dtype: "string", shape: [3], data: ["DUCK", "", "A"] });
    const negate = await tfjs({ signature: "negate" }).load(openArtifact(path), {});
    expect(negate.inputs).toEqual([{ name: "x", dtype: "float32", shape: undefined }]);
    expect((await negate.doRun({ x: tensor("float32", [2], []) }, {}))["y"]!.data).toEqual(
      Float32Array.of(-2),
    );
    await shout.release();
    await negate.release();
  });

  test.each(["worker", "process"] as const)("runs in a %s", async (execution) => {
    const model = defineModel({ name: "dense", version: "1", artifact: path });
    await using predictor = await createPredictor({
      model,
      backend: tfjs({ device: "tensorflow" }),
      execution,
    });
    expect((await predictor.predict({ x }))["y"]!.data[0]).toBe(9.5);
  });
});

describe("a SavedModel", () => {
  test("is refused by other engines, with the one that it is for", async () => {
    await expect(tfjs({ device: "cpu" }).load(openArtifact(path), {})).rejects.toMatchObject({
      code: "UNSUPPORTED",
      remedy: expect.stringContaining('"tensorflow"'),
    });
  });

  test.each([
    [{ signature: "none" }, 'it has no signature "none"; it has '],
    [{ tags: ["train"] }, "it has no graph with the tags [train]; it has [serve]"],
  ])("is refused where %o is not in it", async (choice, problem) => {
    const loading = tfjs({ device: "cpu", ...choice }).load(openArtifact(path), {});
    await expect(loading).rejects.toMatchObject({
      code: "MODEL_LOAD_FAILED",
      problem: expect.stringContaining(problem),
    });
  });

  test("that is cut off or garbage is refused", async () => {
    const bytes = Buffer.from(fixtures.files["saved_model.pb"], "base64");
    const other = join(folder, "other");
    await mkdir(other);
    const file = join(other, "saved_model.pb");
    for (const content of [bytes.subarray(0, 100), Buffer.from("no model"), Buffer.alloc(0)]) {
      await writeFile(file, content);
      await expect(tfjs({ device: "cpu" }).load(openArtifact(file), {})).rejects.toMatchObject({
        code: "MODEL_LOAD_FAILED",
      });
    }
  });
});
