import { isNode } from "../is-node.ts";

/** What `@tensorflow/tfjs-backend-wasm` has for finding its own files. */
interface WasmPackage {
  setWasmPaths(prefixOrFiles: string | Readonly<Record<string, string>>): void;
}

/**
 * Tells the package where its `.wasm` files are. In Node it finds them by itself. Elsewhere it
 * would look beside the page; bundlers put the files where these URLs say, each of which is
 * written out for them.
 */
export function useWasmPath(module: object, configured: string | undefined): void {
  // The package's own interface, by the part that is called.
  const wasm = module as WasmPackage;
  if (configured !== undefined) return wasm.setWasmPaths(configured);
  if (isNode()) return;
  wasm.setWasmPaths({
    "tfjs-backend-wasm.wasm": new URL(
      "@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm",
      import.meta.url,
    ).href,
    "tfjs-backend-wasm-simd.wasm": new URL(
      "@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm",
      import.meta.url,
    ).href,
    "tfjs-backend-wasm-threaded-simd.wasm": new URL(
      "@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-threaded-simd.wasm",
      import.meta.url,
    ).href,
  });
}
