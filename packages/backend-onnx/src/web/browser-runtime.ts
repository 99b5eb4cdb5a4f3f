import type { RuntimeVariant } from "./web-device.ts";
import type { OnnxWebRuntime } from "./web-runtime.ts";

/** The build of the runtime for a device, as a browser loads it. */
export async function importBrowserRuntime(variant: RuntimeVariant): Promise<OnnxWebRuntime> {
  return variant === "wasm" ? import("onnxruntime-web/wasm") : import("onnxruntime-web/webgpu");
}
