import { createPredictor, defineModel, type Predictor, tensor } from "@mlops/core";
import * as core from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";

import { tfjs } from "../backend.ts";
import type { TfjsDevice } from "../device.ts";
import { type FixtureTensor, kerasModels, unpack } from "./keras-models.fixtures.ts";
import { largestDifference } from "./tfjs.fixtures.ts";

/** What a predictor of a Keras file gives, its inputs and outputs in the order of the model. */
async function serve(
  file: string,
  device: TfjsDevice,
  inputs: readonly FixtureTensor[],
): Promise<FixtureTensor[]> {
  const model = defineModel({ name: "keras", version: "1", artifact: unpack(file) });
  const backend = tfjs({ device });
  // The predictor of a single model has predictTensors.
  await using predictor = (await createPredictor({ model, backend, execution: "inline" })) as Predictor &
    Required<Pick<Predictor, "predictTensors">>;
  const { signature } = predictor.info;
  const given = signature?.inputs.map(({ name, dtype }, index) => {
    const { shape = [], data = [] } = inputs[index] ?? {};
    return [name, tensor(dtype === "int32" ? "int32" : "float32", [...data], shape)] as const;
  });
  const results = await predictor.predictTensors(Object.fromEntries(given ?? []));
  return (signature?.outputs ?? []).map(({ name }) => {
    const { shape = [], data } = results[name] ?? {};
    return { shape, data: Array.from(data as Float32Array) };
  });
}

const names = [
  "price",
  "shared_layer",
  "bidirectional_gru",
  "conv2d_same_strides",
  "two_in_two_out",
  "odd_names",
];
const cases = kerasModels.cases
  .filter(({ name }) => names.includes(name))
  .flatMap(({ files, ...one }) =>
    Object.entries(files).map(([extension, file]) => ({ ...one, extension, file })),
  )
  .flatMap((one) => (["cpu", "wasm"] as const).map((device) => ({ ...one, device })));

test.each(cases)("the backend serves $name $extension by $writer on $device", async (one) => {
  const { file, device, inputs, outputs } = one;
  await serve(file, device, inputs);
  const before = core.engine().memory().numTensors;
  expect(largestDifference(await serve(file, device, inputs), outputs)).toBeLessThanOrEqual(1e-5);
  expect(core.engine().memory().numTensors).toBe(before);
});
