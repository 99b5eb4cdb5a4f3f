import { InvalidOptionsError } from "@mlops/core";

import type { OnnxDevice } from "../device.ts";
import { deviceChain, type OnnxDeviceChoice } from "../device-chain.ts";

/** Which devices a build of the runtime has, and so which files a device needs. */
export type RuntimeVariant = "wasm" | "webgpu";

/** The build of the runtime that has a device. */
export function variantOf({ name }: OnnxDevice): RuntimeVariant {
  return name === "webgpu" || name === "webnn" ? "webgpu" : "wasm";
}

/**
 * The devices in the order in which they are tried in a browser: WebAssembly alone when none is
 * given, and where a chain for Node says `cpu`.
 *
 * @throws InvalidOptionsError `INVALID_OPTIONS` when there is none, one is named twice, or one is
 *   unknown or has an option or value that it cannot have.
 */
export function webDeviceChain(
  device?: OnnxDeviceChoice | readonly OnnxDeviceChoice[],
): readonly OnnxDevice[] {
  const chain = deviceChain(device);
  if (chain.some(({ name }) => name === "cpu") && chain.some(({ name }) => name === "wasm")) {
    const problem = "has both cpu and wasm, which are the same in a browser; keep one";
    throw new InvalidOptionsError({ option: "device", problem });
  }
  return chain.map((each) => (each.name === "cpu" ? { name: "wasm" } : each));
}
