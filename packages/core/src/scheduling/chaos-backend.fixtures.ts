import type { Backend } from "../backend/backend.ts";
import type { Session } from "../backend/session.ts";

/** How a worker of {@link chaosBackend} ends. */
export interface ChaosWorkerConfig {
  /** After how long without a run it ends by itself; never without it. */
  readonly diesIdleMs?: number | undefined;
}

/** An index that makes a run fail. */
export const poison = 99;
/** An index that ends the process it runs in as a fault in native code does. */
export const crash = 98;

/**
 * A session from `x`, `[batch, 8]`, and `index`, `[batch, 1]`, to `y`, `[batch, 1]`: of each row the
 * value at its index. One that is out of range fails the whole run.
 */
export function chaosSession({ diesIdleMs }: ChaosWorkerConfig = {}): Session {
  let death: NodeJS.Timeout | undefined;
  const scheduleDeath = (): void => {
    if (diesIdleMs !== undefined) death = setTimeout(() => process.exit(7), diesIdleMs);
  };
  scheduleDeath();
  return {
    inputs: [
      { name: "x", dtype: "float32", shape: ["batch", 8] },
      { name: "index", dtype: "int64", shape: ["batch", 1] },
    ],
    outputs: [{ name: "y", dtype: "float32", shape: ["batch", 1] }],
    device: "chaos",
    maxBatchSize: Infinity,
    supportsParallelRuns: false,
    precision: { relative: 0, absolute: 0 },
    async doRun(inputs) {
      clearTimeout(death);
      const [x, index] = [inputs["x"]!.data as Float32Array, inputs["index"]!.data as BigInt64Array];
      const indices = [...index].map(Number);
      if (indices.includes(crash)) process.kill(process.pid, "SIGSEGV");
      await new Promise((resolve) => setTimeout(resolve, indices.length % 4));
      scheduleDeath();
      if (indices.includes(poison)) throw new Error("An index is out of range.");
      const data = Float32Array.from(indices, (column, row) => x[row * 8 + column]!);
      return { y: { dtype: "float32", shape: [indices.length, 1], data } };
    },
    async release() {
      clearTimeout(death);
    },
  };
}

/** A backend of {@link chaosSession}, on this thread and in workers. */
export function chaosBackend(config: ChaosWorkerConfig): Backend {
  return {
    specificationVersion: "v1",
    name: "chaos",
    worker: { module: new URL("chaos-worker.fixtures.ts", import.meta.url), config },
    load: async () => chaosSession(),
  };
}
