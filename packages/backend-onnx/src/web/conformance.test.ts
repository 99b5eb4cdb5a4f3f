import { describeBackend, hostileProxy, noopWrapper } from "@mlops/core/testing";
import { describe, test } from "vitest";

import { onnx } from "../backend.ts";
import { conformanceModel } from "../conformance-models.fixtures.ts";

// onnxruntime-web in Node, where the native binding does not exist.
const runner = { describe, test };
const models = conformanceModel;
const backend = onnx({ device: "wasm" });

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
