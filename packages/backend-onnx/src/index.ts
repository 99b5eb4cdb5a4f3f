export { onnx } from "./backend.ts";
export type { OnnxConfig, OnnxSessionOptions } from "./config.ts";
export type { OnnxInferenceSession, OnnxRuntime, OnnxTensor, OnnxValueMetadata } from "./runtime.ts";
