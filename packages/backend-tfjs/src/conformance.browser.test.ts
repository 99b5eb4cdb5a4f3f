import {
  type ConformanceModelName,
  type ConformanceOptions,
  describeBackend,
  workerWrapper,
} from "@mlops/core/testing";
import { afterAll, describe, test } from "vitest";

import { tfjs } from "./backend.ts";
import { conformanceModel } from "./conformance-models.fixtures.ts";
import type { TfjsDevice } from "./device.ts";

const runner = { describe, test };

const on = (device: TfjsDevice, slowWidth: number): ConformanceOptions => ({
  backend: tfjs({ device }),
  models: (name: ConformanceModelName) => conformanceModel(name, { slowWidth }),
});

// A processor is the graphics card here: what takes a while does so with less to compute.
for (const [device, slowWidth] of [
  ["wasm", 256],
  ["webgpu", 16],
  ["webgl", 16],
] as const) {
  const options = on(device, slowWidth);
  describeBackend(`tfjs on ${device}, on the page's thread`, options, runner);
  const remote = workerWrapper(options.backend, { isolation: "thread" });
  afterAll(() => remote.stop());
  describeBackend(`tfjs on ${device}, in a web worker`, { ...options, backend: remote }, runner);
}
