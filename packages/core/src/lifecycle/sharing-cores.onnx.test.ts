import { onnx } from "@mlops/backend-onnx";
import { mlpModel } from "@mlops/onnx-builder";
import { describe, expect, test } from "vitest";

import { defineModel } from "../model/define-model.ts";
import type { Predictor } from "../predictor/predictor.ts";
import { createPredictor } from "../predictor/create-predictor.ts";
import { tensor, type TensorMap } from "../tensor/tensor.ts";
import { type CoreBudget, createCoreBudget } from "./core-budget.ts";

const inputSize = 64;
const row: TensorMap = { x: tensor("float32", new Float32Array(inputSize), [1, inputSize]) };

/** From when to when each run was under way, by the caller's clock. */
function runsOf(predictor: Predictor): { readonly from: number; readonly to: number }[] {
  const runs: { from: number; to: number }[] = [];
  predictor.observe(({ startedAt, queueMs = 0, runMs }) => {
    runs.push({ from: startedAt + queueMs, to: startedAt + queueMs + runMs });
  });
  return runs;
}

/** Keeps a heavy model busy in its worker, and asks a light one in another beside it. */
async function play(cores: CoreBudget | undefined) {
  const open = (name: string, hiddenSizes: readonly number[]): Promise<Predictor> => {
    const artifact = mlpModel({ inputSize, hiddenSizes, outputSize: 1, seed: 7 });
    const model = defineModel({ name, version: "1", artifact });
    return createPredictor({ model, backend: onnx(), execution: "worker", batching: false, cores });
  };
  await using heavy = await open("heavy", [2_000, 2_000, 2_000]);
  await using light = await open("light", [1_200, 1_200]);
  const [heavyRuns, lightRuns] = [runsOf(heavy), runsOf(light)];
  let heavyDone = 0;
  let isOver = false;
  // Two callers, so that there is always one who waits.
  const load = [1, 2].map(async () => {
    while (!isOver) {
      await heavy.predict(row);
      heavyDone += 1;
    }
  });
  for (let request = 0; request < 40; request += 1) await light.predict(row);
  isOver = true;
  await Promise.all(load);
  await Promise.all([heavy.close(), light.close()]);
  // An event's times are those of the predictor, a little before those of the queue.
  const overlaps = lightRuns.filter((run) =>
    heavyRuns.some(
      (other) => Math.min(run.to, other.to) - Math.max(run.from, other.from) > (run.to - run.from) / 2,
    ),
  );
  return { overlaps: overlaps.length, lightRuns, heavyDone };
}

describe("a light and a heavy model in ONNX Runtime", () => {
  test("take turns on the cores that they share, and both get on", async () => {
    const { overlaps, lightRuns, heavyDone } = await play(createCoreBudget({ maxTurnMs: Infinity }));
    expect(lightRuns).toHaveLength(40);
    expect(overlaps).toBeLessThanOrEqual(2);
    expect(heavyDone).toBeGreaterThan(0);
  });

  test("run at the same time when they share none, which is what the above rules out", async () => {
    expect((await play(undefined)).overlaps).toBeGreaterThan(10);
  });
});
