import { floats, int, strings } from "@mlops/onnx-builder/write";

import { gateRows } from "../arrays.ts";
import { LayerOptions, type Value } from "../layer-call.ts";
import type { LayerObject } from "../layers-model-graph.ts";
import { unsupported } from "../unsupported.ts";
import type { WriteContext, WriteLayer } from "../write-layer.ts";

/** A cell of TensorFlow.js as an operator of ONNX. */
interface CellKind {
  readonly operator: "RNN" | "GRU" | "LSTM";
  /** The gates of TensorFlow.js, i f c o, z r h, or one, in ONNX's order. */
  readonly order: readonly number[];
  readonly resetAfter: boolean;
}

const simple: CellKind = { operator: "RNN", order: [0], resetAfter: false };
const lstm: CellKind = { operator: "LSTM", order: [0, 3, 1, 2], resetAfter: false };
const gru: CellKind = { operator: "GRU", order: [0, 1, 2], resetAfter: false };
const resetAfterGru: CellKind = { ...gru, resetAfter: true };

const cells: Readonly<Record<string, CellKind>> = {
  SimpleRNN: simple,
  SimpleRNNCell: simple,
  LSTM: lstm,
  LSTMCell: lstm,
  GRU: gru,
  GRUCell: gru,
  MlopsResetAfterGRU: resetAfterGru,
  MlopsResetAfterGRUCell: resetAfterGru,
};

/** The activations that ONNX's recurrent operators know, with their two parameters. */
const activations: Readonly<Record<string, readonly [name: string, alpha: number, beta: number]>> = {
  elu: ["Elu", 1, 0],
  hardSigmoid: ["HardSigmoid", 0.2, 0.5],
  linear: ["Affine", 1, 0],
  relu: ["Relu", 0, 0],
  sigmoid: ["Sigmoid", 0, 0],
  softplus: ["Softplus", 0, 0],
  softsign: ["Softsign", 0, 0],
  tanh: ["Tanh", 0, 0],
};

/** What an operator gives: every step `[batch, time, units]`, and its states `[batch, units]`. */
interface Steps {
  readonly all: string;
  readonly states: readonly string[];
}

const single: WriteLayer = (call, context) => {
  const { config, layer, inputs } = call;
  if (config.flag("stateful")) {
    throw unsupported(
      `The option stateful of the layer ${JSON.stringify(layer.name)} (${call.className})`,
      "Pass the state as an input, and take it as an output.",
    );
  }
  const cell = Reflect.get(layer, "cell");
  const cellLayers = isCell(cell) ? stackOf(cell) : [];
  const backwards = config.flag("goBackwards");
  let [input] = inputs;
  let steps: Steps | undefined;
  cellLayers.forEach((part, index) => {
    const states = index === 0 ? inputs.slice(1).map(({ name }) => name) : [];
    steps = writeSteps(
      { cell: part, scope: layer.name, input, backwards: backwards && index === 0, states },
      context,
    );
    input = { ...input, name: steps.all };
  });
  if (steps === undefined)
    throw unsupported(`The layer ${JSON.stringify(layer.name)} without a cell`, "Give it one.");
  if ((config.flag("returnState") || inputs.length > 1) && cellLayers.length > 1) {
    throw unsupported(
      `The states of the layer ${JSON.stringify(layer.name)} of several cells`,
      "Use one layer for each cell.",
    );
  }
  const output = config.flag("returnSequences") ? steps.all : (steps.states[0] ?? "");
  return config.flag("returnState") ? [output, ...steps.states] : [output];
};

const bidirectional: WriteLayer = (call, context) => {
  const { layer, config, inputs } = call;
  const { writer } = context;
  if (inputs.length > 1 || config.flag("returnState")) {
    throw unsupported(
      `The states of the layer ${JSON.stringify(layer.name)} (Bidirectional)`,
      "Leave them out.",
    );
  }
  const [forward, backward] = ["forwardLayer", "backwardLayer"].map((key) => {
    // A wrapper of TensorFlow.js holds its layers under these names.
    const inner = Reflect.get(layer, key) as LayerObject;
    const [output = ""] = single(
      { ...call, layer: inner, config: new LayerOptions(inner.getConfig()) },
      context,
    );
    return output;
  });
  // The state of the backward layer is of the first step, and its steps are in the order of its own.
  const inner = new LayerOptions((Reflect.get(layer, "forwardLayer") as LayerObject).getConfig());
  const back = inner.flag("returnSequences")
    ? writer.reverse(layer.name, backward ?? "", 1)
    : (backward ?? "");
  const both = [forward ?? "", back];
  switch (config.text("mergeMode", "none")) {
    case "concat":
      return [writer.add(layer.name, "Concat", both, { axis: int(-1) })];
    case "sum":
      return [writer.add(layer.name, "Add", both)];
    case "mul":
      return [writer.add(layer.name, "Mul", both)];
    case "ave":
      return [
        writer.add(layer.name, "Mul", [
          writer.add(layer.name, "Add", both),
          writer.scalar(`${layer.name}/half`, 0.5),
        ]),
      ];
    default:
      return both;
  }
};

/** Recurrent layers, each cell as one operator over all steps. */
export const recurrentLayers: Readonly<Record<string, WriteLayer>> = {
  Bidirectional: bidirectional,
  GRU: single,
  LSTM: single,
  MlopsResetAfterGRU: single,
  RNN: single,
  SimpleRNN: single,
};

interface StepsToWrite {
  readonly cell: LayerObject;
  readonly scope: string;
  readonly input: Value;
  readonly backwards: boolean;
  readonly states: readonly string[];
}

function writeSteps(
  { cell, scope, input, backwards, states }: StepsToWrite,
  { writer, weights }: WriteContext,
): Steps {
  const kind = cells[cell.getClassName()];
  if (kind === undefined) {
    throw unsupported(
      `The cell ${cell.getClassName()} of the layer ${JSON.stringify(scope)}`,
      `It can be ${Object.keys(cells).join(", ")}.`,
    );
  }
  const { operator, order } = kind;
  const config = new LayerOptions(cell.getConfig());
  const units = config.number("units");
  const [kernel, recurrent, bias] = ["kernel", "recurrent_kernel", "bias"].map((name) => weights(cell, name));
  if (kernel === undefined || recurrent === undefined) {
    throw unsupported(`The layer ${JSON.stringify(scope)} without weights`, "Build the model first.");
  }
  const rows = order.length * units;
  const name = (part: string): string => `${scope}/${part}`;
  const inputSize = kernel.shape[0] ?? 1;
  // A bias is one row, or two of which the second is for the state.
  const biases = bias && gateRows({ ...bias, shape: [bias.data.length / rows, rows] }, units, order);
  const parts = bias && biases ? biasRows(biases, rows, bias.data.length / rows) : [];
  const steps = writer.transpose(scope, writer.toFloat(scope, input.name, input.dtype), [1, 0, 2]);
  const start = states.map((state) => writer.unsqueeze(scope, state, 0));
  const inputs = [
    backwards ? writer.reverse(scope, steps, 0) : steps,
    writer.floats(name("kernel"), gateRows(kernel, units, order), [1, rows, inputSize]),
    writer.floats(name("recurrent_kernel"), gateRows(recurrent, units, order), [1, rows, units]),
    parts.length > 0 ? writer.floats(name("bias"), parts, [1, 2 * rows]) : "",
    "",
    ...start,
  ];
  while (inputs.at(-1) === "") inputs.pop();
  const outputs = writer.addMany(scope, operator, inputs, operator === "LSTM" ? 3 : 2, {
    hidden_size: int(units),
    ...activationsOf(config, kind, scope),
    ...(kind.resetAfter && { linear_before_reset: int(1) }),
  });
  const [all = "", ...last] = outputs;
  return {
    all: writer.transpose(scope, writer.squeeze(scope, all, 1), [1, 0, 2]),
    states: last.map((state) => writer.squeeze(scope, state, 0)),
  };
}

/** The input's biases, then the state's, which are zeros where there are none. `columns` has them unit by unit. */
function biasRows(columns: readonly number[], rows: number, count: number): readonly number[] {
  const part = (row: number): number[] =>
    Array.from({ length: rows }, (_, at) => (row < count ? (columns[at * count + row] ?? 0) : 0));
  return [...part(0), ...part(1)];
}

function activationsOf(
  config: LayerOptions,
  { operator }: CellKind,
  scope: string,
): ReturnType<typeof attributes> {
  const own = config.text("activation", "tanh");
  const gate = config.text("recurrentActivation", "hardSigmoid");
  return attributes(operator === "RNN" ? [own] : operator === "GRU" ? [gate, own] : [gate, own, own], scope);
}

function attributes(names: readonly string[], scope: string): Record<string, ReturnType<typeof floats>> {
  const found = names.map((name) => {
    const known = Object.hasOwn(activations, name) ? activations[name] : undefined;
    if (known !== undefined) return known;
    throw unsupported(
      `The activation ${JSON.stringify(name)} of the recurrent layer ${JSON.stringify(scope)}`,
      `It can be ${Object.keys(activations).join(", ")}.`,
    );
  });
  return {
    activations: strings(found.map(([name]) => name)),
    activation_alpha: floats(found.map(([, alpha]) => alpha)),
    activation_beta: floats(found.map(([, , beta]) => beta)),
  };
}

function isCell(value: unknown): value is LayerObject {
  return (
    typeof value === "object" && value !== null && typeof Reflect.get(value, "getClassName") === "function"
  );
}

/** The cells of a cell of cells. */
function stackOf(cell: LayerObject): readonly LayerObject[] {
  const inner: unknown = Reflect.get(cell, "cells");
  return Array.isArray(inner) ? inner.filter(isCell) : [cell];
}
