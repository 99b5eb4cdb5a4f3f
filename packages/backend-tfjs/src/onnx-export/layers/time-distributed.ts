import { LayerOptions, type Value } from "../layer-call.ts";
import type { LayerObject } from "../layers-model-graph.ts";
import { unsupported } from "../unsupported.ts";
import type { WriteLayer } from "../write-layer.ts";

/** The layer inside sees each step as a row of a larger batch. */
export const timeDistributed: WriteLayer = (call, { writer, writeInner }) => {
  const { layer, inputs, outputShapes } = call;
  const [input] = inputs;
  const [, steps, ...inner] = input.shape;
  const [, , ...outer] = outputShapes[0] ?? [];
  if (typeof steps !== "number" || inner.includes(null) || outer.includes(null)) {
    throw unsupported(
      `The layer ${JSON.stringify(layer.name)} (TimeDistributed) on sequences of any length`,
      "Give its input a length.",
    );
  }
  const rows: Value = {
    name: writer.reshape(layer.name, input.name, [-1, ...inner.map(Number)]),
    dtype: input.dtype,
    shape: [null, ...inner],
  };
  // A wrapper of TensorFlow.js holds its layer under this name.
  const wrapped = Reflect.get(layer, "layer") as LayerObject;
  const [output = ""] = writeInner({
    layer: wrapped,
    className: wrapped.getClassName(),
    config: new LayerOptions(wrapped.getConfig()),
    inputs: [rows],
    outputShapes: [[null, ...outer]],
  });
  return [writer.reshape(layer.name, output, [-1, steps, ...outer.map(Number)])];
};
