import { float } from "@mlops/onnx-builder/write";

import type { GraphWriter } from "./graph-writer.ts";
import { unsupported } from "./unsupported.ts";

/** Writes an activation by the name that TensorFlow.js has for it. */
type WriteActivation = (writer: GraphWriter, scope: string, input: string) => string;

const operator =
  (opType: string): WriteActivation =>
  (writer, scope, input) =>
    writer.add(scope, opType, [input]);

const activations: Readonly<Record<string, WriteActivation>> = {
  linear: (_writer, _scope, input) => input,
  elu: operator("Elu"),
  relu: operator("Relu"),
  selu: operator("Selu"),
  sigmoid: operator("Sigmoid"),
  softplus: operator("Softplus"),
  softsign: operator("Softsign"),
  tanh: operator("Tanh"),
  softmax: (writer, scope, input) => writer.softmax(scope, input),
  logSoftmax: (writer, scope, input) => writer.softmax(scope, input, "LogSoftmax"),
  hardSigmoid: (writer, scope, input) =>
    writer.add(scope, "HardSigmoid", [input], { alpha: float(0.2), beta: float(0.5) }),
  relu6: (writer, scope, input) => clip(writer, scope, input, 6),
  swish: (writer, scope, input) => writer.add(scope, "Mul", [input, writer.add(scope, "Sigmoid", [input])]),
  mish: (writer, scope, input) => {
    const soft = writer.add(scope, "Softplus", [input]);
    return writer.add(scope, "Mul", [input, writer.add(scope, "Tanh", [soft])]);
  },
  /** x · (1 + erf(x / √2)) / 2. */
  gelu: (writer, scope, input) => {
    const scaled = writer.add(scope, "Mul", [input, writer.scalar(`${scope}/scale`, Math.SQRT1_2)]);
    return halfOf(writer, scope, input, writer.add(scope, "Erf", [scaled]));
  },
  /** x · (1 + tanh(√(2 / π) · (x + 0.044715 · x³))) / 2. */
  gelu_new: (writer, scope, input) => {
    const square = writer.add(scope, "Mul", [input, input]);
    const small = writer.add(scope, "Mul", [square, writer.scalar(`${scope}/cubic`, 0.044715)]);
    const factor = writer.add(scope, "Add", [small, writer.scalar(`${scope}/one`, 1)]);
    const inner = writer.add(scope, "Mul", [input, factor]);
    const scale = writer.scalar(`${scope}/scale`, Math.sqrt(2 / Math.PI));
    const scaled = writer.add(scope, "Mul", [inner, scale]);
    return halfOf(writer, scope, input, writer.add(scope, "Tanh", [scaled]));
  },
};

/** x · (1 + y) / 2. */
function halfOf(writer: GraphWriter, scope: string, x: string, y: string): string {
  const sum = writer.add(scope, "Add", [y, writer.scalar(`${scope}/one`, 1)]);
  const product = writer.add(scope, "Mul", [x, sum]);
  return writer.add(scope, "Mul", [product, writer.scalar(`${scope}/half`, 0.5)]);
}

/** Values below 0 and above `highest` cut off. */
export function clip(writer: GraphWriter, scope: string, input: string, highest: number): string {
  const bounds = [writer.scalar(`${scope}/lowest`, 0), writer.scalar(`${scope}/highest`, highest)];
  return writer.add(scope, "Clip", [input, ...bounds]);
}

/** Writes the activation of a layer. @throws UnsupportedError `UNSUPPORTED` for one that is not known here. */
export function writeActivation(writer: GraphWriter, layer: string, name: string, input: string): string {
  const write = Object.hasOwn(activations, name) ? activations[name] : undefined;
  if (write === undefined) {
    throw unsupported(
      `The activation ${JSON.stringify(name)} of the layer ${JSON.stringify(layer)}`,
      `It can be ${Object.keys(activations).join(", ")}.`,
    );
  }
  return write(writer, layer, input);
}
