import type { Backend } from "../backend/backend.ts";
import type { Session } from "../backend/session.ts";
import { InvalidOptionsError } from "../errors/invalid-options-error.ts";
import type { TensorMap } from "../tensor/tensor.ts";

/** What the backend is made from. */
export interface WebWorkerConfig {
  readonly refuse?: boolean;
}

/** What a model may consist of. */
export type WebModel = "double" | "throw" | "block" | "crash";

/** A backend that does to `x` what its model says. */
export function createWebFake({ refuse = false }: WebWorkerConfig): Backend {
  if (refuse) throw new InvalidOptionsError({ option: "refuse", problem: "is set" });
  return {
    specificationVersion: "v1",
    name: "web-fake",
    async load(artifact) {
      return createSession(new TextDecoder().decode(await artifact.read()) as WebModel);
    },
  };
}

function createSession(model: WebModel): Session {
  const row = { dtype: "float32", shape: ["batch", 2] } as const;
  return {
    inputs: [{ name: "x", ...row }],
    outputs: [{ name: "y", ...row }],
    device: "web",
    maxBatchSize: Infinity,
    supportsParallelRuns: false,
    precision: { relative: 0, absolute: 0 },
    async doRun(inputs: TensorMap) {
      if (model === "throw") throw new RangeError("the kernel failed.");
      if (model === "crash") {
        setTimeout(() => {
          throw new Error("out of nowhere");
        });
        await new Promise(() => {});
      }
      while (model === "block") void performance.now();
      const { shape, data } = inputs["x"]!;
      return { y: { dtype: "float32", shape, data: (data as Float32Array).map((value) => 2 * value) } };
    },
    async release() {},
  };
}
