import type { Artifact, LoadOptions } from "@mlops/core";

/** Reads one file of a model. How far it has come is told with its own location. */
export async function readFile(file: Artifact, { signal, onProgress }: LoadOptions): Promise<Uint8Array> {
  const { location } = file;
  return file.read({
    signal,
    onProgress: onProgress && ((progress) => onProgress({ phase: "reading", location, ...progress })),
  });
}
