import type { InferenceSession } from "onnxruntime-node";

/**
 * What `onnx()` makes of its defaults, for peers that are to differ from it in the engine only:
 * threads that wait actively for 50 µs instead of without end.
 */
export const ownSessionOptions: InferenceSession.SessionOptions = {
  executionProviders: ["cpu"],
  logSeverityLevel: 4,
  extra: { session: { intra_op: { spin_duration_us: "50" }, inter_op: { spin_duration_us: "50" } } },
};
