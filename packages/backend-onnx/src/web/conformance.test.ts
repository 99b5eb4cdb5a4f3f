import { describeBackend, hostileProxy, noopWrapper } from "@mlops/core/testing";
import { describe, test } from "vitest";

import { conformanceModel } from "../conformance-models.fixtures.ts";
import { importNodeRuntime } from "./node-wasm.ts";
import { webBackend } from "./web-backend.ts";

// onnxruntime-web in Node, where the native binding does not exist.
const runner = { describe, test };
const models = conformanceModel;
const backend = webBackend({
  device: "wasm",
  session: {},
  importRuntime: importNodeRuntime,
  findFiles: () => undefined,
});

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
