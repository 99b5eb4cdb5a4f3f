import type { OnnxConfig } from "@mlops/backend-onnx";
import type { Precision } from "@mlops/core";

/** A way to run the models in this browser. */
export interface DeviceChoice {
  readonly id: "webgpu" | "wasm-threads" | "wasm";
  readonly label: string;
  readonly config: Pick<OnnxConfig, "device" | "session">;
  /** Which of the runtime's files it needs. */
  readonly runtime: "webgpu" | "wasm";
  /** What `@mlops/backend-onnx` declares for the device. */
  readonly precision: Precision;
  readonly isAvailable: boolean;
  /** What it runs on, or why it cannot. */
  readonly detail: string;
  /** Whether it computes on the processor what is meant for a graphics device. */
  readonly isEmulated?: boolean;
}

/** Single precision on a processor; what the server has, too. */
export const processorPrecision: Precision = { relative: 1e-4, absolute: 1e-5 };
const shaderPrecision: Precision = { relative: 1e-3, absolute: 1e-4 };

/** All ways there are, also those that this browser lacks, the fastest usual one first. */
export async function findDeviceChoices(): Promise<readonly DeviceChoice[]> {
  const threads = Math.min(4, Math.max(2, Math.ceil(navigator.hardwareConcurrency / 2)));
  const threadProblem = findThreadProblem();
  const gpu = await findGpu();
  return [
    {
      id: "webgpu",
      label: "WebGPU",
      config: { device: "webgpu" },
      runtime: "webgpu",
      precision: shaderPrecision,
      ...gpu,
    },
    {
      id: "wasm-threads",
      label: "WebAssembly, threads",
      config: { device: "wasm", session: { intraOpNumThreads: threads } },
      runtime: "wasm",
      precision: processorPrecision,
      isAvailable: threadProblem === undefined,
      detail: threadProblem ?? `${threads} of ${navigator.hardwareConcurrency} cores`,
    },
    {
      id: "wasm",
      label: "WebAssembly",
      config: { device: "wasm", session: { intraOpNumThreads: 1 } },
      runtime: "wasm",
      precision: processorPrecision,
      isAvailable: true,
      detail: "one core; runs everywhere",
    },
  ];
}

/** The first that is at home in this machine. */
export function preferredChoice(choices: readonly DeviceChoice[]): DeviceChoice {
  const usable = choices.filter(({ isAvailable }) => isAvailable);
  const [first] = [...usable.filter(({ isEmulated }) => isEmulated !== true), ...usable];
  if (first === undefined) throw new Error("There is no way to run a model, not even WebAssembly.");
  return first;
}

function findThreadProblem(): string | undefined {
  if (!globalThis.crossOriginIsolated) {
    return "Not here: the page was not served cross-origin isolated, or not over HTTPS.";
  }
  return navigator.hardwareConcurrency > 1 ? undefined : "Not here: this device has one core.";
}

interface GpuAdapter {
  readonly info?: {
    readonly vendor: string;
    readonly architecture: string;
    readonly isFallbackAdapter?: boolean;
  };
}

/** The part of WebGPU that is used here. */
interface GpuNavigator {
  readonly gpu?: { requestAdapter(): Promise<GpuAdapter | null> };
}

async function findGpu(): Promise<Pick<DeviceChoice, "isAvailable" | "detail" | "isEmulated">> {
  const { gpu }: GpuNavigator = navigator;
  if (gpu === undefined) {
    const detail = "Not here: this browser has no WebGPU, or the page did not come over HTTPS.";
    return { isAvailable: false, detail };
  }
  const adapter = await gpu.requestAdapter().catch(() => null);
  if (adapter === null) {
    return { isAvailable: false, detail: "Not here: the browser has WebGPU, but no graphics device for it." };
  }
  const { vendor = "", architecture = "", isFallbackAdapter } = adapter.info ?? {};
  const isEmulated = isFallbackAdapter === true || architecture === "swiftshader";
  const name = [vendor, architecture].filter((part) => part !== "").join(" ") || "graphics device";
  return {
    isAvailable: true,
    isEmulated,
    detail: isEmulated ? `emulated on the processor (${name}): slow` : name,
  };
}
