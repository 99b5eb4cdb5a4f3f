import { setThreadsCount } from "@tensorflow/tfjs-backend-wasm";
import { enableProdMode, env, ready, setBackend, version_core } from "@tensorflow/tfjs-core";

import { registerUnsortedSegmentSum } from "./unsorted-segment-sum.ts";

/** What the model card names. */
export const framework: string = `TensorFlow.js ${version_core}, WebAssembly backend, one thread`;

/**
 * Makes TensorFlow.js compute in WebAssembly, on one thread: several would add up in an order of
 * their own, and a seed would no longer give the same weights.
 */
export async function openTensorFlow(): Promise<void> {
  // Without it, TensorFlow.js advertises its native binding on the console.
  enableProdMode();
  env().set("WASM_HAS_MULTITHREAD_SUPPORT", false);
  setThreadsCount(1);
  registerUnsortedSegmentSum();
  if (!(await setBackend("wasm"))) throw new Error("TensorFlow.js cannot start its WebAssembly backend.");
  await ready();
}
