import type { Hdf5Node } from "../hdf5/hdf5-file.ts";
import type { WeightSlot } from "../layers/rule.ts";
import type { LayerConfig } from "../model-config.ts";

/** The dataset of each weight of a layer, in the order of its slots. */
export type StoredWeights = ReadonlyMap<LayerConfig, readonly Hdf5Node[]>;

/** The weights that a layer has. */
export type SlotsOf = (layer: LayerConfig) => readonly WeightSlot[];
