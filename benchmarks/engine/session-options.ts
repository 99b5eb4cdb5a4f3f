import { statSync } from "node:fs";
import type { InferenceSession } from "onnxruntime-node";

/**
 * What `onnx()` makes of its defaults, for peers that are to differ from it in the engine only:
 * threads that wait actively for 50 µs instead of without end, and one thread for a small model.
 */
export function ownSessionOptions(modelFile: string): InferenceSession.SessionOptions {
  const isSmall = statSync(modelFile).size <= 100_000;
  return {
    executionProviders: ["cpu"],
    logSeverityLevel: 4,
    ...(isSmall && { intraOpNumThreads: 1 }),
    extra: { session: { intra_op: { spin_duration_us: "50" }, inter_op: { spin_duration_us: "50" } } },
  };
}
