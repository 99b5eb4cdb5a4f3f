import type { Backend } from "@mlops/core";
import { describeBackend, hostileProxy, noopWrapper } from "@mlops/core/testing";
import { describe, test } from "vitest";

import { conformanceModel } from "../conformance-models.fixtures.ts";
import { openNodeWasmSession } from "./node-wasm.ts";

// onnxruntime-web in Node, where the native binding does not exist.
const runner = { describe, test };
const models = conformanceModel;
const backend: Backend = {
  specificationVersion: "v1",
  name: "onnx",
  async load(artifact, { signal }) {
    const bytes = await artifact.read({ signal });
    return openNodeWasmSession({ bytes, location: artifact.location, session: {}, warnings: [] });
  },
};

describeBackend("onnx, on WebAssembly in Node", { backend, models }, runner);
describeBackend(
  "onnx, on WebAssembly in Node, through noopWrapper",
  { backend: noopWrapper(backend), models },
  runner,
);
describeBackend(
  "onnx, on WebAssembly in Node, through hostileProxy",
  { backend: hostileProxy(backend), models },
  runner,
);
