import type { OnnxDevice } from "./device.ts";
import { deviceTraits } from "./device-traits.ts";

/** Bits of `COREMLFlags` in `coreml_provider_factory.h` of ONNX Runtime. */
const coreMlFlag = {
  useCpuOnly: 0x001,
  enableOnSubgraph: 0x002,
  onlyEnableDeviceWithAne: 0x004,
  onlyAllowStaticInputShapes: 0x008,
  createMlProgram: 0x010,
  useCpuAndGpu: 0x020,
} as const;

/** An execution provider by its name, or with its options. */
type Provider = string | { readonly name: string; readonly coreMlFlags?: number };

/**
 * The execution providers of a session on `device`, as ONNX Runtime takes them. Operators that the
 * device lacks run on the CPU; those that TensorRT lacks run on CUDA, when the chain goes on to it.
 */
export function executionProviders(device: OnnxDevice, chain: readonly OnnxDevice[]): readonly Provider[] {
  const cuda = device.name === "tensorrt" ? chain.find(({ name }) => name === "cuda") : undefined;
  return cuda === undefined ? [provider(device)] : [provider(device), provider(cuda)];
}

function provider(device: OnnxDevice): Provider {
  const { provider: name } = deviceTraits[device.name];
  if (device.name === "coreml") return { name, coreMlFlags: coreMlFlags(device) };
  return Object.keys(device).length === 1 ? name : { ...device, name };
}

function coreMlFlags(device: Extract<OnnxDevice, { readonly name: "coreml" }>): number {
  const { computeUnits, enableOnSubgraphs, onlyWithNeuralEngine, onlyStaticShapes, createMlProgram } = device;
  return (
    (computeUnits === "cpuOnly" ? coreMlFlag.useCpuOnly : 0) |
    (computeUnits === "cpuAndGpu" ? coreMlFlag.useCpuAndGpu : 0) |
    (enableOnSubgraphs ? coreMlFlag.enableOnSubgraph : 0) |
    (onlyWithNeuralEngine ? coreMlFlag.onlyEnableDeviceWithAne : 0) |
    (onlyStaticShapes ? coreMlFlag.onlyAllowStaticInputShapes : 0) |
    (createMlProgram ? coreMlFlag.createMlProgram : 0)
  );
}
