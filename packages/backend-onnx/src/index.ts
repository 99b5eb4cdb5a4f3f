export { onnx } from "./backend.ts";
export type { OnnxConfig, OnnxSessionOptions } from "./config.ts";
export type { OnnxDevice, OnnxDeviceName } from "./device.ts";
export type { OnnxDeviceChoice } from "./device-chain.ts";
export type {
  OnnxInferenceSession,
  OnnxRuntime,
  OnnxSupportedBackend,
  OnnxTensor,
  OnnxValueMetadata,
} from "./runtime.ts";
export type { OnnxWebFile, OnnxWebFiles, OnnxWebOptions } from "./web/web-options.ts";
