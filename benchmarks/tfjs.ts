// `pnpm bench:tfjs`: a predictor on an engine of TensorFlow.js, beside a loop around the same engine by hand.
import { tfjs, type TfjsDevice } from "@mlops/backend-tfjs";
import {
  createPredictor,
  defineModel,
  MissingDependencyError,
  type Predictor,
  type TensorMap,
} from "@mlops/core";
import * as tf from "@tensorflow/tfjs-core";
import * as layers from "@tensorflow/tfjs-layers";

import { runClosedLoop } from "./lib/closed-loop.ts";
import type { Goal } from "./lib/goal.ts";
import { describeMachine } from "./lib/machine.ts";
import { Measurements } from "./lib/measurements.ts";
import { type QuickOptions, readQuickOptions } from "./lib/quick-options.ts";
import { orderOfRound } from "./lib/rounds.ts";
import { formatRows } from "./lib/row-table.ts";
import { createRow, type Row } from "./lib/row.ts";
import { writeRows } from "./lib/write-rows.ts";
import { createDenseModel, inputOf, inputSize } from "./tfjs/dense-model.ts";

/** Answers a request. */
type Ask = (input: Float32Array) => Float32Array | Promise<Float32Array>;

const byHand = "by hand";
const predictor = "@mlops/core";
const subjects = [byHand, predictor] as const;
const loads = [1, 64];

async function main({ quick: isQuick, json }: QuickOptions): Promise<void> {
  const rounds = isQuick ? 1 : 9;
  const rows: Row[] = [];
  for (const device of ["tensorflow", "wasm", "cpu"] as const) {
    const measurements = await measure(device, { rounds, maxMs: isQuick ? 30 : 1_000 });
    if (measurements === undefined) continue;
    for (const callers of loads) rows.push(...rowsOf(device, callers, measurements));
  }
  process.stdout.write(`Median of ${rounds} rounds. ${describeMachine()}.\n\n${formatRows(rows)}\n`);
  if (json !== undefined) await writeRows(json, rows);
}

/** Requests a second by subject, for 1 caller and for 64; nothing where the engine is not there. */
async function measure(
  device: TfjsDevice,
  { rounds, maxMs }: { readonly rounds: number; readonly maxMs: number },
): Promise<Measurements | undefined> {
  const backend = tfjs({ device });
  // Has to be there before TensorFlow.js is used by hand.
  const started = await start(backend);
  if (started === undefined) return undefined;
  await tf.setBackend(device);
  const bytes = await createDenseModel(tf, layers);
  const model = defineModel({ name: "dense", version: "1", artifact: bytes });
  await using own = await createPredictor({ model, backend, execution: "inline" });
  const asks: Readonly<Record<(typeof subjects)[number], Ask>> = {
    [byHand]: await loadByHand(bytes),
    [predictor]: asking(own),
  };
  const expected = await asks[byHand](inputOf(0));
  const measurements = new Measurements();
  for (let round = -1; round < rounds; round += 1) {
    for (const callers of loads) {
      for (const subject of orderOfRound(subjects, Math.max(0, round))) {
        const inputs = Array.from({ length: 256 }, (_, index) => inputOf(index));
        const result = await runClosedLoop({
          concurrency: callers,
          maxRequests: Infinity,
          maxMs,
          send: async (index) => asks[subject](inputs[index % inputs.length]!),
          findProblem: (answer, index) =>
            index % inputs.length === 0 ? differenceOf(answer, expected) : undefined,
        });
        if (result.firstProblem !== undefined) throw new Error(`${subject}: ${result.firstProblem}`);
        const value = (1_000 * result.latenciesMs.length) / result.durationMs;
        // The first round warms up.
        if (round >= 0) measurements.add({ figure: `${callers}`, subject }, value);
      }
    }
  }
  return measurements;
}

/** Starts the engine of a backend; nothing where it is not installed. */
async function start(backend: ReturnType<typeof tfjs>): Promise<true | undefined> {
  const model = defineModel({ name: "nothing", version: "1", artifact: new TextEncoder().encode(nothing) });
  try {
    await using _predictor = await createPredictor({ model, backend, execution: "inline" });
    return true;
  } catch (error) {
    if (MissingDependencyError.isInstance(error)) return undefined;
    throw error;
  }
}

/** A layer without weights. */
const nothing = JSON.stringify({
  modelTopology: {
    class_name: "Sequential",
    config: {
      name: "nothing",
      layers: [{ class_name: "ReLU", config: { name: "y", batch_input_shape: [null, 1] } }],
    },
  },
});

/** What a program does that uses TensorFlow.js alone: one request, one run. */
async function loadByHand(bytes: Uint8Array): Promise<Ask> {
  const { weightsManifest, ...json } = JSON.parse(new TextDecoder().decode(bytes)) as {
    modelTopology: object;
    weightsManifest: { paths: string[]; weights: tf.io.WeightsManifestEntry[] }[];
  };
  const [{ paths, weights: weightSpecs } = { paths: [], weights: [] }] = weightsManifest;
  const weightData = await (await fetch(paths[0]!)).arrayBuffer();
  const model = await layers.loadLayersModel({ load: async () => ({ ...json, weightSpecs, weightData }) });
  return (input) =>
    tf.tidy(() => (model.predict(tf.tensor(input, [1, inputSize])) as tf.Tensor).dataSync() as Float32Array);
}

function asking(own: Predictor): Ask {
  const [input = ""] = own.info.signature?.inputs.map(({ name }) => name) ?? [];
  return async (data) => {
    const { y } = await own.predict({
      [input]: { dtype: "float32", shape: [1, inputSize], data },
    } satisfies TensorMap);
    return y!.data as Float32Array;
  };
}

function differenceOf(answer: Float32Array, expected: Float32Array): string | undefined {
  const isEqual =
    answer.length === expected.length &&
    answer.every((value, index) => Math.abs(value - expected[index]!) < 1e-4);
  return isEqual ? undefined : "an answer is another request's";
}

function rowsOf(device: TfjsDevice, callers: number, measurements: Measurements): Row[] {
  // 1 / 1.05 of the requests a second is 1.05 of the time.
  const goal: Goal = callers === 1 ? ">= 0.952" : ">= 3";
  return subjects.map((subject) => {
    const key = { figure: `${callers}`, subject };
    const isOwn = subject === predictor;
    return createRow({
      name: `${device}, ${callers} ${callers === 1 ? "caller" : "callers"}: ${subject}`,
      value: measurements.value(key)!,
      unit: "requests/s",
      against: isOwn ? byHand : undefined,
      ratio: isOwn ? measurements.ratio(key, byHand) : undefined,
      ratioRange: isOwn ? measurements.ratioRange(key, byHand) : undefined,
      goal: isOwn ? goal : undefined,
    });
  });
}

const options = readQuickOptions("bench:tfjs");
if (options !== undefined) await main(options);
