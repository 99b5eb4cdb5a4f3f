import { type Attributes, int, ints, string, type Tensor } from "@mlops/onnx-builder/write";

import { writeActivation } from "../activation.ts";
import { permute, reshape } from "../arrays.ts";
import type { LayerCall } from "../layer-call.ts";
import { unsupported } from "../unsupported.ts";
import { constantOf, type WriteContext, type WriteLayer } from "../write-layer.ts";

type Floats = Tensor<"float32">;

/**
 * Writes operators that take the channels before the other axes, where TensorFlow.js has them last.
 * ONNX Runtime takes transpositions that undo each other out.
 */
function channelsFirst(
  call: LayerCall,
  { writer }: WriteContext,
  rank: number,
  write: (input: string) => string,
): string {
  const { layer, config, inputs } = call;
  if (config.text("dataFormat", "channelsLast") !== "channelsLast") {
    throw unsupported(
      `The option dataFormat="channelsFirst" of the layer ${JSON.stringify(layer.name)} (${call.className})`,
      "Have the channels last, which is TensorFlow.js's own way.",
    );
  }
  const axes = Array.from({ length: rank }, (_, axis) => axis + 1);
  const before = writer.transpose(layer.name, inputs[0].name, [0, rank + 1, ...axes]);
  return writer.transpose(layer.name, write(before), [0, ...axes.map((axis) => axis + 1), 1]);
}

/**
 * TensorFlow puts the odd one of an uneven padding at the end, which ONNX calls upper. ONNX Runtime does
 * not take that together with a dilation, whose padding does not depend on the size: its stride is 1.
 */
function padding(
  { config, layer, className }: LayerCall,
  kernel: readonly number[] = [],
  dilations: readonly number[] = [],
): Attributes {
  const name = config.text("padding", "valid");
  if (name !== "valid" && name !== "same") {
    throw unsupported(
      `The option padding=${JSON.stringify(name)} of the layer ${JSON.stringify(layer.name)} (${className})`,
      'Use "valid" or "same".',
    );
  }
  if (name === "same" && dilations.some((dilation) => dilation > 1)) {
    const added = dilations.map((dilation, axis) => ((kernel[axis] ?? 1) - 1) * dilation);
    return {
      pads: ints([...added.map((size) => Math.floor(size / 2)), ...added.map((size) => Math.ceil(size / 2))]),
    };
  }
  return { auto_pad: string(name === "same" ? "SAME_UPPER" : "VALID") };
}

function biasOf(call: LayerCall, context: WriteContext): readonly string[] {
  const bias = constantOf(call, "bias", context);
  return bias === undefined ? [] : [bias];
}

function activated(
  { layer, config }: LayerCall,
  { writer }: WriteContext,
  output: string,
): readonly string[] {
  return [writeActivation(writer, layer.name, config.text("activation", "linear"), output)];
}

/** `[…kernel, in, out]` as `[out, in, …kernel]`. */
const outFirst = (kernel: Floats, rank: number): Floats =>
  permute(kernel, [rank + 1, rank, ...Array.from({ length: rank }, (_, axis) => axis)]);

/** `[height, width, in, times]` as `[in · times, 1, height, width]`, a group for each channel. */
function grouped(kernel: Floats): Floats {
  const { shape } = kernel;
  const [height = 1, width = 1, channels = 1, times = 1] = shape;
  return reshape(permute(kernel, [2, 3, 0, 1]), [channels * times, 1, height, width]);
}

const convolution =
  (rank: number): WriteLayer =>
  (call, context) => {
    const { writer, weights } = context;
    const { layer, config } = call;
    const kernel = weights(layer, "kernel");
    const dilations = config.numbers("dilationRate", rank);
    const output = channelsFirst(call, context, rank, (input) =>
      writer.add(
        layer.name,
        "Conv",
        [
          input,
          ...(kernel ? [writer.constant(`${layer.name}/kernel`, outFirst(kernel, rank))] : []),
          ...biasOf(call, context),
        ],
        {
          ...padding(call, kernel?.shape, dilations),
          strides: ints(config.numbers("strides", rank)),
          dilations: ints(dilations),
        },
      ),
    );
    return activated(call, context, output);
  };

const depthwise: WriteLayer = (call, context) => {
  const { writer, weights } = context;
  const { layer, config } = call;
  const kernel = weights(layer, "depthwise_kernel");
  const pointwise = weights(layer, "pointwise_kernel");
  const output = channelsFirst(call, context, 2, (input) => {
    const first = kernel && grouped(kernel);
    const channels = kernel?.shape[2] ?? 1;
    // TensorFlow.js passes over the dilation of a depthwise convolution that is alone.
    const dilations = pointwise ? config.numbers("dilationRate", 2) : [1, 1];
    const apart = writer.add(
      layer.name,
      "Conv",
      [
        input,
        ...(first ? [writer.constant(`${layer.name}/depthwise_kernel`, first)] : []),
        ...(pointwise ? [] : biasOf(call, context)),
      ],
      {
        ...padding(call, kernel?.shape, dilations),
        group: int(channels),
        strides: ints(config.numbers("strides", 2)),
        dilations: ints(dilations),
      },
    );
    if (!pointwise) return apart;
    const second = writer.constant(`${layer.name}/pointwise_kernel`, outFirst(pointwise, 2));
    return writer.add(layer.name, "Conv", [apart, second, ...biasOf(call, context)]);
  });
  return activated(call, context, output);
};

const transposed =
  (rank: number): WriteLayer =>
  (call, context) => {
    const { writer, weights } = context;
    const { layer, config } = call;
    // `[…kernel, out, in]`, which ONNX has as `[in, out, …kernel]`.
    const kernel = weights(layer, "kernel");
    const sizes = kernel?.shape.slice(0, rank) ?? [];
    const strides = config.numbers("strides", rank);
    const isSame = config.text("padding", "valid") === "same";
    // What the stride leaves between kernels is there in TensorFlow.js, also after the last one.
    const gaps = sizes.map((size, axis) => Math.max((strides[axis] ?? 1) - size, 0));
    const cuts = sizes.map((size, axis) => (isSame ? Math.max(size - (strides[axis] ?? 1), 0) : 0));
    const pads = [...cuts.map((cut) => Math.floor(cut / 2)), ...cuts.map((cut) => Math.ceil(cut / 2))];
    const output = channelsFirst(call, context, rank, (input) =>
      writer.add(
        layer.name,
        "ConvTranspose",
        [
          input,
          ...(kernel ? [writer.constant(`${layer.name}/kernel`, outFirst(kernel, rank))] : []),
          ...biasOf(call, context),
        ],
        { strides: ints(strides), pads: ints(pads), output_padding: ints(gaps) },
      ),
    );
    return activated(call, context, output);
  };

const pooling =
  (opType: "MaxPool" | "AveragePool", rank: number): WriteLayer =>
  (call, context) => {
    const { layer, config } = call;
    const size = config.numbers("poolSize", rank, 2);
    const output = channelsFirst(call, context, rank, (input) =>
      context.writer.add(layer.name, opType, [input], {
        ...padding(call),
        kernel_shape: ints(size),
        strides: ints(config.has("strides") ? config.numbers("strides", rank) : size),
      }),
    );
    return [output];
  };

const globalPooling =
  (opType: "ReduceMean" | "ReduceMax", rank: number): WriteLayer =>
  ({ layer, inputs, config, className }, { writer }) => {
    if (config.text("dataFormat", "channelsLast") !== "channelsLast") {
      throw unsupported(
        `The option dataFormat of the layer ${JSON.stringify(layer.name)} (${className})`,
        "Have the channels last.",
      );
    }
    const axes = ints(Array.from({ length: rank }, (_, axis) => axis + 1));
    return [writer.add(layer.name, opType, [inputs[0].name], { axes, keepdims: int(0) })];
  };

/** Layers that move a window over their input. */
export const convolutionLayers: Readonly<Record<string, WriteLayer>> = {
  Conv1D: convolution(1),
  Conv2D: convolution(2),
  Conv3D: convolution(3),
  Conv2DTranspose: transposed(2),
  Conv3DTranspose: transposed(3),
  DepthwiseConv2D: depthwise,
  SeparableConv2D: depthwise,
  AveragePooling1D: pooling("AveragePool", 1),
  AveragePooling2D: pooling("AveragePool", 2),
  AveragePooling3D: pooling("AveragePool", 3),
  MaxPooling1D: pooling("MaxPool", 1),
  MaxPooling2D: pooling("MaxPool", 2),
  MaxPooling3D: pooling("MaxPool", 3),
  GlobalAveragePooling1D: globalPooling("ReduceMean", 1),
  GlobalAveragePooling2D: globalPooling("ReduceMean", 2),
  GlobalMaxPooling1D: globalPooling("ReduceMax", 1),
  GlobalMaxPooling2D: globalPooling("ReduceMax", 2),
};
