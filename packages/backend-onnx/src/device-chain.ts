import { InvalidOptionsError } from "@mlops/core";

import type { OnnxDevice, OnnxDeviceName } from "./device.ts";

/** A device by its name, or with its options. */
export type OnnxDeviceChoice = OnnxDeviceName | OnnxDevice;

type Check = readonly unknown[] | ((value: unknown) => boolean);

const deviceId = (value: unknown): boolean => Number.isInteger(value) && (value as number) >= 0;
const nodeNames = (value: unknown): boolean =>
  Array.isArray(value) && value.every((name) => typeof name === "string" && !name.includes("\n"));
const yesOrNo = [true, false];
const cacheModes = ["disabled", "lazyRelease", "simple", "bucket"];

/** The options of each device, with the values that they may have. */
const options: { readonly [Name in OnnxDeviceName]: Readonly<Record<string, Check>> } = {
  cpu: {},
  cuda: { deviceId },
  tensorrt: { deviceId },
  directml: { deviceId },
  webgpu: {
    preferredLayout: ["NCHW", "NHWC"],
    forceCpuNodeNames: nodeNames,
    validationMode: ["disabled", "wgpuOnly", "basic", "full"],
    enableRobustness: yesOrNo,
    storageBufferCacheMode: cacheModes,
    uniformBufferCacheMode: cacheModes,
    queryResolveBufferCacheMode: cacheModes,
    defaultBufferCacheMode: cacheModes,
  },
  coreml: {
    computeUnits: ["all", "cpuOnly", "cpuAndGpu"],
    enableOnSubgraphs: yesOrNo,
    onlyWithNeuralEngine: yesOrNo,
    onlyStaticShapes: yesOrNo,
    createMlProgram: yesOrNo,
  },
  wasm: {},
  webnn: {
    deviceType: ["cpu", "gpu", "npu"],
    powerPreference: ["default", "high-performance", "low-power"],
  },
};

/**
 * The devices in the order in which they are tried, each with its options; the CPU alone when none
 * is given.
 *
 * @throws InvalidOptionsError `INVALID_OPTIONS` when there is none, one is named twice, or one is
 *   unknown or has an option or value that it cannot have.
 */
export function deviceChain(
  device: OnnxDeviceChoice | readonly OnnxDeviceChoice[] = "cpu",
): readonly [OnnxDevice, ...OnnxDevice[]] {
  const choices: readonly OnnxDeviceChoice[] = Array.isArray(device) ? device : [device as OnnxDeviceChoice];
  const chain = choices.map((choice, index) => {
    const place = Array.isArray(device) ? `device[${index}]` : "device";
    return checkDevice(typeof choice === "string" ? { name: choice } : choice, place);
  });
  const [first, ...others] = chain;
  if (first === undefined) throw invalid("device", "is empty; it has to name at least one device");
  for (const [index, { name }] of chain.entries()) {
    if (chain.findIndex((other) => other.name === name) === index) continue;
    throw invalid(`device[${index}]`, `is ${name} again; a device can be in the chain once`);
  }
  return [first, ...others];
}

function checkDevice(device: OnnxDevice, place: string): OnnxDevice {
  const name: unknown = device?.name;
  if (typeof name !== "string" || !Object.hasOwn(options, name)) {
    throw invalid(
      place,
      `is ${JSON.stringify(name)}; it has to be one of ${Object.keys(options).join(", ")}`,
    );
  }
  // An own key of the table, so the name of a device.
  const known = options[name as OnnxDeviceName];
  const given: Record<string, unknown> = {};
  for (const [option, value] of Object.entries(device)) {
    if (option === "name" || value === undefined) continue;
    const check = Object.hasOwn(known, option) ? known[option] : undefined;
    if (check === undefined) {
      const names = Object.keys(known);
      const has = names.length === 0 ? "it has none" : `it has ${names.join(", ")}`;
      throw invalid(`${place}.${option}`, `is no option of ${name}; ${has}`);
    }
    const fits = typeof check === "function" ? check(value) : check.includes(value);
    if (!fits)
      throw invalid(`${place}.${option}`, `is ${JSON.stringify(value)}; it has to be ${expected(check)}`);
    given[option] = structuredClone(value);
  }
  // Each option has been held against the table of its device.
  return Object.freeze({ name, ...given }) as OnnxDevice;
}

function expected(check: Check): string {
  if (check === deviceId) return "a whole number of at least 0";
  if (check === nodeNames) return "a list of names without line feeds";
  return `one of ${(check as readonly unknown[]).join(", ")}`;
}

function invalid(option: string, problem: string): InvalidOptionsError {
  return new InvalidOptionsError({ option, problem });
}
