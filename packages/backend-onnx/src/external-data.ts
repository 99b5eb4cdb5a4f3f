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
 * it, and never outside of its folder.
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
        const [key = noBytes] = messages(entry, 1);
        const [value = noBytes] = messages(entry, 2);
        if (decode(key) === "location") paths.add(decode(value));
      }
    }
  };
  const visitSparse = (tensors: readonly Uint8Array[]): void => {
    for (const tensor of tensors) visitTensors([...messages(tensor, 1), ...messages(tensor, 2)]);
  };
  // AttributeProto: t 5, g 6, tensors 10, graphs 11, sparse_tensor 22, sparse_tensors 23.
  const visitNodes = (nodes: readonly Uint8Array[]): void => {
    for (const attribute of nodes.flatMap((node) => messages(node, 5))) {
      visitTensors([...messages(attribute, 5), ...messages(attribute, 10)]);
      visitSparse([...messages(attribute, 22), ...messages(attribute, 23)]);
      visitGraphs([...messages(attribute, 6), ...messages(attribute, 11)]);
    }
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
  for (const definition of messages(model, 25)) visitNodes(messages(definition, 7));
  return paths;
}

const noBytes = new Uint8Array();

function decode(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
