/**
 * The engines of TensorFlow.js, quickest first:
 *
 * - `tensorflow`: TensorFlow's C library, by `@tensorflow/tfjs-node-gpu` or `@tensorflow/tfjs-node`. Node only.
 * - `webgpu`, `webgl`: a GPU, by way of the browser.
 * - `wasm`: WebAssembly on the CPU, everywhere.
 * - `cpu`: JavaScript, everywhere, a hundred times slower than the others.
 */
export type TfjsDevice = "tensorflow" | "webgpu" | "webgl" | "wasm" | "cpu";

/** All of them, in the order in which they are tried by default. */
export const tfjsDevices: readonly TfjsDevice[] = ["tensorflow", "webgpu", "webgl", "wasm", "cpu"];
