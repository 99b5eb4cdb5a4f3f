import type { WebFilePlaces } from "./web-options.ts";
import type { RuntimeVariant } from "./web-device.ts";

/**
 * Where the bundler has put the runtime's files; `undefined` when it has not. Each URL is written
 * out, which is what Vite and webpack look for. A bundler that does not, such as esbuild, leaves
 * them as they are, and nothing is there.
 */
export function bundledFiles(variant: RuntimeVariant): WebFilePlaces | undefined {
  const files =
    variant === "wasm"
      ? {
          "ort-wasm-simd-threaded.mjs": new URL("onnxruntime-web/ort-wasm-simd-threaded.mjs", import.meta.url)
            .href,
          "ort-wasm-simd-threaded.wasm": new URL(
            "onnxruntime-web/ort-wasm-simd-threaded.wasm",
            import.meta.url,
          ).href,
        }
      : {
          "ort-wasm-simd-threaded.asyncify.mjs": new URL(
            "onnxruntime-web/ort-wasm-simd-threaded.asyncify.mjs",
            import.meta.url,
          ).href,
          "ort-wasm-simd-threaded.asyncify.wasm": new URL(
            "onnxruntime-web/ort-wasm-simd-threaded.asyncify.wasm",
            import.meta.url,
          ).href,
        };
  const isLeftAsItWas = Object.entries(files).some(([name, url]) => url.endsWith(`/onnxruntime-web/${name}`));
  return isLeftAsItWas ? undefined : files;
}
