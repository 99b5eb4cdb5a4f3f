import { InvalidOptionsError } from "@mlops/core";

/**
 * The files that ONNX Runtime loads by itself: WebAssembly for the processor, and for WebGPU and
 * WebNN (`asyncify`), each with the script that starts it.
 */
export type OnnxWebFile =
  | "ort-wasm-simd-threaded.mjs"
  | "ort-wasm-simd-threaded.wasm"
  | "ort-wasm-simd-threaded.asyncify.mjs"
  | "ort-wasm-simd-threaded.asyncify.wasm";

/** What only the web build of the runtime takes. */
export interface OnnxWebOptions {
  /**
   * Where the runtime's files are: the URL of a folder that has them under their own names, or each
   * with its URL; bytes for a `.wasm`. A relative URL starts from the page's. These are ONNX Runtime's
   * `wasmPaths` and `wasmBinary`. Default where the bundler has put them, which Vite and webpack do by
   * themselves. Without its `.mjs`, a `.wasm` runs on one thread.
   */
  readonly files?: string | URL | OnnxWebFiles | undefined;
}

/** Places of the runtime's files, by their names. */
export type OnnxWebFiles = { readonly [File in OnnxWebFile]?: string | URL | Uint8Array | undefined };

const fileNames: readonly string[] = [
  "ort-wasm-simd-threaded.mjs",
  "ort-wasm-simd-threaded.wasm",
  "ort-wasm-simd-threaded.asyncify.mjs",
  "ort-wasm-simd-threaded.asyncify.wasm",
] satisfies OnnxWebFile[];

/** Absolute places, that mean the same in a worker. */
export type WebFilePlaces = Readonly<Record<string, string | Uint8Array>>;

/**
 * The places of the files, absolute; `undefined` for those of the bundler.
 *
 * @throws InvalidOptionsError `INVALID_OPTIONS` for a file that there is not, and what is no place.
 */
export function resolveFiles(files: OnnxWebOptions["files"]): WebFilePlaces | undefined {
  if (files === undefined) return undefined;
  if (typeof files === "string" || files instanceof URL) {
    const folder = absolute(files, "web.files").replace(/\/?$/, "/");
    return Object.fromEntries(fileNames.map((name) => [name, folder + name]));
  }
  const places: Record<string, string | Uint8Array> = {};
  for (const [name, place] of Object.entries(files)) {
    const option = `web.files[${JSON.stringify(name)}]`;
    if (!fileNames.includes(name)) {
      throw new InvalidOptionsError({ option, problem: `is none of ${fileNames.join(", ")}` });
    }
    if (place === undefined) continue;
    if (place instanceof Uint8Array && name.endsWith(".wasm")) places[name] = place;
    else if (typeof place === "string" || place instanceof URL) places[name] = absolute(place, option);
    else throw new InvalidOptionsError({ option, problem: "has to be a URL, or the bytes of a .wasm" });
  }
  return places;
}

function absolute(place: string | URL, option: string): string {
  const { location } = globalThis as { readonly location?: { readonly href: string } };
  try {
    return new URL(place, location?.href).href;
  } catch (cause) {
    throw new InvalidOptionsError({
      option,
      problem: `is ${JSON.stringify(String(place))}, which is no URL`,
      cause,
    });
  }
}
