import { writeSync } from "node:fs";

import { MlopsError, tensor } from "@mlops/core";
import { buildModel, identityModel, node, sequenceOutputModel } from "@mlops/onnx-builder";

import { load, runOnce, threeColumns } from "./predict.fixtures.ts";

// Run by silence.test.ts as a program: one line a step, with the code of what went wrong.

const shape = ["batch", 3];
const reshaping = buildModel({
  name: "reshaping",
  inputs: [{ name: "x", dtype: "float32", shape }],
  outputs: [{ name: "y", dtype: "float32", shape }],
  initializers: { sizes: { dtype: "int64", shape: [2], data: BigInt64Array.of(2n, 3n) } },
  nodes: [node("Reshape", ["x", "sizes"], ["y"])],
});
const unknownOperator = buildModel({
  name: "unknown operator",
  inputs: [{ name: "x", dtype: "float32", shape }],
  outputs: [{ name: "y", dtype: "float32", shape }],
  nodes: [node("Nonsense", ["x"], ["y"])],
});
const steps: readonly (() => Promise<unknown>)[] = [
  () => load(new TextEncoder().encode("no model")),
  () => load(unknownOperator),
  () => load(sequenceOutputModel()),
  () => load(identityModel("float32"), { device: ["tensorrt", "cuda", "cpu"] }),
  () => runOnce(reshaping, threeColumns(1, 2, 3)),
  () => runOnce(identityModel("float32"), { x: tensor("int8", [1, 2, 3], [1, 3]) }),
  () => runOnce(identityModel("float32"), threeColumns(1, 2, 3)),
];

for (const step of steps) {
  const outcome = await step().then(
    () => "NO_ERROR",
    (error: unknown) => (MlopsError.isInstance(error) ? error.code : String(error)),
  );
  writeSync(1, `${outcome}\n`);
}
