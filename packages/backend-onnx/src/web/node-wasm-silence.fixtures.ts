import { writeSync } from "node:fs";

import { MlopsError, openArtifact, tensor } from "@mlops/core";

import { onnx } from "../backend.ts";
import { conformanceModel } from "../conformance-models.fixtures.ts";

// Run by node-wasm.test.ts as a program: one line a step, with the code of what went wrong.

const open = (bytes: Uint8Array) => onnx({ device: "wasm" }).load(openArtifact(bytes), {});
const session = await open(conformanceModel("lookup"));
const lookUp = (index: number) => session.doRun({ index: tensor("int32", [index], [1, 1]) }, {});

for (const step of [() => open(new TextEncoder().encode("no model")), () => lookUp(99), () => lookUp(1)]) {
  const outcome = await step().then(
    () => "NO_ERROR",
    (error: unknown) => (MlopsError.isInstance(error) ? error.code : String(error)),
  );
  writeSync(1, `${outcome}\n`);
}
