import type { Json, JsonObject } from "../json.ts";

/** A weight of a layer. */
export interface WeightSlot {
  /** Its name in TensorFlow.js, after the layer's and a slash. */
  readonly name: string;
  /** The part of the layer that keeps it in a Keras 3 checkpoint: `""` for the layer itself, else a path such as `cell`. */
  readonly part: string;
  /** Its shape, `null` for a size that the layer's input decides; `undefined` when that decides the rank too. */
  readonly shape: readonly (number | null)[] | undefined;
  /** Whether training changes it by gradients. Keras's older format keeps those that it does first. */
  readonly trainable: boolean;
}

/** A layer as TensorFlow.js takes it, with snake-case options as in a Keras file. */
export interface ConvertedLayer {
  readonly className: string;
  readonly config: JsonObject;
  /** In the order in which Keras keeps them. */
  readonly weights: readonly WeightSlot[];
}

/** Where an option stands, for its error, and what its meaning depends on. */
export interface OptionPlace {
  /** The layer's name. */
  readonly layer: string;
  readonly className: string;
  readonly option: string;
  /** The major version of the Keras that wrote the file: 2 or 3. */
  readonly kerasMajor: number;
}

/** Reads one option: gives it as TensorFlow.js takes it, or `undefined` to leave it out. */
export type Option = (value: Json, place: OptionPlace) => Json | undefined;

/** How a class of layers is taken over. */
export interface LayerRule {
  /** The class in TensorFlow.js, when it is called otherwise there. */
  readonly className?: string;
  /** The options that count, by their name in Keras. Others have to be absent, `null` or `false`. */
  readonly options: Readonly<Record<string, Option>>;
  /** Options that TensorFlow.js calls otherwise. */
  readonly renamed?: Readonly<Record<string, string>>;
  /** Options that TensorFlow.js needs beside those of the file. */
  readonly fixed?: JsonObject;
  /** Its weights, from its options as TensorFlow.js takes them, which have been checked. Default none. */
  readonly weights?: (options: JsonObject) => readonly WeightSlot[];
}

/** A weight that training changes, kept by the layer itself. */
export function weight(name: string, shape: WeightSlot["shape"], part = ""): WeightSlot {
  return { name, part, shape, trainable: true };
}
