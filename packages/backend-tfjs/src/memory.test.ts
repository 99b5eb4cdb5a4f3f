import { openArtifact, type Session, tensor, type TensorMap } from "@mlops/core";
import * as tf from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { requirement } from "../../../scripts/test/requirement.ts";
import { tfjs } from "./backend.ts";
import { conformanceModel } from "./conformance-models.fixtures.ts";
import type { TfjsDevice } from "./device.ts";
import { encodeJson } from "./graph-builder.fixtures.ts";
import { denseLayers, denseLayersJson, loopGraph, sharedLayers } from "./test-models.fixtures.ts";

// `numTensors` counts the tensors of everybody on this thread.

const numTensors = (): number => tf.memory().numTensors;
const models = {
  dense: denseLayers(),
  loop: loopGraph(),
  shared: sharedLayers(),
  lookup: conformanceModel("lookup", { slowWidth: 1 }) as Uint8Array,
  text: conformanceModel("identity-string", { slowWidth: 1 }) as Uint8Array,
};
const inputs: Readonly<Record<keyof typeof models, (value: number) => TensorMap>> = {
  dense: (value) => ({ x: tensor("float32", [value, 1], [1, 2]) }),
  loop: (value) => ({ x: tensor("float32", [value, 1], [1, 2]), times: tensor("int32", [value % 5], []) }),
  shared: (value) => ({ x: tensor("float32", [value, 1], [1, 2]) }),
  lookup: (value) => ({ index: tensor("int32", [value % 4], [1, 1]) }),
  text: (value) => ({ x: tensor("string", [`${value}`, "", "ü"], [1, 3]) }),
};

/** Inputs that core would refuse, so that the engine fails, in the midst of a run or before it. */
const failing: Readonly<Record<keyof typeof models, TensorMap>> = {
  dense: { x: tensor("float32", [1, 2, 3], [1, 3]) },
  loop: { x: tensor("float32", [1, 2], [1, 2]), times: tensor("float32", [1.5], []) },
  shared: { x: tensor("float32", [1, 2, 3], [1, 3]) },
  lookup: { index: tensor("int32", [99], [1, 1]) },
  text: { x: tensor("string", ["a"], [1]) },
};

const devices: TfjsDevice[] = requirement("tfjs-node").available
  ? ["cpu", "wasm", "tensorflow"]
  : ["cpu", "wasm"];

describe.each(devices)("the tensors of %s", (device) => {
  const backend = tfjs({ device });
  const names = ["dense", "loop", "shared", "lookup", "text"] as const;

  test("are as many after any run, error or abort as before", async () => {
    const sessions = new Map<string, Session>();
    for (const name of names) sessions.set(name, await backend.load(openArtifact(models[name]), {}));
    const before = numTensors();
    const step = fc.record({
      name: fc.constantFrom(...names),
      kind: fc.constantFrom("run", "fail", "abort", "unknown output"),
      value: fc.nat(20),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 8 }), fc.boolean(), async (steps, inParallel) => {
        const run = async ({ name, kind, value }: (typeof steps)[number]): Promise<void> => {
          const session = sessions.get(name)!;
          const controller = new AbortController();
          const running = session.doRun(kind === "fail" ? failing[name] : inputs[name](value), {
            signal: controller.signal,
            outputs: kind === "unknown output" ? ["none"] : undefined,
          });
          if (kind === "abort") controller.abort();
          const [{ status }] = await Promise.allSettled([running]);
          const mayFail = kind !== "run";
          expect(mayFail || status === "fulfilled").toBe(true);
        };
        if (inParallel) await Promise.all(steps.map(run));
        else for (const each of steps) await run(each);
        expect(numTensors()).toBe(before);
      }),
      { seed: 7, numRuns: 60 },
    );
    for (const session of sessions.values()) await session.release();
  });

  test("are those of the weights while a model is loaded, and none when it is released", async () => {
    for (const name of names) {
      const before = numTensors();
      const session = await backend.load(openArtifact(models[name]), {});
      await session.doRun(inputs[name](1), {});
      await session.release();
      await session.release();
      expect(numTensors(), name).toBe(before);
    }
  });

  test("are none of a model that could not be loaded", async () => {
    const before = numTensors();
    const wrongShape = denseLayersJson({ units: 4 });
    for (const json of [
      wrongShape,
      { ...wrongShape, modelTopology: { class_name: "Nothing", config: {} } },
    ]) {
      await expect(backend.load(openArtifact(encodeJson(json)), {})).rejects.toMatchObject({
        code: "MODEL_LOAD_FAILED",
      });
      expect(numTensors()).toBe(before);
    }
  });
});

test("a run leaves the tensors of others alone", async () => {
  const backend = tfjs({ device: "wasm" });
  const loop = await backend.load(openArtifact(loopGraph()), {});
  await tf.ready();
  const running = loop.doRun(inputs.loop(4), {});
  const mine = tf.tidy(() => tf.keep(tf.add([1, 2], 1)));
  await running;
  expect([...mine.dataSync()]).toEqual([2, 3]);
  mine.dispose();
  await loop.release();
});
