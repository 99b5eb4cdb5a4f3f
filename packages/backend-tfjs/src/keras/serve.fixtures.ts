import { createPredictor, defineModel, type Predictor, tensor } from "@mlops/core";

import { tfjs } from "../backend.ts";
import type { TfjsDevice } from "../device.ts";
import type { FixtureTensor } from "./keras-models.fixtures.ts";

/** What a predictor of a Keras file gives, its inputs and outputs in the order of the model. */
export async function serve(
  artifact: Uint8Array,
  device: TfjsDevice | readonly TfjsDevice[],
  inputs: readonly FixtureTensor[],
): Promise<FixtureTensor[]> {
  const model = defineModel({ name: "keras", version: "1", artifact });
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
