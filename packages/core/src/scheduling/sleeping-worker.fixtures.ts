import type { Session } from "../backend/session.ts";
import { hostBackend } from "../worker/index.ts";
import { type SleepingCost, sleepingSignature } from "./sleeping-backend.fixtures.ts";

// The worker of sleepingBackend(): its thread is held up as by a model, but no core is busy, so that
// its capacity does not depend on who else uses the machine.

const cell = new Int32Array(new SharedArrayBuffer(4));

hostBackend((cost: SleepingCost) => ({
  specificationVersion: "v1",
  name: "sleeping",
  load: async () => sleepingSession(cost),
}));

function sleepingSession({ fixedMs, perRowMs }: SleepingCost): Session {
  return {
    ...sleepingSignature,
    device: "sleeping",
    maxBatchSize: Infinity,
    supportsParallelRuns: false,
    precision: { relative: 0, absolute: 0 },
    async doRun({ x }) {
      const [rows = 0, width = 0] = x!.shape;
      const data = x!.data as Float32Array;
      Atomics.wait(cell, 0, 0, fixedMs + perRowMs * rows);
      const sums = Float32Array.from({ length: rows }, (_, row) => {
        let sum = 0;
        for (let column = 0; column < width; column += 1) sum += (column + 1) * data[row * width + column]!;
        return sum;
      });
      return { y: { dtype: "float32", shape: [rows, 1], data: sums } };
    },
    async release() {},
  };
}
