import { setBackend } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, test } from "vitest";

import { kerasModels, unpack } from "./keras-models.fixtures.ts";
import { largestDifference } from "./largest-difference.fixtures.ts";
import { createLayersModel } from "./layers-model.ts";
import { readKeras } from "./read-keras.ts";
import { predict, tf } from "./tfjs.fixtures.ts";

/** Models with a layer in float16, whose own rounding they are compared with. */
const tolerances: Readonly<Record<string, number>> = { mixed_precision: 2e-2 };

beforeAll(async () => {
  await setBackend("cpu");
});

describe("a Keras file predicts what Keras does", () => {
  const files = kerasModels.cases.flatMap(({ files: saved, ...one }) =>
    Object.entries(saved).map(([extension, file]) => ({ ...one, extension, file })),
  );

  test.each(files)("$name $extension by $writer", async ({ name, file, inputs, outputs }) => {
    const before = tf.memory().numTensors;
    const model = await createLayersModel(tf, readKeras(unpack(file)));
    expect(largestDifference(predict(model, inputs), outputs)).toBeLessThanOrEqual(tolerances[name] ?? 1e-5);
    // model.dispose() leaves those of layers that are called more than once.
    for (const weight of model.weights) weight.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  test("of at least 40 models", () => {
    expect(new Set(kerasModels.cases.map(({ name }) => name)).size).toBeGreaterThanOrEqual(40);
  });
});
