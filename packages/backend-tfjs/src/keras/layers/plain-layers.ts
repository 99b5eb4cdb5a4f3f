import { isArray, type JsonObject } from "../json.ts";
import { activation } from "./activation.ts";
import {
  axes,
  axis,
  flag,
  ignored,
  integer,
  integers,
  margins,
  number,
  oneOf,
  only,
  optional,
} from "./options.ts";
import { type LayerRule, type Option, weight, type WeightSlot } from "./rule.ts";

const channelsLast = oneOf("channels_last", null);

/** A size that the options hold, checked by then. */
const size = (options: JsonObject, key: string): number => Number(options[key]);
const bias = (options: JsonObject, length: number): readonly WeightSlot[] =>
  options["use_bias"] === false ? [] : [weight("bias", [length])];

/** A layer that changes nothing in a prediction, such as noise for training. */
const identity = (...ignoredOptions: readonly string[]): LayerRule => ({
  className: "Activation",
  fixed: { activation: "linear" },
  options: Object.fromEntries(ignoredOptions.map((name) => [name, ignored])),
});

/** One axis for both tensors, or one for each. */
const dotAxes: Option = (value, place) =>
  isArray(value) ? integers(2, -32)(value, place) : axis(value, place);

const merge: LayerRule = { options: {} };

/** Layers without a kernel that moves over their input, and without a state. */
export const plainLayers: Readonly<Record<string, LayerRule>> = {
  Dense: {
    options: { units: integer(1), activation, use_bias: flag },
    weights: (options) => [
      weight("kernel", [null, size(options, "units")]),
      ...bias(options, size(options, "units")),
    ],
  },
  Embedding: {
    options: {
      input_dim: integer(1),
      output_dim: integer(1),
      mask_zero: flag,
      input_length: ignored,
    },
    weights: (options) => [weight("embeddings", [size(options, "input_dim"), size(options, "output_dim")])],
  },

  Activation: { options: { activation } },
  ELU: { options: { alpha: only(1) } },
  LeakyReLU: {
    // Keras 2 calls it alpha, as TensorFlow.js does; Keras 3 calls it negative_slope.
    options: { alpha: number, negative_slope: number },
    renamed: { negative_slope: "alpha" },
  },
  PReLU: {
    options: { shared_axes: optional(axes) },
    weights: () => [weight("alpha", undefined)],
  },
  ReLU: { options: { max_value: optional(number), negative_slope: only(0), threshold: only(0) } },
  Softmax: { options: { axis: oneOf(-1, [-1]) }, fixed: { axis: -1 } },
  ThresholdedReLU: { options: { theta: number } },

  BatchNormalization: {
    options: {
      axis,
      momentum: ignored,
      epsilon: number,
      center: flag,
      scale: flag,
      synchronized: ignored,
      virtual_batch_size: only(null),
      renorm_momentum: ignored,
    },
    weights: (options) => [
      ...(options["scale"] === false ? [] : [weight("gamma", [null])]),
      ...(options["center"] === false ? [] : [weight("beta", [null])]),
      { ...weight("moving_mean", [null]), trainable: false },
      { ...weight("moving_variance", [null]), trainable: false },
    ],
  },
  LayerNormalization: {
    options: { axis: axes, epsilon: number, center: flag, scale: flag },
    weights: (options) => [
      ...(options["scale"] === false ? [] : [weight("gamma", undefined)]),
      ...(options["center"] === false ? [] : [weight("beta", undefined)]),
    ],
  },

  Add: merge,
  Average: merge,
  Maximum: merge,
  Minimum: merge,
  Multiply: merge,
  Concatenate: { options: { axis } },
  Dot: { options: { axes: dotAxes, normalize: flag } },

  Cropping2D: { options: { cropping: margins, data_format: channelsLast } },
  Flatten: { options: { data_format: channelsLast } },
  Masking: { options: { mask_value: number } },
  Permute: { options: { dims: axes } },
  RepeatVector: { options: { n: integer(1) } },
  Rescaling: { options: { scale: number, offset: number } },
  Reshape: { options: { target_shape: axes } },
  ZeroPadding2D: { options: { padding: margins, data_format: channelsLast } },
  UpSampling2D: {
    options: {
      size: integers(2),
      data_format: channelsLast,
      // TensorFlow.js aligns the pixels of a bilinear one otherwise than Keras does.
      interpolation: oneOf("nearest"),
    },
  },

  ActivityRegularization: identity("l1", "l2"),
  AlphaDropout: identity("rate", "noise_shape", "seed"),
  Dropout: { options: { rate: number, noise_shape: ignored, seed: ignored } },
  GaussianDropout: identity("rate", "seed"),
  GaussianNoise: identity("stddev", "seed"),
  Identity: identity(),
  SpatialDropout1D: identity("rate", "noise_shape", "seed"),
  SpatialDropout2D: identity("rate", "noise_shape", "seed", "data_format"),
  SpatialDropout3D: identity("rate", "noise_shape", "seed", "data_format"),
};
