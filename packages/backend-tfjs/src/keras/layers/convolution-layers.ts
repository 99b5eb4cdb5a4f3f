import { isArray, type JsonObject } from "../json.ts";
import { activation } from "./activation.ts";
import { flag, integer, integers, oneOf, only, optional } from "./options.ts";
import { type LayerRule, type Option, weight, type WeightSlot } from "./rule.ts";

const channelsLast = oneOf("channels_last", null);
const padding = oneOf("valid", "same");

const sizes = (options: JsonObject, key: string): readonly number[] => {
  const value = options[key];
  return isArray(value) ? value.map(Number) : [];
};
const size = (options: JsonObject, key: string): number => Number(options[key] ?? 1);
const bias = (options: JsonObject, length: number | null): readonly WeightSlot[] =>
  options["use_bias"] === false ? [] : [weight("bias", [length])];

/** What all convolutions over `rank` axes have in common. */
const convolution = (rank: number): Readonly<Record<string, Option>> => ({
  kernel_size: integers(rank),
  strides: integers(rank),
  padding,
  data_format: channelsLast,
  activation,
  use_bias: flag,
  groups: only(1),
});

const plain = (rank: number, dilationRate: Option): LayerRule => ({
  options: { ...convolution(rank), filters: integer(1), dilation_rate: dilationRate },
  weights: (options) => [
    weight("kernel", [...sizes(options, "kernel_size"), null, size(options, "filters")]),
    ...bias(options, size(options, "filters")),
  ],
});

/** Transposed; TensorFlow.js passes over the dilation and has no padding of the output. */
const transposed = (rank: number): LayerRule => ({
  options: {
    ...convolution(rank),
    filters: integer(1),
    dilation_rate: only(1),
    output_padding: only(null),
  },
  weights: (options) => [
    weight("kernel", [...sizes(options, "kernel_size"), size(options, "filters"), null]),
    ...bias(options, size(options, "filters")),
  ],
});

const pooling = (rank: number): LayerRule => ({
  options: {
    pool_size: integers(rank),
    strides: optional(integers(rank)),
    padding,
    data_format: channelsLast,
  },
});

const globalPooling: LayerRule = { options: { data_format: channelsLast, keepdims: only(false) } };

/** Layers that move a window over their input. */
export const convolutionLayers: Readonly<Record<string, LayerRule>> = {
  Conv1D: plain(1, integers(1)),
  Conv2D: plain(2, integers(2)),
  Conv3D: plain(3, only(1)),
  Conv2DTranspose: transposed(2),
  Conv3DTranspose: transposed(3),
  DepthwiseConv2D: {
    // TensorFlow.js passes over the dilation.
    options: { ...convolution(2), depth_multiplier: integer(1), dilation_rate: only(1) },
    weights: (options) => [
      weight("depthwise_kernel", [...sizes(options, "kernel_size"), null, size(options, "depth_multiplier")]),
      ...bias(options, null),
    ],
  },
  SeparableConv2D: {
    options: {
      ...convolution(2),
      filters: integer(1),
      depth_multiplier: integer(1),
      dilation_rate: integers(2),
    },
    weights: (options) => [
      weight("depthwise_kernel", [...sizes(options, "kernel_size"), null, size(options, "depth_multiplier")]),
      weight("pointwise_kernel", [1, 1, null, size(options, "filters")]),
      ...bias(options, size(options, "filters")),
    ],
  },

  AveragePooling1D: pooling(1),
  AveragePooling2D: pooling(2),
  AveragePooling3D: pooling(3),
  MaxPooling1D: pooling(1),
  MaxPooling2D: pooling(2),
  MaxPooling3D: pooling(3),
  GlobalAveragePooling1D: globalPooling,
  GlobalAveragePooling2D: globalPooling,
  GlobalMaxPooling1D: globalPooling,
  GlobalMaxPooling2D: globalPooling,
};
