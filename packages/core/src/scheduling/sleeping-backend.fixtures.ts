import type { Backend } from "../backend/backend.ts";
import type { Signature } from "../tensor/tensor-info.ts";

/** What a run costs, as a sleep of the worker's thread. */
export interface SleepingCost {
  readonly fixedMs: number;
  readonly perRowMs: number;
}

/** From `x`, `[batch, 8]`, to its checksum `y`, `[batch, 1]`: the sum of each column times its number, from 1. */
export const sleepingSignature: Signature = {
  inputs: [{ name: "x", dtype: "float32", shape: ["batch", 8] }],
  outputs: [{ name: "y", dtype: "float32", shape: ["batch", 1] }],
};

/** A backend that only runs in a worker, for a time that is known. */
export function sleepingBackend(cost: SleepingCost): Backend {
  return {
    specificationVersion: "v1",
    name: "sleeping",
    worker: { module: new URL("sleeping-worker.fixtures.ts", import.meta.url), config: cost },
    load: () => Promise.reject(new Error("It runs in a worker only.")),
  };
}
