import {
  type ConformanceModelName,
  type ConformanceOptions,
  describeBackend,
  hostileProxy,
  noopWrapper,
  workerWrapper,
} from "@mlops/core/testing";
import { afterAll, describe, test } from "vitest";

import { describeWith, requirement } from "../../../scripts/test/requirement.ts";
import { tfjs } from "./backend.ts";
import { conformanceModel } from "./conformance-models.fixtures.ts";
import type { TfjsDevice } from "./device.ts";

const runner = { describe, test };

/** The suite's options for an engine; the wider the model `slow`, the longer it takes. */
const on = (device: TfjsDevice, slowWidth: number): ConformanceOptions => ({
  backend: tfjs({ device }),
  models: (name: ConformanceModelName) => conformanceModel(name, { slowWidth }),
});

function describeInWorkers(name: string, options: ConformanceOptions): void {
  for (const isolation of ["thread", "process"] as const) {
    const remote = workerWrapper(options.backend, { isolation });
    afterAll(() => remote.stop());
    describeBackend(`${name}, in a worker ${isolation}`, { ...options, backend: remote }, runner);
  }
}

describeBackend("tfjs on cpu", on("cpu", 64), runner);

const wasm = on("wasm", 256);
describeBackend("tfjs on wasm", wasm, runner);
describeBackend("tfjs on wasm, through noopWrapper", { ...wasm, backend: noopWrapper(wasm.backend) }, runner);
describeBackend(
  "tfjs on wasm, through hostileProxy",
  { ...wasm, backend: hostileProxy(wasm.backend) },
  runner,
);
describeInWorkers("tfjs on wasm", wasm);

describeWith(requirement("tfjs-node"), "tfjs-node", () => {
  const tensorflow = on("tensorflow", 512);
  describeBackend("tfjs on tensorflow", tensorflow, runner);
  describeInWorkers("tfjs on tensorflow", tensorflow);
});
