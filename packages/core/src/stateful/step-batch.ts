import { BackendError } from "../errors/backend-error.ts";
import { InvalidOptionsError } from "../errors/invalid-options-error.ts";
import { MlopsError } from "../errors/mlops-error.ts";
import { CodecError } from "../errors/codec-error.ts";
import { setTensor } from "../tensor/set-tensor.ts";
import { findTensorProblem, type Tensor, type TensorMap } from "../tensor/tensor.ts";
import { joinAlong, sizeOf, sliceAlong, zerosOf } from "./along-axis.ts";
import type { StateLayout } from "./state-layout.ts";
import type { Step, StepResult } from "./step.ts";

/** Says inside this folder that a model's outputs do not have the rows of its inputs. */
export class DependentRowsError extends Error {}

/** A step with the model's inputs: the caller's and those of its session. */
export interface PreparedStep {
  readonly step: Step;
  readonly inputs: TensorMap;
}

/**
 * Puts the state of its session to a step's inputs.
 *
 * @throws MlopsError when the session has another number of rows or the ends of its inputs another shape,
 *   or its first state cannot be made.
 */
export function prepareStep(step: Step, layout: StateLayout, model: string): PreparedStep {
  const { session, rows } = step;
  const inputs: Record<string, Tensor> = {};
  for (const name of Object.keys(step.tensors)) setTensor(inputs, name, step.tensors[name]!);
  for (const { input, size } of layout.history) {
    const given = inputs[input]!;
    const shape = given.shape.with(-1, size);
    const before = session.history?.[input] ?? zerosOf(given.dtype, shape);
    if (before.shape.join() !== shape.join()) {
      throw new InvalidOptionsError({
        option: "key",
        problem:
          `is ${JSON.stringify(session.key)}, whose session has an end of ${JSON.stringify(input)} of the shape ` +
          `[${before.shape.join(", ")}], but this step needs one of [${shape.join(", ")}]; only the last ` +
          "dimension can be another one than in the first step",
      });
    }
    setTensor(inputs, input, joinAlong([before, given], -1));
  }
  for (const state of layout.states) {
    const tensor = session.states?.[state.input] ?? firstState(state, step, model);
    if (state.axis !== undefined && sizeOf(tensor, state.axis) !== rows) {
      throw new InvalidOptionsError({
        option: "key",
        problem:
          `is ${JSON.stringify(session.key)}, whose session has ${sizeOf(tensor, state.axis)} rows, but this step ` +
          `has ${rows}; give every step of a session as many rows as the first`,
      });
    }
    setTensor(inputs, state.input, tensor);
  }
  return { step, inputs };
}

function firstState(state: StateLayout["states"][number], step: Step, model: string): Tensor {
  const { session, rows } = step;
  const name = `states.${state.input}.initial`;
  let made: Tensor;
  try {
    made = state.initial(session.key, rows);
  } catch (cause) {
    if (MlopsError.isInstance(cause)) throw cause;
    const problem = `${name}() threw: ${cause instanceof Error ? cause.message : String(cause)}`;
    throw new CodecError({ model, stage: "composition", problem, cause });
  }
  const problem = findTensorProblem(made);
  if (problem === undefined) return made;
  throw new CodecError({ model, stage: "composition", problem: `what ${name}() gave ${problem}` });
}

/** Whether two steps can be rows of one run: all else about their inputs is the same. */
export function canShareRun(a: PreparedStep, b: PreparedStep, layout: StateLayout): boolean {
  return (
    layout.rowInputs.every((name) => haveSameRowShape(a.inputs[name]!, b.inputs[name]!, 0)) &&
    layout.states.every(({ input, axis }) => haveSameRowShape(a.inputs[input]!, b.inputs[input]!, axis)) &&
    layout.sharedInputs.every((name) => areEqual(a.inputs[name]!, b.inputs[name]!))
  );
}

function haveSameRowShape(a: Tensor, b: Tensor, axis: number | undefined): boolean {
  return (
    a.shape.length === b.shape.length &&
    a.shape.every((size, index) => index === axis || size === b.shape[index])
  );
}

function areEqual(a: Tensor, b: Tensor): boolean {
  return (
    haveSameRowShape(a, b, undefined) &&
    a.data.length === b.data.length &&
    a.data.every((element: unknown, index: number) => Object.is(element, b.data[index]))
  );
}

/** The inputs of one run: each step's rows, one behind the other. */
export function joinSteps(prepared: readonly PreparedStep[], layout: StateLayout): TensorMap {
  const first = prepared[0]!.inputs;
  if (prepared.length === 1) return first;
  const joined: Record<string, Tensor> = {};
  const join = (name: string, axis: number): void =>
    setTensor(
      joined,
      name,
      joinAlong(
        prepared.map(({ inputs }) => inputs[name]!),
        axis,
      ),
    );
  for (const name of layout.rowInputs) join(name, 0);
  // Steps share a run only where every state has a dimension for rows.
  for (const { input, axis } of layout.states) join(input, axis!);
  for (const name of layout.sharedInputs) setTensor(joined, name, first[name]!);
  return joined;
}

/**
 * Gives each step its rows of a run's outputs.
 *
 * @throws DependentRowsError when an output of several steps does not have as many rows as the run.
 * @throws BackendError `BACKEND_FAILED` when a state is missing.
 */
export function splitOutputs(
  outputs: TensorMap,
  prepared: readonly PreparedStep[],
  layout: StateLayout,
  backend: string,
): StepResult[] {
  const rows = prepared.reduce((sum, { step }) => sum + step.rows, 0);
  let start = 0;
  return prepared.map(({ step, inputs }) => {
    const range = { start, end: start + step.rows, rows, isWhole: prepared.length === 1 };
    start += step.rows;
    const own: Record<string, Tensor> = {};
    for (const { name } of layout.visible.outputs) {
      const output = outputs[name];
      if (output !== undefined) setTensor(own, name, rowsOf(output, 0, range));
    }
    const states: Record<string, Tensor> = {};
    for (const { input, output, axis } of layout.states) {
      const next = outputs[output];
      if (next === undefined) {
        const problem = `it gave no value for ${JSON.stringify(output)}, the next state`;
        throw new BackendError({ backend, problem });
      }
      setTensor(states, input, rowsOf(next, axis, range));
    }
    const history: Record<string, Tensor> = {};
    for (const { input, size } of layout.history) {
      const given = inputs[input]!;
      const length = sizeOf(given, -1);
      setTensor(history, input, sliceAlong(given, -1, length - size, length));
    }
    return { outputs: own, states, history };
  });
}

interface RowRange {
  readonly start: number;
  readonly end: number;
  /** The rows of the whole run. */
  readonly rows: number;
  /** Whether the run is this step alone. */
  readonly isWhole: boolean;
}

function rowsOf(tensor: Tensor, axis: number | undefined, { start, end, rows, isWhole }: RowRange): Tensor {
  if (isWhole) return tensor;
  if (axis === undefined || tensor.shape[axis] !== rows) throw new DependentRowsError();
  return sliceAlong(tensor, axis, start, end);
}
