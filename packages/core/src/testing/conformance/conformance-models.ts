import { type DType, dtypes } from "../../tensor/dtype.ts";
import { type Tensor, tensor, type TensorMap } from "../../tensor/tensor.ts";
import type { Dimension, TensorInfo } from "../../tensor/tensor-info.ts";
import type { FakeModel } from "../fake-model.ts";

/** The names of the models that the conformance suite runs. */
export type ConformanceModelName =
  | `identity-${DType}`
  | "add"
  | "network"
  | "two-outputs"
  | "scalar-input"
  | "scalar-output"
  | "unknown-rank"
  | "fixed-batch"
  | "lookup"
  | "sequence"
  | "slow";

/** The weights of the model `network`, row-major. */
export interface NetworkWeights {
  /** `[4, 8]`, each in [-1, 1]. */
  readonly hiddenWeight: Tensor<"float32">;
  /** `[8]` */
  readonly hiddenBias: Tensor<"float32">;
  /** `[8, 3]` */
  readonly outputWeight: Tensor<"float32">;
  /** `[3]` */
  readonly outputBias: Tensor<"float32">;
}

/** Numbers without a pattern that a matrix could be mistaken in, exact in binary: multiples of 1/64. */
function weights(shape: readonly number[], step: number): Tensor<"float32"> {
  const count = shape.reduce((product, size) => product * size, 1);
  return tensor(
    "float32",
    Array.from({ length: count }, (_, index) => (((index + 1) * step) % 129) / 64 - 1),
    shape,
  );
}

/** The weights of the model `network`. */
export const networkWeights: NetworkWeights = /* @__PURE__ */ makeWeights();

function makeWeights(): NetworkWeights {
  return Object.freeze({
    hiddenWeight: weights([4, 8], 37),
    hiddenBias: weights([8], 53),
    outputWeight: weights([8, 3], 71),
    outputBias: weights([3], 89),
  });
}

/** The values of the model `lookup`, by index. */
export const lookupTable: readonly number[] = /* @__PURE__ */ Object.freeze([10, 20, 30, 40]);

function info(name: string, dtype: DType, shape: readonly Dimension[] | undefined): TensorInfo {
  return Object.freeze({ name, dtype, shape: shape && Object.freeze(shape) });
}

/** Not of one dtype for the compiler; each of these models has the dtype that its signature says. */
const floats = (value: Tensor | undefined): Float32Array => value!.data as Float32Array;

const mapped = (x: Tensor | undefined, change: (value: number, index: number) => number): Tensor =>
  tensor("float32", Float32Array.from(floats(x), change), x!.shape);

/** `max(0, x W + b)` without the maximum: `[rows, inner]` by `[inner, columns]`, in double precision. */
function dense(x: readonly number[], weight: Tensor<"float32">, bias: Tensor<"float32">): number[] {
  const [inner = 0, columns = 0] = weight.shape;
  const rows = x.length / inner;
  return Array.from({ length: rows * columns }, (_, index) => {
    const [row, column] = [Math.floor(index / columns), index % columns];
    let sum = bias.data[column]!;
    for (let k = 0; k < inner; k += 1) sum += x[row * inner + k]! * weight.data[k * columns + column]!;
    return sum;
  });
}

const identity = (dtype: DType): FakeModel => ({
  inputs: [info("x", dtype, ["batch", 3])],
  outputs: [info("y", dtype, ["batch", 3])],
  compute: ({ x }) => ({ y: x! }),
});

const namedModels = (): Readonly<Record<Exclude<ConformanceModelName, `identity-${DType}`>, FakeModel>> => ({
  add: {
    inputs: [info("a", "float32", ["batch", 2]), info("b", "float32", ["batch", 2])],
    outputs: [info("sum", "float32", ["batch", 2])],
    compute: ({ a, b }) => ({ sum: mapped(a, (value, index) => value + floats(b)[index]!) }),
  },
  network: {
    inputs: [info("x", "float32", ["batch", 4])],
    outputs: [info("y", "float32", ["batch", 3])],
    compute: ({ x }) => {
      const { hiddenWeight, hiddenBias, outputWeight, outputBias } = networkWeights;
      const hidden = dense([...floats(x)], hiddenWeight, hiddenBias).map((value) => Math.max(0, value));
      return { y: tensor("float32", dense(hidden, outputWeight, outputBias), [x!.shape[0]!, 3]) };
    },
  },
  "two-outputs": {
    inputs: [info("x", "float32", ["batch", 3])],
    outputs: [info("negative", "float32", ["batch", 3]), info("double", "float32", ["batch", 3])],
    compute: ({ x }) => ({ negative: mapped(x, (value) => -value), double: mapped(x, (value) => 2 * value) }),
  },
  "scalar-input": {
    inputs: [info("x", "float32", ["batch", 3]), info("factor", "float32", [])],
    outputs: [info("y", "float32", ["batch", 3])],
    compute: ({ x, factor }) => ({ y: mapped(x, (value) => value * floats(factor)[0]!) }),
  },
  "scalar-output": {
    inputs: [info("x", "float32", ["batch", 3])],
    outputs: [info("y", "float32", [])],
    compute: ({ x }) => ({ y: tensor("float32", [floats(x).reduce((a, b) => a + b, 0)], []) }),
  },
  "unknown-rank": {
    inputs: [info("x", "float32", undefined)],
    outputs: [info("y", "float32", undefined)],
    compute: ({ x }) => ({ y: x! }),
  },
  "fixed-batch": {
    inputs: [info("x", "float32", [1, 3])],
    outputs: [info("y", "float32", [1, 3])],
    compute: ({ x }) => ({ y: mapped(x, (value) => 2 * value) }),
    maxBatchSize: 1,
  },
  lookup: {
    inputs: [info("index", "int32", ["batch", 1])],
    outputs: [info("y", "float32", ["batch", 1])],
    compute: ({ index }) => {
      const values = Array.from(index!.data as Int32Array, (position) => {
        const value = lookupTable[position];
        if (value === undefined) throw new RangeError(`the index ${position} is out of range`);
        return value;
      });
      return { y: tensor("float32", values, index!.shape) };
    },
  },
  sequence: {
    inputs: [info("x", "float32", ["batch", "sequence"])],
    outputs: [info("y", "float32", ["batch"])],
    compute: ({ x }) => {
      const [rows = 0, length = 0] = x!.shape;
      const sums = Array.from({ length: rows }, (_, row) =>
        floats(x)
          .subarray(row * length, (row + 1) * length)
          .reduce((a, b) => a + b, 0),
      );
      return { y: tensor("float32", sums) };
    },
  },
  slow: {
    inputs: [info("x", "float32", ["batch", 3])],
    outputs: [info("y", "float32", ["batch", 3])],
    compute: async ({ x }) => {
      for (let turn = 0; turn < 3; turn += 1) await new Promise<void>((resolve) => setTimeout(resolve, 0));
      return { y: x! };
    },
  },
});

/**
 * What each model of the conformance suite takes, gives and computes:
 *
 * | name             | inputs                                   | outputs                                   |
 * | ---------------- | ---------------------------------------- | ----------------------------------------- |
 * | `identity-DTYPE` | `x` `[batch, 3]` of each dtype           | `y` = `x`                                 |
 * | `add`            | `a`, `b` float32 `[batch, 2]`            | `sum` = `a + b`                           |
 * | `network`        | `x` float32 `[batch, 4]`                 | `y` float32 `[batch, 3]`, a dense layer of 8 with ReLU, and a dense layer: see {@link networkWeights} |
 * | `two-outputs`    | `x` float32 `[batch, 3]`                 | `negative` = `-x`, `double` = `2 x`, in this order |
 * | `scalar-input`   | `x` float32 `[batch, 3]`, `factor` float32 `[]` | `y` = `factor x`                   |
 * | `scalar-output`  | `x` float32 `[batch, 3]`                 | `y` float32 `[]`, the sum of all          |
 * | `unknown-rank`   | `x` float32, its shape not declared      | `y` = `x`, its shape not declared         |
 * | `fixed-batch`    | `x` float32 `[1, 3]`                     | `y` = `2 x`                               |
 * | `lookup`         | `index` int32 `[batch, 1]`               | `y` float32 `[batch, 1]`, of {@link lookupTable}; an index of 99 fails the run |
 * | `sequence`       | `x` float32 `[batch, sequence]`          | `y` float32 `[batch]`, the sum of each row |
 * | `slow`           | `x` float32 `[batch, 3]`                 | `y` = `x`, in some tens of milliseconds for 64 rows |
 *
 * They are models of a fake backend, too, which is what other backends are compared with.
 */
export const conformanceModels: Readonly<Record<ConformanceModelName, FakeModel>> =
  /* @__PURE__ */ makeModels();

function makeModels(): typeof conformanceModels {
  // Object.fromEntries forgets the keys; they are those of every dtype.
  const identities = Object.fromEntries(
    dtypes.map((dtype) => [`identity-${dtype}`, identity(dtype)]),
  ) as Record<`identity-${DType}`, FakeModel>;
  return Object.freeze({ ...namedModels(), ...identities });
}

/** What `compute` of a model gives for these inputs, at once. */
export async function expectedOutputs(name: ConformanceModelName, inputs: TensorMap): Promise<TensorMap> {
  return conformanceModels[name].compute(inputs);
}
