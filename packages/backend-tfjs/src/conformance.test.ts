import {
  type ConformanceModelName,
  describeBackend,
  hostileProxy,
  noopWrapper,
  workerWrapper,
} from "@mlops/core/testing";
import { afterAll, describe, test } from "vitest";

import { tfjs } from "./backend.ts";
import { conformanceModel } from "./conformance-models.fixtures.ts";

const runner = { describe, test };
const modelsFor = (slowWidth: number) => (name: ConformanceModelName) =>
  conformanceModel(name, { slowWidth });

const cpu = { backend: tfjs({ device: "cpu" }), models: modelsFor(64) };
const tensorflow = { backend: tfjs({ device: "tensorflow" }), models: modelsFor(512) };
describeBackend("tfjs on tensorflow", tensorflow, runner);
for (const isolation of ["thread", "process"] as const) {
  const remote = workerWrapper(tensorflow.backend, { isolation });
  afterAll(() => remote.stop());
  describeBackend(`tfjs on tensorflow, in a worker ${isolation}`, { ...tensorflow, backend: remote }, runner);
}
const wasm = { backend: tfjs({ device: "wasm" }), models: modelsFor(256) };

describeBackend("tfjs on cpu", cpu, runner);
describeBackend("tfjs on wasm", wasm, runner);
describeBackend("tfjs on wasm, through noopWrapper", { ...wasm, backend: noopWrapper(wasm.backend) }, runner);
describeBackend(
  "tfjs on wasm, through hostileProxy",
  { ...wasm, backend: hostileProxy(wasm.backend) },
  runner,
);

for (const isolation of ["thread", "process"] as const) {
  const remote = workerWrapper(wasm.backend, { isolation });
  afterAll(() => remote.stop());
  describeBackend(`tfjs on wasm, in a worker ${isolation}`, { ...wasm, backend: remote }, runner);
}
