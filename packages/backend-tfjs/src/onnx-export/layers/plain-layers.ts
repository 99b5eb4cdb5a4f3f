import { float, int } from "@mlops/onnx-builder/write";

import { clip, writeActivation } from "../activation.ts";
import type { GraphWriter } from "../graph-writer.ts";
import type { LayerCall, Value } from "../layer-call.ts";
import { unsupported } from "../unsupported.ts";
import { constantOf, type WriteContext, type WriteLayer } from "../write-layer.ts";

/** A layer that passes on what it takes: in a prediction, noise and dropout do. */
const identity: WriteLayer = ({ inputs }) => [inputs[0].name];

/** An activation with no options. */
const named =
  (activation: string): WriteLayer =>
  ({ layer, inputs }, { writer }) => [writeActivation(writer, layer.name, activation, inputs[0].name)];

/** Layers that compute on each element, or on the last axis. */
export const plainLayers: Readonly<Record<string, WriteLayer>> = {
  Dense: (call, context) => {
    const { writer } = context;
    const { layer, config } = call;
    const [input] = call.inputs;
    const kernel = constantOf(call, "kernel", context) ?? "";
    const bias = constantOf(call, "bias", context);
    const x = writer.toFloat(layer.name, input.name, input.dtype);
    let y: string;
    if (input.shape.length === 2 && bias !== undefined) y = writer.add(layer.name, "Gemm", [x, kernel, bias]);
    else {
      y = writer.add(layer.name, "MatMul", [x, kernel]);
      if (bias !== undefined) y = writer.add(layer.name, "Add", [y, bias]);
    }
    return [writeActivation(writer, layer.name, config.text("activation", "linear"), y)];
  },

  Embedding: (call, context) => {
    const { layer, config, inputs } = call;
    refuseMask(call, config.flag("maskZero"));
    const table = constantOf(call, "embeddings", context) ?? "";
    const ids =
      inputs[0].dtype === "int32" ? inputs[0].name : context.writer.toInteger(layer.name, inputs[0].name);
    return [context.writer.add(layer.name, "Gather", [table, ids])];
  },

  Activation: ({ layer, config, inputs }, { writer }) => [
    writeActivation(writer, layer.name, config.text("activation", "linear"), inputs[0].name),
  ],
  ELU: named("elu"),
  LeakyReLU: ({ layer, config, inputs }, { writer }) => [
    writer.add(layer.name, "LeakyRelu", [inputs[0].name], { alpha: float(config.number("alpha", 0.3)) }),
  ],
  PReLU: (call, context) => {
    const alpha = constantOf(call, "alpha", context) ?? "";
    return [context.writer.add(call.layer.name, "PRelu", [call.inputs[0].name, alpha])];
  },
  ReLU: ({ layer, config, inputs }, { writer }) => [
    config.has("maxValue")
      ? clip(writer, layer.name, inputs[0].name, config.number("maxValue"))
      : writer.add(layer.name, "Relu", [inputs[0].name]),
  ],
  Softmax: named("softmax"),
  ThresholdedReLU: ({ layer, config, inputs }, { writer }) => [
    writer.add(layer.name, "ThresholdedRelu", [inputs[0].name], { alpha: float(config.number("theta", 1)) }),
  ],

  BatchNormalization: writeBatchNormalization,
  LayerNormalization: writeLayerNormalization,
  Rescaling: ({ layer, config, inputs }, { writer }) => {
    const x = writer.toFloat(layer.name, inputs[0].name, inputs[0].dtype);
    const scaled = writer.add(layer.name, "Mul", [
      x,
      writer.scalar(`${layer.name}/scale`, config.number("scale", 1)),
    ]);
    return [
      writer.add(layer.name, "Add", [scaled, writer.scalar(`${layer.name}/offset`, config.number("offset"))]),
    ];
  },

  AlphaDropout: identity,
  Dropout: identity,
  GaussianDropout: identity,
  GaussianNoise: identity,
  SpatialDropout1D: identity,

  Add: mergeBy((writer, scope, inputs) => writer.add(scope, "Sum", inputs)),
  Average: mergeBy((writer, scope, inputs) => writer.add(scope, "Mean", inputs)),
  Maximum: mergeBy((writer, scope, inputs) => writer.add(scope, "Max", inputs)),
  Minimum: mergeBy((writer, scope, inputs) => writer.add(scope, "Min", inputs)),
  Multiply: mergeBy((writer, scope, inputs) =>
    inputs.slice(1).reduce((product, input) => writer.add(scope, "Mul", [product, input]), inputs[0] ?? ""),
  ),
};

/** Refuses a layer that gives a mask, which ONNX's operators do not take. */
function refuseMask({ layer, className }: LayerCall, isMasked: boolean): void {
  if (!isMasked) return;
  throw unsupported(
    `The mask of the layer ${JSON.stringify(layer.name)} (${className})`,
    "Leave the mask out, and pass sequences without padding.",
  );
}

function mergeBy(
  write: (writer: GraphWriter, scope: string, inputs: readonly string[]) => string,
): WriteLayer {
  return ({ layer, inputs, className }, { writer }) => {
    const ranks = new Set(inputs.map(({ shape }) => shape.length));
    if (ranks.size > 1) {
      throw unsupported(
        `The layer ${JSON.stringify(layer.name)} (${className}) on tensors of different rank`,
        "Reshape them first.",
      );
    }
    return [
      write(
        writer,
        layer.name,
        inputs.map(({ name }) => name),
      ),
    ];
  };
}

/** y = x · γ / √(variance + ε) + β - mean · γ / √(variance + ε), both constants computed here in float64. */
function writeBatchNormalization(call: LayerCall, { writer, weights }: WriteContext): readonly string[] {
  const { layer, config } = call;
  const [input] = call.inputs;
  const [mean, variance] = [weights(layer, "moving_mean")?.data, weights(layer, "moving_variance")?.data];
  const [gamma, beta] = [weights(layer, "gamma")?.data, weights(layer, "beta")?.data];
  const epsilon = config.number("epsilon", 1e-3);
  const scale = Array.from(variance ?? [], (value, at) => (gamma?.[at] ?? 1) / Math.sqrt(value + epsilon));
  const offset = scale.map((factor, at) => (beta?.[at] ?? 0) - (mean?.[at] ?? 0) * factor);
  const axis = axisOf(config.number("axis", -1), input);
  // TensorFlow.js itself normalizes along the last axis whatever the axis is.
  if (axis !== input.shape.length - 1) {
    throw unsupported(
      `The option axis=${axis} of the layer ${JSON.stringify(layer.name)} (BatchNormalization)`,
      "Normalize along the last axis.",
    );
  }
  const scaled = writer.add(layer.name, "Mul", [input.name, writer.floats(`${layer.name}/scale`, scale)]);
  return [writer.add(layer.name, "Add", [scaled, writer.floats(`${layer.name}/offset`, offset)])];
}

function writeLayerNormalization(call: LayerCall, context: WriteContext): readonly string[] {
  const { writer, weights } = context;
  const { layer, config } = call;
  const [input] = call.inputs;
  const given = config.list("axis").map(Number);
  const axes = (given.length > 0 ? given : [config.number("axis", -1)])
    .map((axis) => axisOf(axis, input))
    .sort((a, b) => a - b);
  const first = input.shape.length - axes.length;
  if (axes.some((axis, index) => axis !== first + index)) {
    throw unsupported(
      `The layer ${JSON.stringify(layer.name)} (LayerNormalization) along the axes ${axes.join(", ")}`,
      "Normalize along the last axes.",
    );
  }
  const sizes = axes.map((axis) => input.shape[axis] ?? 1);
  const ones = Array.from({ length: sizes.reduce((product, size) => product * size, 1) }, () => 1);
  const scale = weights(layer, "gamma")
    ? (constantOf(call, "gamma", context) ?? "")
    : writer.floats(`${layer.name}/gamma`, ones, sizes);
  const bias = constantOf(call, "beta", context);
  return [
    writer.add(
      layer.name,
      "LayerNormalization",
      bias === undefined ? [input.name, scale] : [input.name, scale, bias],
      {
        axis: int(axes[0] ?? -1),
        epsilon: float(config.number("epsilon", 1e-3)),
      },
    ),
  ];
}

/** An axis counted from the front. */
export function axisOf(axis: number, { shape }: Value): number {
  return axis < 0 ? shape.length + axis : axis;
}
