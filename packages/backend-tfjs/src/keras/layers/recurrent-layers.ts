import type { JsonObject } from "../json.ts";
import { activation } from "./activation.ts";
import { flag, ignored, integer, integers, oneOf, only } from "./options.ts";
import { type LayerRule, type Option, weight, type WeightSlot } from "./rule.ts";

/** What all cells have in common. Dropout works in training only. */
const cell: Readonly<Record<string, Option>> = {
  activation,
  use_bias: flag,
  dropout: ignored,
  recurrent_dropout: ignored,
  seed: ignored,
  implementation: ignored,
};

/** What makes a layer of a cell. How the steps are carried out is TensorFlow.js's to choose. */
const layer: Readonly<Record<string, Option>> = {
  return_sequences: flag,
  return_state: flag,
  go_backwards: flag,
  // A state that stays from one request to the next would be that of another caller.
  stateful: only(false),
  unroll: ignored,
  time_major: only(false),
  use_cudnn: ignored,
  // Matters with a mask only, which checkMasks() sees to.
  zero_output_for_mask: ignored,
};

const gated: Readonly<Record<string, Option>> = {
  ...cell,
  recurrent_activation: activation,
  units: integer(1),
};

const weights =
  (gates: number) =>
  (options: JsonObject): readonly WeightSlot[] => {
    const units = Number(options["units"]);
    const biasShape = options["reset_after"] === true ? [2, gates * units] : [gates * units];
    return [
      weight("kernel", [null, gates * units]),
      weight("recurrent_kernel", [units, gates * units]),
      ...(options["use_bias"] === false ? [] : [weight("bias", biasShape)]),
    ];
  };

/** Cells, which `RNN` and `StackedRNNCells` hold. */
export const recurrentCells: Readonly<Record<string, LayerRule>> = {
  SimpleRNNCell: { options: { ...cell, units: integer(1) }, weights: weights(1) },
  LSTMCell: {
    options: { ...gated, unit_forget_bias: ignored },
    // What a bias starts from does not matter when it is loaded.
    fixed: { unit_forget_bias: false },
    weights: weights(4),
  },
  GRUCell: { options: { ...gated, reset_after: flag }, weights: weights(3) },
};

/** The layer of a cell, whose weights its cell keeps. */
const layerOf = (rule: LayerRule | undefined): LayerRule => ({
  ...rule,
  options: { ...rule?.options, ...layer },
  weights: (options) => (rule?.weights?.(options) ?? []).map((slot) => ({ ...slot, part: "cell" })),
});

/** Recurrent layers that bring their own cell. */
export const recurrentLayers: Readonly<Record<string, LayerRule>> = {
  SimpleRNN: layerOf(recurrentCells["SimpleRNNCell"]),
  LSTM: layerOf(recurrentCells["LSTMCell"]),
  GRU: layerOf(recurrentCells["GRUCell"]),
  ConvLSTM2D: {
    options: {
      ...cell,
      ...layer,
      recurrent_activation: activation,
      filters: integer(1),
      kernel_size: integers(2),
      strides: integers(2),
      padding: oneOf("valid", "same"),
      dilation_rate: only(1),
      data_format: oneOf("channels_last", null),
      unit_forget_bias: ignored,
    },
    fixed: { unit_forget_bias: false },
    weights: (options) => {
      const [filters, kernel] = [Number(options["filters"]), options["kernel_size"]];
      const sizes = Array.isArray(kernel) ? kernel.map(Number) : [];
      return [
        weight("kernel", [...sizes, null, 4 * filters], "cell"),
        weight("recurrent_kernel", [...sizes, filters, 4 * filters], "cell"),
        ...(options["use_bias"] === false ? [] : [weight("bias", [4 * filters], "cell")]),
      ];
    },
  },
};

/** The options of `RNN`, whose cell is told apart. */
export const rnnOptions: Readonly<Record<string, Option>> = layer;
