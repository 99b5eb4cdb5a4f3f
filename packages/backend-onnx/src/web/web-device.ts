import { InvalidOptionsError } from "@mlops/core";

/** Where a model runs in a page, with the options that ONNX Runtime's web build reads for it. */
export type OnnxWebDevice = { readonly name: "wasm" | "cpu" } | OnnxWebGpuDevice | OnnxWebNnDevice;

/** A device by its name, or with its options. */
export type OnnxWebDeviceChoice = OnnxWebDevice["name"] | OnnxWebDevice;

interface OnnxWebGpuDevice {
  readonly name: "webgpu";
  /** Order of an image's dimensions in the operators that care. Default the runtime's own choice. */
  readonly preferredLayout?: "NCHW" | "NHWC" | undefined;
  /** Nodes of the model, by name, that run on the processor. None may hold a line feed. */
  readonly forceCpuNodeNames?: readonly string[] | undefined;
  /** How much is checked before a command goes to the GPU. Default `basic`. */
  readonly validationMode?: "disabled" | "wgpuOnly" | "basic" | "full" | undefined;
}

interface OnnxWebNnDevice {
  readonly name: "webnn";
  /** What the browser is asked to compute on. Default its own choice. */
  readonly deviceType?: "cpu" | "gpu" | "npu" | undefined;
  /** Default the browser's own choice. */
  readonly powerPreference?: "default" | "high-performance" | "low-power" | undefined;
}

/** Which devices a build of the runtime has, and so which files a device needs. */
export type RuntimeVariant = "wasm" | "webgpu";

/** A device that is to be tried. */
export interface WebDeviceAttempt {
  /** The name that the session then has. */
  readonly device: string;
  /** ONNX Runtime's execution provider; `undefined` for a device that browsers do not have. */
  readonly provider: { readonly name: string } | undefined;
  readonly variant: RuntimeVariant;
}

const nodeOnly: readonly string[] = ["cuda", "tensorrt", "directml", "coreml"];

const choices: Readonly<Record<string, Readonly<Record<string, readonly unknown[]>>>> = {
  wasm: {},
  cpu: {},
  webgpu: {
    preferredLayout: ["NCHW", "NHWC"],
    validationMode: ["disabled", "wgpuOnly", "basic", "full"],
  },
  webnn: {
    deviceType: ["cpu", "gpu", "npu"],
    powerPreference: ["default", "high-performance", "low-power"],
  },
};

/**
 * The devices in the order in which they are tried; WebAssembly alone when none is given. `cpu` is
 * WebAssembly, and devices that only Node has are passed over, so that one chain serves both.
 *
 * @throws InvalidOptionsError `INVALID_OPTIONS` when there is none, one is named twice, or one is
 *   unknown or has a value that it cannot have.
 */
export function webDeviceChain(given: unknown = "wasm"): readonly [WebDeviceAttempt, ...WebDeviceAttempt[]] {
  const isList = Array.isArray(given);
  const devices: readonly unknown[] = isList ? given : [given];
  const chain = devices.map((device, index) => toAttempt(device, isList ? `device[${index}]` : "device"));
  const [first, ...others] = chain;
  if (first === undefined) throw invalid("device", "is empty; it has to name at least one device");
  for (const [index, { device }] of chain.entries()) {
    if (chain.findIndex((other) => other.device === device) === index) continue;
    throw invalid(`device[${index}]`, `is ${device} again; a device can be in the chain once`);
  }
  return [first, ...others];
}

function toAttempt(choice: unknown, option: string): WebDeviceAttempt {
  const { name, ...options } = Object(typeof choice === "string" ? { name: choice } : choice) as {
    readonly name?: unknown;
  };
  if (typeof name === "string" && nodeOnly.includes(name)) {
    return { device: name, provider: undefined, variant: "wasm" };
  }
  if (typeof name !== "string" || !Object.hasOwn(choices, name)) {
    const names = Object.keys(choices).join(", ");
    throw invalid(option, `is ${JSON.stringify(name ?? choice)}; in a browser it has to be one of ${names}`);
  }
  for (const [key, allowed] of Object.entries(choices[name]!)) {
    const value: unknown = Reflect.get(options, key);
    if (value === undefined || allowed.includes(value)) continue;
    throw invalid(
      `${option}.${key}`,
      `is ${JSON.stringify(value)}; it has to be one of ${allowed.join(", ")}`,
    );
  }
  const device = name === "cpu" ? "wasm" : name;
  const provider = device === "wasm" ? { name: "wasm" } : { ...structuredClone(options), name: device };
  return { device, provider, variant: device === "wasm" ? "wasm" : "webgpu" };
}

function invalid(option: string, problem: string): InvalidOptionsError {
  return new InvalidOptionsError({ option, problem });
}
