import { writeSync } from "node:fs";

import { onnx } from "@mlops/backend-onnx";
import { mlpModel } from "@mlops/onnx-builder";

import { defineModel } from "../model/define-model.ts";
import { createPredictor } from "../predictor/create-predictor.ts";
import type { Execution } from "../predictor/execution.ts";
import type { Predictor } from "../predictor/predictor.ts";
import { tensor } from "../tensor/tensor.ts";
import { collectGarbage } from "./collect-garbage.fixtures.ts";

// Run by the many-sessions tests as a program, whose memory is its own:
// `node many-sessions.fixtures.ts <execution> <sessions> <close|keep>`. It loads a model of 10 MB
// that often, runs each and closes it, or keeps all, and prints a SessionsReport.

/** What the sessions came to. */
export interface SessionsReport {
  readonly modelBytes: number;
  /** By how many bytes the resident set grew from after the first session, which loads the runtime, until after the last. */
  readonly grownBytes: number;
}

const [execution, sessions, ending] = process.argv.slice(2) as [Execution, string, "close" | "keep"];
const inputSize = 512;
const artifact = mlpModel({ inputSize, hiddenSizes: [1_024, 1_024, 1_024], outputSize: 1, seed: 1 });
const backend = onnx();
const kept: Predictor[] = [];

/** Loads, runs and closes one. */
async function useOne(): Promise<void> {
  const model = defineModel({ name: "mlp", version: "1", artifact });
  const predictor = await createPredictor({ model, backend, execution });
  await predictor.predict({ x: tensor("float32", new Float32Array(inputSize), [1, inputSize]) });
  if (ending === "keep") kept.push(predictor);
  else await predictor.close();
}

async function measure(): Promise<number> {
  await collectGarbage();
  return process.memoryUsage.rss();
}

await useOne();
const before = await measure();
for (let count = 0; count < Number(sessions); count += 1) await useOne();
const report: SessionsReport = { modelBytes: artifact.byteLength, grownBytes: (await measure()) - before };
writeSync(1, JSON.stringify(report));
await Promise.all(kept.map((predictor) => predictor.close()));
