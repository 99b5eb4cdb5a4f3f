import { InvalidTensorError } from "../errors/invalid-tensor-error.ts";
import { type DType, isDType, type TensorDataByDType, typedArrayByDType } from "./dtype.ts";
import { float16FromNumber } from "./float16.ts";

/**
 * An n-dimensional array: a plain object, row-major, without methods.
 *
 * `shape` holds the size of each dimension; a scalar has the shape `[]`. `data` has as many
 * elements as the product of the shape. Narrow by `dtype` to get at the type of `data`.
 */
export type Tensor<D extends DType = DType> = {
  [K in D]: {
    readonly dtype: K;
    readonly shape: readonly number[];
    readonly data: TensorDataByDType[K];
  };
}[D];

/** Tensors by name: what a model takes, and what it gives. */
export type TensorMap = Readonly<Record<string, Tensor>>;

/**
 * What {@link tensor} takes as elements: the typed array itself, which is not copied, or a list
 * to convert. A list for `float16` holds numbers, which are rounded; its typed array holds bits.
 */
export type TensorElements<D extends DType> =
  | TensorDataByDType[D]
  | (D extends "int64" | "uint64"
      ? readonly bigint[]
      : D extends "string"
        ? readonly string[]
        : D extends "bool"
          ? readonly boolean[]
          : readonly number[]);

/**
 * Makes a tensor and checks that its parts fit.
 *
 * @param dtype - The element type.
 * @param elements - The elements in row-major order. A typed array of the right kind becomes
 *   `data` as it is, without a copy; a list is converted.
 * @param shape - The size of each dimension; default one dimension as long as `elements`.
 * @throws InvalidTensorError `INVALID_TENSOR` when the element count is not the product of the
 *   shape, or an element or a dimension is of the wrong kind.
 *
 * @example
 * ```ts
 * tensor("float32", [1, 2, 3, 4], [2, 2]);
 * tensor("string", ["hello"], [1]);
 * ```
 */
export function tensor<D extends DType>(
  dtype: D,
  elements: TensorElements<D>,
  shape: readonly number[] = [elements.length],
): Tensor<D> {
  const result = { dtype, shape: Object.freeze([...shape]), data: toData(dtype, elements) };
  const problem = findTensorProblem(result);
  if (problem !== undefined) throw new InvalidTensorError({ problem });
  // The check above has established the pairing of dtype and data that the union describes.
  return Object.freeze(result) as Tensor as Tensor<D>;
}

/** The number of elements that a shape holds: the product of its dimensions, 1 for a scalar. */
export function elementCount(shape: readonly number[]): number {
  let count = 1;
  for (const size of shape) count *= size;
  return count;
}

/**
 * What keeps `value` from being a tensor, as the end of a sentence; `undefined` for a tensor.
 * It checks the dtype, that every dimension is a whole number of at least 0, the kind of `data`
 * and its length. It does not look at the elements.
 */
export function findTensorProblem(value: unknown): string | undefined {
  if (typeof value !== "object" || value === null) return `is ${describe(value)}, not a tensor`;
  const { dtype, shape, data } = value as { dtype?: unknown; shape?: unknown; data?: unknown };
  if (!isDType(dtype)) return `has the unknown dtype ${describe(dtype)}`;
  if (!Array.isArray(shape)) return `has ${describe(shape)} as its shape, not a list of sizes`;
  let count = 1;
  for (let axis = 0; axis < shape.length; axis += 1) {
    const size: unknown = shape[axis];
    if (!Number.isSafeInteger(size) || (size as number) < 0) {
      return `has ${describe(size)} in its shape, which is not a whole number of at least 0`;
    }
    count *= size as number;
  }
  const isRightKind =
    dtype === "string"
      ? Array.isArray(data)
      : ArrayBuffer.isView(data) && data instanceof typedArrayByDType[dtype];
  if (!isRightKind) {
    const wanted = dtype === "string" ? "an array of strings" : `a ${typedArrayByDType[dtype].name}`;
    return `has the dtype ${dtype} and ${describe(data)} as its data, which has to be ${wanted}`;
  }
  const { length } = data as { length: number };
  if (length !== count) return `has ${length} elements, but its shape [${shape.join(", ")}] holds ${count}`;
  return undefined;
}

function toData(dtype: DType, elements: TensorElements<DType>): unknown {
  if (!Array.isArray(elements) || !isDType(dtype)) return elements;
  const list: readonly unknown[] = elements;
  const refusal = (index: number): InvalidTensorError =>
    new InvalidTensorError({
      problem: `has ${describe(list[index])} at index ${index}, which ${dtype} cannot hold`,
    });
  if (dtype === "string") {
    const misfit = list.findIndex((element) => typeof element !== "string");
    if (misfit !== -1) throw refusal(misfit);
    return elements;
  }
  const data = new typedArrayByDType[dtype](list.length);
  const convert = converterByDType[dtype] ?? ((element) => element);
  for (let index = 0; index < list.length; index += 1) {
    const element = list[index];
    try {
      data[index] = convert(element) as never;
    } catch {
      // A number among bigints, or the other way round: not equal below.
    }
    const isHeld = isFloat(dtype) ? typeof element === "number" : data[index] === convert(element);
    if (!isHeld) throw refusal(index);
  }
  return data;
}

const converterByDType: { readonly [D in DType]?: (element: unknown) => unknown } = {
  float16: (element) => float16FromNumber(Number(element)),
  bool: (element) =>
    typeof element === "boolean" || element === 0 || element === 1 ? Number(element) : undefined,
};

function isFloat(dtype: DType): boolean {
  return dtype === "float32" || dtype === "float64" || dtype === "float16";
}

function describe(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (typeof value === "object") {
    const name: unknown = value.constructor?.name;
    return `a ${typeof name === "string" ? name.slice(0, 80) : "object"}`;
  }
  if (typeof value === "function") return "a function";
  if (typeof value === "string") return JSON.stringify(value.slice(0, 80));
  if (typeof value === "bigint") return `${value}n`.slice(0, 80);
  return String(value as number | boolean | symbol);
}
