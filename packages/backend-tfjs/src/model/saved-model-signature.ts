import { type Dimension, ModelLoadError, type Signature, type TensorInfo } from "@mlops/core";

import { fieldsOf, textOf, varintOf } from "./protobuf.ts";
import { fromTensorFlowType } from "./tensorflow-dtype.ts";

/** Which of a SavedModel's graphs is used, and by which of its signatures. */
export interface SavedModelChoice {
  readonly tags: readonly string[];
  readonly signature: string;
}

/**
 * What a SavedModel takes and gives: `SavedModel.meta_graphs` (2) -> `MetaGraphDef.meta_info_def`
 * (1) `.tags` (4), and `.signature_def` (5) -> `SignatureDef.inputs` (1), `.outputs` (2) ->
 * `TensorInfo.dtype` (2), `.tensor_shape` (3). tfjs-node reads it, too, but does not tell a scalar
 * from a tensor of unknown rank.
 *
 * @throws ModelLoadError `MODEL_LOAD_FAILED` when there is no such graph or signature, naming those there are.
 * @see https://github.com/tensorflow/tensorflow/blob/master/tensorflow/core/protobuf/meta_graph.proto
 */
export function readSavedModelSignature(
  bytes: Uint8Array,
  { tags, signature }: SavedModelChoice,
  location: string,
): Signature {
  const refuse = (problem: string): never => {
    throw new ModelLoadError({ location, problem });
  };
  const graphs = fieldsOf(bytes, 2).map((graph) => ({
    graph,
    tags: fieldsOf(graph, 1).flatMap((info) => fieldsOf(info, 4).map(textOf)),
  }));
  const wanted = tags.toSorted().join();
  const found = graphs.find((each) => each.tags.toSorted().join() === wanted);
  if (found === undefined) {
    const there = graphs.map((each) => `[${each.tags.join()}]`).join(", ");
    return refuse(`it has no graph with the tags [${tags.join()}]; it has ${there || "none"}`);
  }
  const signatures = new Map(fieldsOf(found.graph, 5).map(entryOf));
  const definition = signatures.get(signature);
  if (definition === undefined) {
    const there = [...signatures.keys()].filter((name) => !name.startsWith("__")).join(", ");
    return refuse(`it has no signature ${JSON.stringify(signature)}; it has ${there || "none"}`);
  }
  const infosOf = (field: number): readonly TensorInfo[] =>
    Object.freeze(
      fieldsOf(definition, field)
        .map(entryOf)
        // The order of a map's entries means nothing, and is another in every file.
        .toSorted(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, info]) => {
          const type = varintOf(info, 2);
          const dtype = fromTensorFlowType(type);
          if (dtype === undefined) {
            return refuse(
              `${JSON.stringify(name)} is of the type ${String(type)}, which TensorFlow.js has not`,
            );
          }
          return Object.freeze({ name, dtype, shape: shapeOf(fieldsOf(info, 3)[0]) });
        }),
    );
  return { inputs: infosOf(1), outputs: infosOf(2) };
}

/** An entry of a map: its key (1), a text, and its value (2), a message. */
function entryOf(entry: Uint8Array): readonly [key: string, value: Uint8Array] {
  const [key = new Uint8Array()] = fieldsOf(entry, 1);
  const [value = new Uint8Array()] = fieldsOf(entry, 2);
  return [textOf(key), value];
}

/** `TensorShapeProto.dim` (2) `.size` (1), which is -1 where it varies, and `.unknown_rank` (3). */
function shapeOf(shape: Uint8Array | undefined): readonly Dimension[] | undefined {
  if (shape === undefined || varintOf(shape, 3) === 1) return undefined;
  return Object.freeze(
    fieldsOf(shape, 2).map((dimension) => {
      const size = varintOf(dimension, 1) ?? 0;
      // -1 takes all 64 bits, which is beyond any size.
      return Number.isSafeInteger(size) ? size : null;
    }),
  );
}
