import { DTypeMismatchError } from "../errors/dtype-mismatch-error.ts";
import { EmptyBatchError } from "../errors/empty-batch-error.ts";
import { InvalidInputError } from "../errors/invalid-input-error.ts";
import { InvalidTensorError } from "../errors/invalid-tensor-error.ts";
import { ShapeMismatchError } from "../errors/shape-mismatch-error.ts";
import { TensorNameError } from "../errors/tensor-name-error.ts";
import { numberFromFloat16 } from "./float16.ts";
import { findTensorProblem, type Tensor, type TensorMap } from "./tensor.ts";
import type { TensorInfo } from "./tensor-info.ts";

/** Options of {@link createInputCheck}. */
export interface InputCheckOptions {
  /** Whether NaN and infinities are refused. Default false. */
  readonly rejectNonFinite?: boolean | undefined;
}

/**
 * Holds the tensors of a request against the signature.
 *
 * @returns The number of rows: the size of the first dimension where that varies, else 1.
 * @throws InvalidTensorError | TensorNameError | DTypeMismatchError | ShapeMismatchError |
 *   EmptyBatchError | InvalidInputError
 */
export type InputCheck = (tensors: TensorMap) => number;

/**
 * Makes the check of a model's inputs: names, dtypes, ranks, fixed sizes, and that equal symbolic
 * names have equal sizes. It runs for every request, and allocates nothing for most of them.
 */
export function createInputCheck(
  infos: readonly TensorInfo[],
  { rejectNonFinite = false }: InputCheckOptions = {},
): InputCheck {
  const repeatedNames = findRepeatedNames(infos);
  const batched = infos.map(
    ({ shape }) => shape !== undefined && shape.length > 0 && typeof shape[0] !== "number",
  );
  return (tensors) => {
    if (!hasExactly(tensors, infos)) throw nameError(tensors, infos);
    const sizes: SymbolicSizes | undefined = repeatedNames.size === 0 ? undefined : new Map();
    let rows: number | undefined;
    for (let index = 0; index < infos.length; index += 1) {
      const info = infos[index]!;
      const tensor = tensors[info.name]!;
      const problem = findTensorProblem(tensor);
      if (problem !== undefined) throw new InvalidTensorError({ tensor: info.name, problem });
      if (tensor.dtype !== info.dtype) {
        throw new DTypeMismatchError({ tensor: info.name, expected: info.dtype, actual: tensor.dtype });
      }
      checkShape(tensor, info, { repeatedNames, sizes });
      if (batched[index]) {
        if (tensor.shape[0] === 0) throw new EmptyBatchError({ tensor: info.name });
        rows ??= tensor.shape[0];
      }
      if (rejectNonFinite) checkFinite(tensor, info.name);
    }
    return rows ?? 1;
  };
}

/** The size that each symbolic name has in a request, and the input that gave it. */
type SymbolicSizes = Map<string, { readonly size: number; readonly tensor: string }>;

/** Symbolic names that stand for more than one dimension, so that there is something to compare. */
function findRepeatedNames(infos: readonly TensorInfo[]): ReadonlySet<string> {
  const names = infos.flatMap(({ shape = [] }) => shape.filter((size) => typeof size === "string"));
  return new Set(names.filter((name, index) => names.indexOf(name) !== index));
}

function hasExactly(tensors: TensorMap, infos: readonly TensorInfo[]): boolean {
  if (typeof tensors !== "object" || tensors === null) return false;
  if (Object.keys(tensors).length !== infos.length) return false;
  for (const { name } of infos) if (!Object.hasOwn(tensors, name)) return false;
  return true;
}

function nameError(tensors: TensorMap, infos: readonly TensorInfo[]): TensorNameError {
  const given = typeof tensors === "object" && tensors !== null ? Object.keys(tensors) : [];
  const expected = infos.map(({ name }) => name);
  return new TensorNameError({
    expected,
    missing: expected.filter((name) => !given.includes(name)),
    unexpected: given.filter((name) => !expected.includes(name)),
  });
}

function checkShape(
  { shape }: Tensor,
  info: TensorInfo,
  { repeatedNames, sizes }: { repeatedNames: ReadonlySet<string>; sizes: SymbolicSizes | undefined },
): void {
  const expected = info.shape;
  if (expected === undefined) return;
  const fail = (problem: string): never => {
    throw new ShapeMismatchError({ tensor: info.name, expected, actual: shape, problem });
  };
  if (shape.length !== expected.length) {
    fail(`it has ${shape.length} dimensions instead of ${expected.length}`);
  }
  for (let axis = 0; axis < expected.length; axis += 1) {
    const dimension = expected[axis]!;
    const size = shape[axis]!;
    if (typeof dimension === "number") {
      if (size !== dimension) fail(`dimension ${axis} is ${size} instead of ${dimension}`);
    } else if (sizes !== undefined && dimension !== null && repeatedNames.has(dimension)) {
      const first = sizes.get(dimension);
      if (first === undefined) sizes.set(dimension, { size, tensor: info.name });
      else if (first.size !== size) {
        const other = first.tensor === info.name ? "elsewhere in it" : `in ${JSON.stringify(first.tensor)}`;
        fail(`dimension ${axis} (${dimension}) is ${size}, but ${first.size} ${other}`);
      }
    }
  }
}

function checkFinite(tensor: Tensor, name: string): void {
  if (tensor.dtype !== "float32" && tensor.dtype !== "float64" && tensor.dtype !== "float16") return;
  const valueAt = (index: number): number =>
    tensor.dtype === "float16" ? numberFromFloat16(tensor.data[index]!) : tensor.data[index]!;
  for (let index = 0; index < tensor.data.length; index += 1) {
    const value = valueAt(index);
    if (!Number.isFinite(value)) {
      const message = `is ${value}; this model takes finite numbers only`;
      throw new InvalidInputError({ issues: [{ path: [name, index], message }] });
    }
  }
}
