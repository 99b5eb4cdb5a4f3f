export { onnx } from "./backend.ts";
export type { OnnxConfig, OnnxSessionOptions } from "./config.ts";
export type { OnnxWebDevice, OnnxWebDeviceChoice } from "./web/web-device.ts";
export type { OnnxWebFile, OnnxWebFiles, OnnxWebOptions } from "./web/web-options.ts";
export type { OnnxInferenceSession, OnnxRuntime, OnnxTensor, OnnxValueMetadata } from "./runtime.ts";
