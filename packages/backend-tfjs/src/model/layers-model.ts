import { ModelLoadError, type Signature, type TensorInfo, UnsupportedError } from "@mlops/core";

import type { Engine } from "../engine/engine.ts";
import type {
  TfjsLayers,
  TfjsLayersModel,
  TfjsModelArtifacts,
  TfjsSymbolicTensor,
  TfjsTensor,
} from "../runtime.ts";
import type { LoadedModel } from "./loaded-model.ts";
import { refuseWrongLayers } from "./refuse-wrong-layers.ts";
import { isTfjsDType } from "./tensorflow-dtype.ts";

/** Makes a layers model from what was read of it, in the memory of an engine. */
export async function loadLayersModel(
  engine: Engine,
  layers: TfjsLayers,
  artifacts: TfjsModelArtifacts,
  location: string,
): Promise<LoadedModel> {
  const model = await engine.runAsync(() =>
    engine.withOwnVariables(() => layers.loadLayersModel({ load: async () => artifacts })),
  );
  return ownLayersModel(engine, model, location);
}

/** A layers model that was made for this alone: it is disposed of with the result, or here on failure. */
export function ownLayersModel(
  engine: Pick<Engine, "device">,
  model: TfjsLayersModel,
  location: string,
): LoadedModel {
  const dispose = (): void => {
    // The model's own dispose() leaves the weights of layers that are called more than once.
    for (const weight of model.weights) weight.dispose();
  };
  try {
    return { ...wrapLayersModel(engine, model, location), dispose };
  } catch (error) {
    dispose();
    throw error;
  }
}

/**
 * A layers model that is somebody else's.
 *
 * @throws UnsupportedError `UNSUPPORTED` when the engine would compute it wrongly, or it keeps a state.
 */
export function wrapLayersModel(
  { device }: Pick<Engine, "device">,
  model: TfjsLayersModel,
  location: string,
): Omit<LoadedModel, "dispose"> {
  refuseWrongLayers(device, model);
  // A sequential model has no names before it is built, which its first use would do.
  if (model.inputNames.length === 0) model.build();
  if (model.stateful === true) {
    throw new UnsupportedError({
      feature: "A layers model with a stateful layer, whose state would pass from one caller to the next,",
      remedy: "Make it without `stateful`, with the state as an input and an output.",
    });
  }
  const signature: Signature = {
    inputs: toInfos(model.inputNames, model.inputs, location),
    outputs: toInfos(model.outputNames, model.outputs, location),
  };
  const inputNames = signature.inputs.map(({ name }) => name);
  const outputNames = signature.outputs.map(({ name }) => name);
  return {
    signature,
    isAsync: false,
    execute(inputs, outputs) {
      const given = inputNames.map((name) => inputs[name]!);
      const result = model.predictOnBatch(given.length === 1 ? given[0]! : given);
      const results = Array.isArray(result) ? (result as readonly TfjsTensor[]) : [result as TfjsTensor];
      return outputs.map((name) => results[outputNames.indexOf(name)]!);
    },
  };
}

function toInfos(
  names: readonly string[],
  tensors: readonly TfjsSymbolicTensor[],
  location: string,
): readonly TensorInfo[] {
  const counts = new Map<string, number>();
  return Object.freeze(
    tensors.map(({ dtype, shape }, index) => {
      const layer = names[index] ?? `output_${index}`;
      // A layer with several outputs gives each of them its own name.
      const count = counts.get(layer) ?? 0;
      counts.set(layer, count + 1);
      const name = count === 0 ? layer : `${layer}_${count}`;
      if (!isTfjsDType(dtype)) {
        throw new ModelLoadError({
          location,
          problem: `${JSON.stringify(name)} is of the type ${dtype}, which is not supported`,
        });
      }
      return Object.freeze({ name, dtype, shape: Object.freeze([...shape]) });
    }),
  );
}
