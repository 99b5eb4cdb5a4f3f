import { FormatProblem } from "../format-problem.ts";
import type { Hdf5Node } from "../hdf5/hdf5-file.ts";
import { field } from "../json.ts";
import type { LayerConfig, ModelConfig } from "../model-config.ts";
import type { SlotsOf, StoredWeights } from "./stored-weights.ts";

/**
 * Finds the weights in a `.h5` file, by Keras 2 or 3: a group for each layer, whose attribute
 * `weight_names` lists them. Those of a model inside are one list, with what training changes first.
 */
export function findLegacyWeights(file: Hdf5Node, model: ModelConfig, slotsOf: SlotsOf): StoredWeights {
  const root = file.find("model_weights") ?? file;
  const found = new Map<LayerConfig, Hdf5Node[]>();
  for (const layer of model.layers) {
    const wanted = wantedBy(layer, true, slotsOf);
    const ordered = [
      ...wanted.filter(({ trainable }) => trainable),
      ...wanted.filter(({ trainable }) => !trainable),
    ];
    if (ordered.length === 0) continue;
    const group = root.find(layer.name);
    if (group === undefined)
      throw new FormatProblem(`it has no weights of the layer ${JSON.stringify(layer.name)}`);
    const names = readNames(group, "weight_names");
    if (names.length !== ordered.length) {
      throw new FormatProblem(
        `its layer ${JSON.stringify(layer.name)} takes ${ordered.length} weights, and the file has ${names.length}`,
      );
    }
    ordered.forEach(({ owner, slot }, index) => {
      const name = names[index] ?? "";
      const node = group.find(name);
      if (node === undefined) throw new FormatProblem(`its weight ${JSON.stringify(name)} is missing`);
      const own = found.get(owner) ?? [];
      own[slot] = node;
      found.set(owner, own);
    });
  }
  return found;
}

interface WantedWeight {
  readonly owner: LayerConfig;
  readonly slot: number;
  readonly trainable: boolean;
}

/** The weights of a layer and of the layers inside it, in their order. */
function wantedBy(layer: LayerConfig, parentTrainable: boolean, slotsOf: SlotsOf): readonly WantedWeight[] {
  const trainable = parentTrainable && field(layer.options, "trainable") !== false;
  if (layer.model !== undefined) {
    return layer.model.layers.flatMap((inner) => wantedBy(inner, trainable, slotsOf));
  }
  return slotsOf(layer).map((slot, index) => ({
    owner: layer,
    slot: index,
    trainable: trainable && slot.trainable,
  }));
}

/** The most parts that a list of names may be in. HDF5's limit of 64 KB for an attribute makes Keras split long ones. */
const mostParts = 10_000;

/** The strings of an attribute, or of `name0`, `name1`, … */
function readNames(group: Hdf5Node, name: string): readonly string[] {
  const whole = group.texts(name);
  if (whole !== undefined) return whole;
  const names: string[] = [];
  for (let part = 0; part < mostParts; part += 1) {
    const texts = group.texts(`${name}${part}`);
    if (texts === undefined) break;
    names.push(...texts);
  }
  return names;
}
