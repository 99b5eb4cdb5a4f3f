import type { Artifact, LoadOptions } from "@mlops/core";

import { messages } from "./protobuf.ts";

/** A file with tensors of a model, as ONNX Runtime's session option `externalData` takes it. */
export interface ExternalDataFile {
  /** What the model calls it by. */
  readonly path: string;
  readonly data: Uint8Array;
}

/**
 * Reads the files in which a model keeps tensors, as those of more than 2 GiB have to: they lie beside
 * it, and never outside of its folder. None may be missed here: ONNX Runtime (1.30) reads by itself what
 * it is not given, from below the folder that the process works in.
 *
 * @throws ModelLoadError `MODEL_LOAD_FAILED` when one cannot be read, or its path leads out of the folder.
 * @throws IntegrityError `INTEGRITY_MISMATCH` when one is not what is declared of it.
 */
export async function readExternalData(
  model: Uint8Array,
  artifact: Artifact,
  { signal, onProgress }: Pick<LoadOptions, "signal" | "onProgress">,
): Promise<readonly ExternalDataFile[]> {
  const files: ExternalDataFile[] = [];
  for (const path of findExternalPaths(model)) {
    const file = artifact.sibling(path.replace(/^(?:\.\/)+/, ""));
    const { location } = file;
    const data = await file.read({
      signal,
      onProgress: onProgress && ((progress) => onProgress({ phase: "reading", location, ...progress })),
    });
    // The native binding takes no view of shared memory: such bytes are copied first.
    files.push({ path, data: data.buffer instanceof ArrayBuffer ? data : data.slice() });
  }
  return files;
}

/**
 * The paths that a model's tensors name, each once: of `ModelProto.graph` (7), `.training_info` (20) and
 * `.functions` (25), the initializers and what attributes hold, subgraphs included. A tensor has its path
 * in `TensorProto.external_data` (13) as the entry `location`.
 *
 * @see https://github.com/onnx/onnx/blob/main/docs/ExternalData.md
 */
export function findExternalPaths(model: Uint8Array): ReadonlySet<string> {
  const paths = new Set<string>();
  const visitTensors = (tensors: readonly Uint8Array[]): void => {
    for (const tensor of tensors) {
      for (const entry of messages(tensor, 13)) {
        // Of a field that is there twice, the last counts.
        const key = messages(entry, 1).at(-1) ?? noBytes;
        const value = messages(entry, 2).at(-1) ?? noBytes;
        if (decode(key) === "location") paths.add(decode(value));
      }
    }
  };
  const visitSparse = (tensors: readonly Uint8Array[]): void => {
    for (const tensor of tensors) visitTensors([...messages(tensor, 1), ...messages(tensor, 2)]);
  };
  // AttributeProto: t 5, g 6, tensors 10, graphs 11, sparse_tensor 22, sparse_tensors 23.
  const visitAttributes = (attributes: readonly Uint8Array[]): void => {
    for (const attribute of attributes) {
      visitTensors([...messages(attribute, 5), ...messages(attribute, 10)]);
      visitSparse([...messages(attribute, 22), ...messages(attribute, 23)]);
      visitGraphs([...messages(attribute, 6), ...messages(attribute, 11)]);
    }
  };
  const visitNodes = (nodes: readonly Uint8Array[]): void => {
    for (const node of nodes) visitAttributes(messages(node, 5));
  };
  // GraphProto: node 1, initializer 5, sparse_initializer 15.
  const visitGraphs = (graphs: readonly Uint8Array[]): void => {
    for (const graph of graphs) {
      visitTensors(messages(graph, 5));
      visitSparse(messages(graph, 15));
      visitNodes(messages(graph, 1));
    }
  };
  visitGraphs(messages(model, 7));
  visitGraphs(
    messages(model, 20).flatMap((training) => [...messages(training, 1), ...messages(training, 2)]),
  );
  // FunctionProto: node 7, attribute_proto 11, which holds the defaults of its attributes.
  for (const definition of messages(model, 25)) {
    visitNodes(messages(definition, 7));
    visitAttributes(messages(definition, 11));
  }
  return paths;
}

const noBytes = new Uint8Array();

/** With a byte order mark, if there is one: ONNX Runtime looks for the file under that name, too. */
function decode(bytes: Uint8Array): string {
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
}
