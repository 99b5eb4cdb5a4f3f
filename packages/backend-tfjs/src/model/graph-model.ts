import type { Engine } from "../engine/engine.ts";
import type { TfjsConverter, TfjsGraphModel, TfjsModelArtifacts, TfjsTensor } from "../runtime.ts";
import { readGraphSignature } from "./graph-signature.ts";
import type { LoadedModel } from "./loaded-model.ts";
import type { ModelJson } from "./model-json.ts";
import { keepBranchTensors } from "./keep-branch-tensors.ts";
import { hasToWait } from "./waiting-operations.ts";

/** Makes a graph model, as TensorFlow's converter writes them, in the memory of an engine. */
export async function loadGraphModel(
  engine: Engine,
  converter: TfjsConverter,
  json: ModelJson,
  artifacts: TfjsModelArtifacts,
  location: string,
): Promise<LoadedModel> {
  const signature = readGraphSignature(json, location);
  const outputNodes = signature.outputs.map(({ name }) => tensorNameOf(json, name));
  const isAsync = hasToWait(json.modelTopology, outputNodes);
  const model = await engine.runAsync(async () => {
    const loaded = converter.loadGraphModelSync(artifacts);
    try {
      await runInitializer(loaded, json);
    } catch (error) {
      loaded.dispose();
      throw error;
    }
    return loaded;
  }, tensorsOf);
  if (isAsync) keepBranchTensors(model);
  const toList = (result: TfjsTensor | readonly TfjsTensor[]): readonly TfjsTensor[] =>
    Array.isArray(result) ? (result as readonly TfjsTensor[]) : [result as TfjsTensor];
  return {
    signature,
    isAsync,
    // The model may change the record that it is given.
    execute: isAsync
      ? async (inputs, outputs) => toList(await model.executeAsync({ ...inputs }, outputs))
      : (inputs, outputs) => toList(model.execute({ ...inputs }, outputs)),
    dispose: () => model.dispose(),
  };
}

/** The tensors that a model keeps from run to run, none of which a scope may free. */
function tensorsOf(model: TfjsGraphModel): TfjsTensor[] {
  const captured = Object.values(model.resourceIdToCapturedInput ?? {});
  return [...Object.values(model.weights).flat(), ...captured];
}

/** The model would fill its tables in its first run, in whose scope they would go again. */
async function runInitializer(model: TfjsGraphModel, { modelInitializer }: ModelJson): Promise<void> {
  if (modelInitializer === undefined) return;
  const results = await model.executeInitializerGraphAsync();
  model.setResourceIdToCapturedInput(results);
}

function tensorNameOf({ signature, userDefinedMetadata }: ModelJson, output: string): string {
  const declared = signature ?? Reflect.get(userDefinedMetadata ?? {}, "signature");
  const outputs: unknown = Reflect.get(Object(declared), "outputs");
  const name: unknown = Reflect.get(Object(Reflect.get(Object(outputs), output)), "name");
  return typeof name === "string" ? name : output;
}
