import type { Precision } from "@mlops/core";

import type { OnnxDeviceName } from "./device.ts";

/** What is to be known of a device before a model runs on it. */
export interface DeviceTraits {
  /** What ONNX Runtime calls its execution provider. */
  readonly provider: string;
  /** How far results may lie from exact arithmetic. */
  readonly precision: Precision;
  /** Whether a run leaves the cores of the machine to others. */
  readonly isOffCpu: boolean;
  /** What it needs, as a sentence without its full stop, for who finds it missing. */
  readonly needs: string;
}

/** Single precision, with sums in another order than the reference's. */
const single: Precision = Object.freeze({ relative: 1e-4, absolute: 1e-5 });
/** Single precision with the shading languages' tolerance for functions such as `exp` and `pow`. */
const shader: Precision = Object.freeze({ relative: 1e-3, absolute: 1e-4 });
/** TensorFloat-32, which NVIDIA's libraries multiply with by default: 10 bits of mantissa. */
const tensorFloat: Precision = Object.freeze({ relative: 5e-3, absolute: 1e-3 });
/** Half precision: 10 bits of mantissa, sums as well. */
const half: Precision = Object.freeze({ relative: 1e-2, absolute: 1e-2 });

/** Every device's traits. */
export const deviceTraits: Readonly<Record<OnnxDeviceName, DeviceTraits>> = {
  cpu: { provider: "cpu", precision: single, isOffCpu: false, needs: "It needs nothing else" },
  wasm: {
    provider: "wasm",
    precision: single,
    isOffCpu: false,
    needs: "It needs the package onnxruntime-web",
  },
  webnn: { provider: "webnn", precision: half, isOffCpu: true, needs: "It needs a browser with WebNN" },
  cuda: {
    provider: "cuda",
    precision: tensorFloat,
    isOffCpu: true,
    needs:
      "It needs linux-x64, an NVIDIA GPU, CUDA 12, cuDNN 9 and the libraries that onnxruntime-node's install script fetches",
  },
  tensorrt: {
    provider: "tensorrt",
    precision: tensorFloat,
    isOffCpu: true,
    needs: "It needs what cuda needs, and TensorRT 10",
  },
  webgpu: {
    provider: "webgpu",
    precision: shader,
    isOffCpu: true,
    needs: "It needs a GPU with a driver for Vulkan, Direct3D 12 or Metal",
  },
  directml: {
    provider: "dml",
    precision: shader,
    isOffCpu: true,
    needs: "It needs Windows and a GPU with Direct3D 12",
  },
  coreml: { provider: "coreml", precision: half, isOffCpu: true, needs: "It needs macOS on Apple silicon" },
};
