import { UnsupportedError } from "@mlops/core";

import { field, isObject, type Json } from "../json.ts";
import type { OptionPlace } from "./rule.ts";

/** Policies that are computed in float32 here. The weights of the narrower ones are exact in it. */
const computedInFloat32 = /^(mixed_)?(float16|bfloat16|float32|float64)$/;

/** What an input can hold in Keras, by what it is in TensorFlow.js. */
const inputDtypes: Readonly<Record<string, string>> = {
  bool: "bool",
  int8: "int32",
  int16: "int32",
  int32: "int32",
  int64: "int32",
  uint8: "int32",
  uint16: "int32",
};

/** The name of a dtype or of a dtype policy, `float32` when there is none. */
function nameOf(value: Json | undefined): string {
  if (typeof value === "string") return value;
  const config = isObject(value) ? field(value, "config") : undefined;
  const name = isObject(config) ? (field(config, "name") ?? field(config, "source_name")) : undefined;
  const className = isObject(value) ? field(value, "class_name") : undefined;
  if (typeof className === "string" && className !== "DTypePolicy" && className !== "Policy")
    return className;
  return typeof name === "string" ? name : "float32";
}

/** Checks that a layer computes in floats. @throws UnsupportedError `UNSUPPORTED` for quantized and other layers. */
export function checkDtype(value: Json, place: OptionPlace): void {
  const name = nameOf(value);
  // Embeddings of Keras 2 may name the type of their input.
  if (computedInFloat32.test(name) || Object.hasOwn(inputDtypes, name)) return;
  throw new UnsupportedError({
    feature: `The dtype policy ${JSON.stringify(name)} of the Keras layer ${JSON.stringify(place.layer)} (${place.className})`,
    remedy: "Layers are computed in float32: save the model unquantized.",
  });
}

/** The dtype of an input in TensorFlow.js. @throws UnsupportedError `UNSUPPORTED` for one that it lacks. */
export function inputDtype(value: Json | undefined, layer: string): string {
  const name = nameOf(value);
  if (computedInFloat32.test(name)) return "float32";
  const dtype = Object.hasOwn(inputDtypes, name) ? inputDtypes[name] : undefined;
  if (dtype !== undefined) return dtype;
  throw new UnsupportedError({
    feature: `The dtype ${JSON.stringify(name)} of the Keras input ${JSON.stringify(layer)}`,
    remedy: `Inputs can be float32, ${Object.keys(inputDtypes).join(", ")}.`,
  });
}
