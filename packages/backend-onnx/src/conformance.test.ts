import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import {
  type ConformanceModelName,
  describeBackend,
  hostileProxy,
  noopWrapper,
  workerWrapper,
} from "@mlops/core/testing";
import * as onnxruntime from "onnxruntime-node";
import { afterAll, describe, test } from "vitest";

import { onnx } from "./backend.ts";
import { conformanceModel } from "./conformance-models.fixtures.ts";

const runner = { describe, test };
const session = { intraOpNumThreads: 1 };
const backend = onnx({ session });
const models = conformanceModel;
const folder = mkdtempSync(join(tmpdir(), "onnx-conformance-"));
afterAll(() => rmSync(folder, { recursive: true }));

describeBackend("onnx", { backend, models }, runner);
describeBackend(
  "onnx, by the public interface of onnxruntime-node",
  { backend: onnx({ session, runtime: onnxruntime }), models },
  runner,
);
describeBackend("onnx, from files", { backend, models: conformanceFile }, runner);
describeBackend("onnx, through noopWrapper", { backend: noopWrapper(backend), models }, runner);
describeBackend("onnx, through hostileProxy", { backend: hostileProxy(backend), models }, runner);

for (const isolation of ["thread", "process"] as const) {
  const remote = workerWrapper(backend, { isolation });
  afterAll(() => remote.stop());
  describeBackend(`onnx, in a worker ${isolation}`, { backend: remote, models }, runner);
}

/** The path of a model of the suite. */
function conformanceFile(name: ConformanceModelName): string {
  const path = join(folder, `${name}.onnx`);
  writeFileSync(path, conformanceModel(name));
  return path;
}
