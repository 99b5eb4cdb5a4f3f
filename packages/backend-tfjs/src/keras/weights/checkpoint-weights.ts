import { FormatProblem } from "../format-problem.ts";
import type { Hdf5Node } from "../hdf5/hdf5-file.ts";
import type { LayerConfig, ModelConfig } from "../model-config.ts";
import type { SlotsOf, StoredWeights } from "./stored-weights.ts";

/** Where a model's layers are: the second as TensorFlow 2.12 named it. */
const containers = ["layers", "_layer_checkpoint_dependencies"];

/**
 * Finds the weights in a `.keras` file's `model.weights.h5`, where a layer goes by its class and
 * its number among those of the class: `layers/dense_1/vars/0`.
 */
export function findCheckpointWeights(file: Hdf5Node, model: ModelConfig, slotsOf: SlotsOf): StoredWeights {
  const found = new Map<LayerConfig, readonly Hdf5Node[]>();
  const visit = (root: Hdf5Node, { layers, name }: ModelConfig): void => {
    const container = containers.map((path) => root.find(path)).find((group) => group !== undefined);
    if (container === undefined)
      throw new FormatProblem(`it has no weights of the model ${JSON.stringify(name)}`);
    const counts = new Map<string, number>();
    for (const layer of layers) {
      if (layer.isOperation) continue;
      const group = toSnakeCase(layer.className === "Model" ? "Functional" : layer.className);
      const count = counts.get(group) ?? 0;
      counts.set(group, count + 1);
      const numbered = count === 0 ? group : `${group}_${count}`;
      const slots = layer.model === undefined ? slotsOf(layer) : [];
      if (layer.model === undefined && slots.length === 0) continue;
      const node = container.find(numbered);
      if (node === undefined) {
        throw new FormatProblem(
          `it has no weights of the layer ${JSON.stringify(layer.name)} in ${container.path}/${numbered}`,
        );
      }
      if (layer.model === undefined) found.set(layer, findVariables(node, layer.name, slots));
      else visit(node, layer.model);
    }
  };
  visit(file, model);
  return found;
}

/** The variables of a layer: those of each of its parts are numbered from 0. */
function findVariables(layer: Hdf5Node, name: string, slots: ReturnType<SlotsOf>): readonly Hdf5Node[] {
  const counts = new Map<string, number>();
  return slots.map(({ part, name: weightName }) => {
    const index = counts.get(part) ?? 0;
    counts.set(part, index + 1);
    const node = layer.find(`${part}/vars/${index}`);
    if (node !== undefined) return node;
    throw new FormatProblem(
      `it has no weight ${weightName} of the layer ${JSON.stringify(name)} in ${layer.path}`,
    );
  });
}

/** A class's name as Keras writes it in paths. */
function toSnakeCase(className: string): string {
  return className
    .replaceAll(/(.)([A-Z][a-z]+)/g, "$1_$2")
    .replaceAll(/([a-z])([A-Z])/g, "$1_$2")
    .toLowerCase();
}
