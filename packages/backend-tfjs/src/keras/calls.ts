import { UnsupportedError } from "@mlops/core";

import { FormatProblem } from "./format-problem.ts";
import { expectArray, expectString, field, isArray, isObject, type Json } from "./json.ts";

/** One tensor of a model: the `tensor`-th output of the `node`-th call of a layer. */
export interface TensorReference {
  readonly layer: string;
  readonly node: number;
  readonly tensor: number;
}

/** Reads `inbound_nodes`: for each call of a layer the tensors that it takes. */
export function readCalls(inboundNodes: Json, place: Place): readonly (readonly TensorReference[])[] {
  return expectArray(inboundNodes, `the inbound_nodes of ${JSON.stringify(place.layer)}`).map((node) =>
    isObject(node) ? readKeras3Call(node, place) : readKeras2Call(node, place),
  );
}

/** Which layer's calls are read. */
export interface Place {
  readonly layer: string;
  readonly className: string;
  /** The operations that compute the masks which TensorFlow.js passes on by itself. */
  readonly masks: ReadonlySet<string>;
}

/** `{ args: [tensor or list of tensors, …], kwargs }`. */
function readKeras3Call(node: { readonly [key: string]: Json }, place: Place): readonly TensorReference[] {
  const args = expectArray(field(node, "args"), `the args of ${JSON.stringify(place.layer)}`);
  const kwargs = field(node, "kwargs");
  const named = isObject(kwargs) ? Object.keys(kwargs).map((key) => [key, field(kwargs, key)] as const) : [];
  return [
    ...args.flatMap((value) => readKeras3Tensors(value, place)),
    // A recurrent layer takes its first state as further inputs, which is how TensorFlow.js has it.
    ...named.flatMap(([key, value]) => readArgument(key, value, place)),
  ];
}

function readArgument(key: string, value: Json | undefined, place: Place): readonly TensorReference[] {
  if (value === undefined || value === null || value === false) return [];
  if (key === "initial_state") return readKeras3Tensors(value, place);
  if (key === "mask" && readKeras3Tensors(value, place).every(({ layer }) => place.masks.has(layer)))
    return [];
  throw unsupportedArgument(key, place);
}

function readKeras3Tensors(value: Json, place: Place): readonly TensorReference[] {
  if (value === null) return [];
  if (isArray(value)) return value.flatMap((item) => readKeras3Tensors(item, place));
  if (!isObject(value) || field(value, "class_name") !== "__keras_tensor__") {
    throw new UnsupportedError({
      feature: `A constant, or a tensor by name, as an input of the Keras layer ${JSON.stringify(place.layer)} (${place.className})`,
      remedy: "Give it tensors alone, as one list.",
    });
  }
  return [readReference(historyOf(value), place)];
}

/** `[layer, node, tensor]` of a serialized tensor of Keras 3, `undefined` when it is none. */
export function historyOf(value: Json | undefined): Json | undefined {
  if (!isObject(value) || field(value, "class_name") !== "__keras_tensor__") return undefined;
  const config = field(value, "config");
  return isObject(config) ? field(config, "keras_history") : undefined;
}

/** `[[name, node, tensor, kwargs], …]`; Keras 2 writes a single one without the outer list at times. */
function readKeras2Call(node: Json, place: Place): readonly TensorReference[] {
  const inputs = expectArray(node, `a call of ${JSON.stringify(place.layer)}`);
  const list = typeof inputs[0] === "string" ? [inputs] : inputs;
  return list.map((input) => {
    const kwargs = isArray(input) ? input[3] : undefined;
    for (const key of isObject(kwargs) ? Object.keys(kwargs) : []) {
      const value = isObject(kwargs) ? field(kwargs, key) : undefined;
      if (value !== undefined && value !== null && value !== false) throw unsupportedArgument(key, place);
    }
    return readReference(input, place);
  });
}

function readReference(json: Json | undefined, { layer }: Place): TensorReference {
  const [name, node, tensor] = expectArray(json, `a reference of ${JSON.stringify(layer)}`);
  if (!isIndex(node) || !isIndex(tensor)) {
    throw new FormatProblem(`its layer ${JSON.stringify(layer)} has a damaged reference`);
  }
  return { layer: expectString(name, `a reference of ${JSON.stringify(layer)}`), node, tensor };
}

/** No layer has more outputs or calls than this; a reference beyond is damaged. */
const highestIndex = 100_000;

function isIndex(value: Json | undefined): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0 && Number(value) <= highestIndex;
}

function unsupportedArgument(key: string, { layer, className }: Place): UnsupportedError {
  return new UnsupportedError({
    feature: `The argument ${JSON.stringify(key)} in a call of the Keras layer ${JSON.stringify(layer)} (${className})`,
    remedy:
      key === "training"
        ? "A model is served as it predicts, not as it trains: call the layer without it."
        : "Call the layer with its inputs alone.",
  });
}
