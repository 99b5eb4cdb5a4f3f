import { UnsupportedError } from "@mlops/core";

import { field, isObject, type Json } from "../json.ts";
import { readClassName } from "../model-config.ts";
import { damagedOption } from "./options.ts";
import type { Option } from "./rule.ts";

/** Activations by their name in Keras: their name in TensorFlow.js. */
const names: Readonly<Record<string, string>> = {
  elu: "elu",
  gelu: "gelu",
  linear: "linear",
  log_softmax: "log_softmax",
  mish: "mish",
  relu: "relu",
  relu6: "relu6",
  selu: "selu",
  sigmoid: "sigmoid",
  silu: "swish",
  softmax: "softmax",
  softplus: "softplus",
  softsign: "softsign",
  swish: "swish",
  tanh: "tanh",
};

/** An activation by its name, or as Keras serializes a function. */
export const activation: Option = (value, place) => {
  if (value === null) return "linear";
  const name = nameOf(value);
  if (name === undefined) throw damagedOption(place, "activation");
  if (Object.hasOwn(names, name)) return names[name];
  // Keras 2 and TensorFlow.js compute clip(x / 5 + 1 / 2, 0, 1), Keras 3 clip(x / 6 + 1 / 2, 0, 1).
  if (name === "hard_sigmoid" && place.kerasMajor < 3) return name;
  throw new UnsupportedError({
    feature: `The activation ${JSON.stringify(name)}${name === "hard_sigmoid" ? " as Keras 3 computes it" : ""}, of the Keras layer ${JSON.stringify(place.layer)} (${place.className}),`,
    remedy: `TensorFlow.js can do ${Object.keys(names).join(", ")}.`,
  });
};

function nameOf(value: Json): string | undefined {
  if (typeof value === "string") return value;
  if (!isObject(value)) return undefined;
  const className = readClassName(value);
  const config = field(value, "config");
  return className === "function" && typeof config === "string" ? config : className;
}
