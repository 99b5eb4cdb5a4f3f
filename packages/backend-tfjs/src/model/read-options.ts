import type { LoadOptions, ReadOptions } from "@mlops/core";

/** How one of a model's files is read, whose progress is told by its own location. */
export function readOptions(location: string, { signal, onProgress }: LoadOptions): ReadOptions {
  return {
    signal,
    onProgress: onProgress && ((progress) => onProgress({ phase: "reading", location, ...progress })),
  };
}
