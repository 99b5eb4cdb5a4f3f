import { InvalidOptionsError } from "../errors/invalid-options-error.ts";
import { isBatchName } from "../scheduling/batch-key.ts";
import type { Tensor } from "../tensor/tensor.ts";
import type { Dimension, Signature, TensorInfo } from "../tensor/tensor-info.ts";
import { zerosOf } from "./along-axis.ts";
import type { StatefulOptions, StateOptions } from "./stateful-options.ts";

/** One state, with where its rows lie and how it begins. */
interface StateInfo {
  readonly input: string;
  readonly output: string;
  /** `undefined` when the state has no dimension for rows: then no two sessions share a run. */
  readonly axis: number | undefined;
  initial(key: string, rows: number): Tensor;
}

/** An input that begins with the end of the step before. */
interface HistoryInfo {
  readonly input: string;
  /** How many elements of the last dimension. */
  readonly size: number;
}

/** What is state in a model's tensors, what is the caller's, and where the rows of sessions lie. */
export interface StateLayout {
  readonly states: readonly StateInfo[];
  readonly history: readonly HistoryInfo[];
  /** The signature without the states: what a caller gives and gets. */
  readonly visible: Signature;
  /** The caller's inputs whose first dimension holds the rows. */
  readonly rowInputs: readonly string[];
  /** The caller's other inputs, which are one for all rows of a run. */
  readonly sharedInputs: readonly string[];
  /** Why the steps of different sessions cannot share a run; `undefined` when they can. */
  readonly obstacle: string | undefined;
}

/** @throws InvalidOptionsError `INVALID_OPTIONS` when the options do not fit the model. */
export function layOutStates(
  signature: Signature | undefined,
  { states, history = {} }: Pick<StatefulOptions, "states" | "history">,
): StateLayout {
  if (signature === undefined) {
    throw new InvalidOptionsError({
      option: "predictor",
      problem: "has no signature, so nobody knows its states; give one of a single model",
    });
  }
  if (typeof states !== "object" || states === null || Object.keys(states).length === 0) {
    throw new InvalidOptionsError({
      option: "states",
      problem: 'has to name at least one state input and its output, such as { state: "stateN" }',
    });
  }
  const stateInfos = Object.entries(states).map(([name, given]) =>
    stateOf(name, typeof given === "string" ? { output: given } : given, signature),
  );
  const outputNames = stateInfos.map(({ output }) => output);
  const repeated = outputNames.find((name, index) => outputNames.indexOf(name) !== index);
  if (repeated !== undefined) {
    throw new InvalidOptionsError({
      option: "states",
      problem: `has the output ${JSON.stringify(repeated)} twice; each state needs one of its own`,
    });
  }
  const inputs = signature.inputs.filter(({ name }) => !Object.hasOwn(states, name));
  const outputs = signature.outputs.filter(({ name }) => !outputNames.includes(name));
  const historyInfos = Object.entries(history).map(([input, size]) => historyOf(input, size, inputs));
  const rowInputs = inputs.filter(hasRows);
  return {
    states: stateInfos,
    history: historyInfos,
    visible: Object.freeze({
      inputs: Object.freeze(inputs.map((info) => withoutHistory(info, historyInfos))),
      outputs: Object.freeze(outputs),
    }),
    rowInputs: rowInputs.map(({ name }) => name),
    sharedInputs: inputs.filter((info) => !hasRows(info)).map(({ name }) => name),
    obstacle: findObstacle(stateInfos, rowInputs, outputs),
  };
}

function stateOf(
  input: string,
  { output, batchAxis, initial }: StateOptions,
  signature: Signature,
): StateInfo {
  const info = signature.inputs.find(({ name }) => name === input);
  if (info === undefined) {
    const names = signature.inputs.map(({ name }) => name).join(", ");
    throw new InvalidOptionsError({
      option: `states.${input}`,
      problem: `is for no input of the model, which has ${names}`,
    });
  }
  if (!signature.outputs.some(({ name }) => name === output)) {
    const names = signature.outputs.map(({ name }) => name).join(", ");
    throw new InvalidOptionsError({
      option: `states.${input}.output`,
      problem: `is ${JSON.stringify(output)}, which is no output of the model; it has ${names}`,
    });
  }
  const axis = axisOf(info, batchAxis);
  return {
    input,
    output,
    axis,
    initial: initial === undefined ? zeros(info, axis) : (key, rows) => initial({ key, rows }),
  };
}

function axisOf({ name, shape }: TensorInfo, given: number | undefined): number | undefined {
  const option = `states.${name}.batchAxis`;
  if (given !== undefined) {
    const size = shape?.[given];
    if (Number.isInteger(given) && given >= 0 && (shape === undefined || size !== undefined)) {
      return typeof size === "number" ? undefined : given;
    }
    const problem = `is ${String(given)}, which is no dimension of [${describeShape(shape)}]`;
    throw new InvalidOptionsError({ option, problem });
  }
  const varying = (shape ?? []).flatMap((size, axis) => (typeof size === "number" ? [] : [{ size, axis }]));
  const named = varying.filter(({ size }) => typeof size === "string" && isBatchName(size));
  const [found, second] = named.length === 1 ? named : varying;
  if (shape !== undefined && second === undefined) return found?.axis;
  throw new InvalidOptionsError({
    option,
    problem: `has to be given: the shape [${describeShape(shape)}] does not say which dimension is the batch`,
  });
}

function zeros({ name, dtype, shape }: TensorInfo, axis: number | undefined): StateInfo["initial"] {
  const others = shape?.filter((_, index) => index !== axis);
  if (shape === undefined || others?.some((size) => typeof size !== "number")) {
    throw new InvalidOptionsError({
      option: `states.${name}.initial`,
      problem: `has to be given: the shape [${describeShape(shape)}] does not say how many zeros there are`,
    });
  }
  // All but the batch have just been found to be numbers.
  return (_key, rows) =>
    zerosOf(
      dtype,
      shape.map((size, index) => (index === axis ? rows : (size as number))),
    );
}

function historyOf(input: string, size: number, inputs: readonly TensorInfo[]): HistoryInfo {
  const option = `history.${input}`;
  const info = inputs.find(({ name }) => name === input);
  if (info === undefined) {
    const problem = `is for no input beside the states; there are ${inputs.map(({ name }) => name).join(", ")}`;
    throw new InvalidOptionsError({ option, problem });
  }
  const last = info.shape?.at(-1);
  const isInRange = Number.isInteger(size) && size >= 1 && !(typeof last === "number" && size >= last);
  const hasAxis = info.shape === undefined || info.shape.length >= (hasRows(info) ? 2 : 1);
  if (isInRange && hasAxis) return { input, size };
  throw new InvalidOptionsError({
    option,
    problem:
      `is ${String(size)}; it has to be a whole number from 1 to less than the last dimension of ` +
      `[${describeShape(info.shape)}], which is not the batch`,
  });
}

function withoutHistory(info: TensorInfo, history: readonly HistoryInfo[]): TensorInfo {
  const size = history.find(({ input }) => input === info.name)?.size;
  const last = info.shape?.at(-1);
  if (size === undefined || typeof last !== "number") return info;
  return Object.freeze({ ...info, shape: Object.freeze(info.shape!.with(-1, last - size)) });
}

function hasRows({ shape }: TensorInfo): boolean {
  return shape !== undefined && shape.length > 0 && typeof shape[0] !== "number";
}

function findObstacle(
  states: readonly StateInfo[],
  rowInputs: readonly TensorInfo[],
  outputs: readonly TensorInfo[],
): string | undefined {
  const fixed = states.find(({ axis }) => axis === undefined);
  if (fixed !== undefined) return `the state ${JSON.stringify(fixed.input)} has no dimension that varies`;
  if (rowInputs.length === 0) return "no input has a first dimension that varies";
  const names = new Set(rowInputs.map(({ shape }) => shape![0]!).filter((size) => typeof size === "string"));
  if (names.size > 1) return `the inputs' first dimensions are ${[...names].join(" and ")}`;
  const isBatch = (size: Dimension): boolean =>
    size === null || (typeof size === "string" && (isBatchName(size) || names.has(size)));
  const strange = [...names].find((name) => !isBatchName(name));
  if (strange !== undefined) return `the inputs' first dimension is called ${JSON.stringify(strange)}`;
  const other = outputs.find(
    ({ shape }) => shape === undefined || shape[0] === undefined || !isBatch(shape[0]),
  );
  return other && `the output ${JSON.stringify(other.name)} has no batch as its first dimension`;
}

function describeShape(shape: TensorInfo["shape"]): string {
  return shape?.map((size) => size ?? "?").join(", ") ?? "of any rank";
}
