import { definePredictor } from "../composition/define-predictor.ts";
import type { FakeEnvironment } from "../predictor/fake-environment.fixtures.ts";
import type { PredictOptions, Predictor } from "../predictor/predictor.ts";
import { tensor, type Tensor, type TensorMap } from "../tensor/tensor.ts";
import type { Signature } from "../tensor/tensor-info.ts";

/** A state of `[2, batch, 1]`, in the middle of which the rows lie, as that of recurrent networks. */
export const countingSignature: Signature = {
  inputs: [
    { name: "x", dtype: "float64", shape: ["batch", null] },
    { name: "memory", dtype: "float64", shape: [2, "batch", 1] },
    { name: "rate", dtype: "float64", shape: [] },
  ],
  outputs: [
    { name: "seen", dtype: "float64", shape: ["batch", 2] },
    { name: "memoryN", dtype: "float64", shape: [2, "batch", 1] },
  ],
};

/** A number that depends on everything that a session was given, in its order. */
export function remember(hash: number, values: readonly number[], rate: number): number {
  return [...values, rate].reduce((result, value) => (result * 31 + value + 7) % 1_000_003, hash);
}

const numbers = ({ data }: Tensor): Float64Array => data as Float64Array;

/** One value that fails the run that it is in. */
export const poison = 666;

/** Gives out the state that it was given, so that an answer proves whose state it came from. */
function countingModel({ x, memory, rate }: TensorMap): TensorMap {
  if (numbers(x!).includes(poison)) throw new Error("poisoned");
  const rows = x!.shape[0]!;
  const length = x!.shape[1]!;
  const before = numbers(memory!);
  if (memory!.shape[1] !== rows) throw new Error("The state has other rows than the input.");
  const seen: number[] = [];
  const next = new Float64Array(2 * rows);
  for (let row = 0; row < rows; row += 1) {
    const values = [...numbers(x!).subarray(row * length, (row + 1) * length)];
    seen.push(before[row]!, before[rows + row]!);
    next[row] = remember(before[row]!, values, numbers(rate!)[0]!);
    next[rows + row] = before[rows + row]! + 1;
  }
  return { seen: tensor("float64", seen, [rows, 2]), memoryN: tensor("float64", next, [2, rows, 1]) };
}

/** One run that a {@link HeldModel} was asked for. */
export interface HeldRun {
  readonly inputs: TensorMap;
  readonly options: PredictOptions;
  isOver: boolean;
  /** Computes and answers. */
  readonly finish: () => void;
  readonly fail: (error: unknown) => void;
}

/** The model behind a predictor whose runs a test lets go one by one. */
export class HeldModel {
  readonly runs: HeldRun[] = [];
  readonly predictor: Predictor;
  closeCount = 0;

  constructor(environment: FakeEnvironment, signature: Signature = countingSignature) {
    this.predictor = definePredictor<TensorMap, TensorMap>({
      name: "counter",
      version: "1",
      signature,
      environment,
      close: () => void (this.closeCount += 1),
      predict: (inputs, options) =>
        new Promise((resolve, reject) => {
          const run: HeldRun = {
            inputs,
            options,
            isOver: false,
            finish() {
              run.isOver = true;
              try {
                resolve(countingModel(inputs));
              } catch (error) {
                reject(error);
              }
            },
            fail(error) {
              run.isOver = true;
              reject(error);
            },
          };
          this.runs.push(run);
        }),
    });
  }

  /** Runs that are not over, and that somebody waits for. */
  get open(): HeldRun[] {
    return this.runs.filter(({ isOver, options }) => !isOver && !options.signal?.aborted);
  }
}

/** The inputs of one step. */
export function stepOf(values: readonly number[], rate = 16, rows = 1): TensorMap {
  return {
    x: tensor("float64", values, [rows, values.length / rows]),
    rate: tensor("float64", [rate], []),
  };
}
