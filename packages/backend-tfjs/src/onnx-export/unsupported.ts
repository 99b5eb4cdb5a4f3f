import { UnsupportedError } from "@mlops/core";

/** What `exportOnnx` cannot write. */
export function unsupported(feature: string, remedy: string): UnsupportedError {
  return new UnsupportedError({ feature: `${feature} in exportOnnx()`, remedy });
}
