import { historyOf } from "./calls.ts";
import { field, isArray, isObject, type Json, type JsonObject } from "./json.ts";

/**
 * The names of the operations by which Keras 3 spells out a mask: `NotEqual` of what an `Embedding` or
 * a `Masking` layer takes, and for the latter `Any` of that. TensorFlow.js passes these masks on by
 * itself, so the operations can go. An operation that computes another mask is not among them.
 */
export function findMasks(layers: readonly Json[]): ReadonlySet<string> {
  const objects = layers.filter(isObject);
  const masked = new Set(
    objects
      .filter((layer) => isOneOf(layer, ["Embedding", "Masking"]))
      .flatMap((layer) => argumentsOf(layer)),
  );
  const found = new Set<string>();
  for (const className of ["NotEqual", "Any"]) {
    for (const layer of objects) {
      const name = field(layer, "name");
      if (!isOperation(layer) || typeof name !== "string" || field(layer, "class_name") !== className)
        continue;
      const [input = ""] = argumentsOf(layer);
      const isMask = className === "Any" ? found.has(layerIn(input)) : masked.has(input);
      if (isMask) found.add(name);
    }
  }
  return found;
}

/**
 * Whether a layer is an operation of `keras.ops`, and so no layer: it keeps no weights, and is not
 * counted among the layers. A `.h5` file does not say so, but every layer has a dtype, or says whether it is trainable.
 */
export function isOperation(layer: JsonObject): boolean {
  const module = field(layer, "module");
  if (typeof module === "string") return /^keras(\.src)?\.ops\b/.test(module);
  const config = field(layer, "config");
  const isModel = isOneOf(layer, ["Sequential", "Functional", "Model"]);
  return (
    !isModel && isObject(config) && !Object.hasOwn(config, "trainable") && !Object.hasOwn(config, "dtype")
  );
}

function isOneOf(layer: JsonObject, classes: readonly Json[]): boolean {
  return classes.includes(field(layer, "class_name") ?? null);
}

/** The first argument of each call of a layer, as `[layer, node, tensor]` in JSON. */
function argumentsOf(layer: JsonObject): readonly string[] {
  const calls = field(layer, "inbound_nodes");
  return (isArray(calls) ? calls : []).flatMap((call) => {
    const args = isObject(call) ? field(call, "args") : undefined;
    const history = isArray(args) ? historyOf(args[0]) : undefined;
    return history === undefined ? [] : [JSON.stringify(history)];
  });
}

function layerIn(history: string): string {
  const parsed: unknown = history === "" ? [] : JSON.parse(history);
  return Array.isArray(parsed) ? String(parsed[0]) : "";
}
