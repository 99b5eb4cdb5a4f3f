// `pnpm bench:devices`: each device of the ONNX backend that is found here, against the bare runtime on it.
import { onnx, type OnnxDeviceName } from "@mlops/backend-onnx";
import { createPredictor, defineModel, tensor } from "@mlops/core";
import { mlpModel } from "@mlops/onnx-builder";
import * as onnxruntime from "onnxruntime-node";

import { formatNumber } from "./lib/format-number.ts";
import { describeMachine } from "./lib/machine.ts";
import { median } from "./lib/median.ts";
import { formatTable } from "./lib/table.ts";

/** Each with the runtime's name for it. */
const devices: Partial<Record<OnnxDeviceName, string>> = {
  cpu: "cpu",
  cuda: "cuda",
  tensorrt: "tensorrt",
  webgpu: "webgpu",
  directml: "dml",
  coreml: "coreml",
};
const [inputSize, outputSize] = [256, 16];
const bytes = mlpModel({ inputSize, hiddenSizes: [512, 512], outputSize, seed: 1 });
const model = defineModel({ name: "network", version: "1", artifact: bytes });
const rounds = 9;
/** The time of a round, as far as whole runs allow. */
const roundMs = 50;

const rows: string[][] = [];
for (const [device, provider] of Object.entries(devices)) {
  let predictor;
  try {
    // The table's own keys.
    const backend = onnx({ device: device as OnnxDeviceName });
    predictor = await createPredictor({ model, backend, execution: "inline", batching: false });
  } catch (error) {
    console.log(`${device} is left out: ${error instanceof Error ? error.message : String(error)}`);
    continue;
  }
  const options = { executionProviders: [provider], logSeverityLevel: 4 } as const;
  const session = await onnxruntime.InferenceSession.create(bytes, options);
  for (const batch of [1, 32]) {
    const data = Float32Array.from({ length: batch * inputSize }, (_, index) => Math.sin(index));
    const x = tensor("float32", data, [batch, inputSize]);
    const subjects: (() => Promise<unknown>)[] = [
      () => session.run({ x: new onnxruntime.Tensor("float32", data, [batch, inputSize]) }),
      () => predictor.predict({ x }),
    ];
    // Both in turn, so that what else the machine does strikes both.
    const times: [number[], number[]] = [[], []];
    await subjects[0]!();
    const firstAt = performance.now();
    await subjects[0]!();
    const runsPerRound = Math.max(1, Math.round(roundMs / (performance.now() - firstAt)));
    for (let round = -1; round < rounds; round += 1) {
      for (const [index, run] of subjects.entries()) {
        const startedAt = performance.now();
        for (let count = 0; count < runsPerRound; count += 1) await run();
        if (round >= 0) times[index]!.push((performance.now() - startedAt) / runsPerRound);
      }
    }
    const [bare, ours] = [median(times[0]), median(times[1])];
    rows.push([device, String(batch), formatNumber(bare), formatNumber(ours), formatNumber(ours / bare)]);
  }
  await session.release();
  await predictor.close();
}
console.log(`\n${describeMachine()}, onnxruntime-node ${onnxruntime.env.versions.node ?? "?"}\n`);
const titles = ["device", "rows", "bare runtime ms", "predictor ms", "ratio"];
const columns = titles.map((title) => ({ title, align: title === "device" ? "start" : "end" }) as const);
console.log(formatTable(columns, rows));
