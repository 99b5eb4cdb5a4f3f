import type { TfjsDevice } from "./device.ts";

/** The packages of TensorFlow.js that are loaded when they are needed. */
export type TfjsPackage =
  | "@tensorflow/tfjs-core"
  | "@tensorflow/tfjs-converter"
  | "@tensorflow/tfjs-layers"
  | "@tensorflow/tfjs-backend-cpu"
  | "@tensorflow/tfjs-backend-wasm"
  | "@tensorflow/tfjs-backend-webgl"
  | "@tensorflow/tfjs-backend-webgpu"
  | "@tensorflow/tfjs-node"
  | "@tensorflow/tfjs-node-gpu";

/** What stands for a package: the module, or a function that loads it, called once on first use. */
export type TfjsModule = object | (() => object | Promise<object>);

/** Configuration of {@link tfjs}. All of it is optional. */
export interface TfjsConfig {
  /**
   * The engine, or several to try in this order, each by really starting it. What became of those
   * that failed is in `info.warnings`. Default all that the host can have: `["tensorflow", "wasm", "cpu"]`
   * in Node, `["webgpu", "webgl", "wasm", "cpu"]` elsewhere.
   */
  readonly device?: TfjsDevice | readonly TfjsDevice[] | undefined;
  /**
   * Modules to use in the place of the packages of these names, such as a copy of the application's
   * own: `{ "@tensorflow/tfjs-core": tf }`. Default `import()` of each. A module stays on the
   * caller's thread, and so does then the model.
   */
  readonly modules?: { readonly [Name in TfjsPackage]?: TfjsModule | undefined } | undefined;
  /**
   * Where the `.wasm` files of `@tensorflow/tfjs-backend-wasm` are, as a URL or path that ends in a
   * slash. Default beside that package's own code, in Node and in bundlers.
   */
  readonly wasmPath?: string | undefined;
  /** The signature of a SavedModel. Default `serving_default`. */
  readonly signature?: string | undefined;
  /** The tags of the graph of a SavedModel. Default `["serve"]`. */
  readonly tags?: readonly string[] | undefined;
}
