import {
  type DType,
  elementCount,
  float16FromNumber,
  InvalidInputError,
  type NumericDType,
  type Tensor,
  typedArrayByDType,
} from "@mlops/core";

import { dtypeByDatatype } from "./datatype.ts";
import type { InferInput } from "./infer-request.ts";

type Path = readonly (string | number)[];

/**
 * Makes a tensor of an input of an inference request. Its `data` may be flat or nested as its
 * shape says, in row-major order.
 *
 * What JSON numbers cannot say comes as in the JSON mapping of Protocol Buffers: `"NaN"`,
 * `"Infinity"` and `"-Infinity"` for floats, decimal strings for 64-bit integers.
 *
 * @param path - Where the input stands in the request, for messages.
 * @throws InvalidInputError `INVALID_INPUT` when an element or the number of elements does not fit.
 */
export function decodeTensor({ datatype, shape, data }: Omit<InferInput, "name">, path: Path): Tensor {
  const dtype = dtypeByDatatype.get(datatype);
  if (dtype === undefined) {
    const known = [...dtypeByDatatype.keys()].join(", ");
    throw invalid([...path, "datatype"], `is ${JSON.stringify(datatype)}; it has to be one of ${known}`);
  }
  const elements = flatten(data, shape, [...path, "data"]);
  // Each element is checked against the dtype, which ties the two together.
  return { dtype, shape, data: toData(dtype, elements, [...path, "data"]) } as Tensor;
}

/** The elements in row-major order; what is given flat is used as it is. */
function flatten(data: readonly unknown[], shape: readonly number[], path: Path): readonly unknown[] {
  const count = elementCount(shape);
  const isNested = shape.length > 1 && Array.isArray(data[0]);
  if (!isNested) {
    if (data.length === count) return data;
    throw invalid(path, `has ${data.length} elements, but the shape [${shape.join(", ")}] holds ${count}`);
  }
  const elements: unknown[] = [];
  const visit = (level: unknown, axis: number, levelPath: Path): void => {
    const size = shape[axis]!;
    if (!Array.isArray(level) || level.length !== size) {
      const found = Array.isArray(level) ? `a list of ${level.length}` : "no list";
      throw invalid(levelPath, `is ${found}; the shape [${shape.join(", ")}] wants a list of ${size} here`);
    }
    if (axis === shape.length - 1) {
      for (const element of level) elements.push(element);
    } else {
      level.forEach((inner, index) => visit(inner, axis + 1, [...levelPath, index]));
    }
  };
  visit(data, 0, path);
  return elements;
}

function toData(dtype: DType, elements: readonly unknown[], path: Path): unknown {
  if (dtype === "string") {
    elements.forEach((element, index) => {
      if (typeof element !== "string") throw mismatch("a string", element, [...path, index]);
    });
    return elements;
  }
  const data = new typedArrayByDType[dtype](elements.length);
  const convert = converterByDType[dtype];
  const isRounded = dtype === "float32" || dtype === "float64";
  for (let index = 0; index < elements.length; index += 1) {
    const value = convert(elements[index]);
    if (value !== undefined) data[index] = value as never;
    // An integer that the array cannot hold has wrapped around, and differs.
    if (value === undefined || (!isRounded && data[index] !== value)) {
      throw mismatch(expectationByDType[dtype], elements[index], [...path, index]);
    }
  }
  return data;
}

const namedFloats: ReadonlyMap<unknown, number> = new Map([
  ["NaN", Number.NaN],
  ["Infinity", Infinity],
  ["-Infinity", -Infinity],
]);

const toFloat = (element: unknown): number | undefined =>
  typeof element === "number" ? element : namedFloats.get(element);

const toInteger = (element: unknown): number | undefined =>
  typeof element === "number" ? element : undefined;

const toBigInt = (element: unknown): bigint | undefined => {
  if (typeof element === "number") return Number.isSafeInteger(element) ? BigInt(element) : undefined;
  return typeof element === "string" && /^-?\d{1,20}$/.test(element) ? BigInt(element) : undefined;
};

const toBit = (element: unknown): number | undefined => {
  if (typeof element === "boolean") return Number(element);
  return element === 0 || element === 1 ? element : undefined;
};

/** What an element becomes in the typed array; `undefined` when it is of the wrong kind. */
const converterByDType: Readonly<Record<NumericDType, (element: unknown) => number | bigint | undefined>> = {
  float64: toFloat,
  float32: toFloat,
  float16: (element) => {
    const value = toFloat(element);
    return value === undefined ? undefined : float16FromNumber(value);
  },
  int8: toInteger,
  uint8: toInteger,
  int16: toInteger,
  uint16: toInteger,
  int32: toInteger,
  uint32: toInteger,
  int64: toBigInt,
  uint64: toBigInt,
  bool: toBit,
};

const float = 'a number, "NaN", "Infinity" or "-Infinity"';
const long = "a whole number in range; one beyond 2^53 as a decimal string";

const expectationByDType: Readonly<Record<NumericDType, string>> = {
  float64: float,
  float32: float,
  float16: float,
  int8: "a whole number from -128 to 127",
  uint8: "a whole number from 0 to 255",
  int16: "a whole number from -32768 to 32767",
  uint16: "a whole number from 0 to 65535",
  int32: "a whole number from -2147483648 to 2147483647",
  uint32: "a whole number from 0 to 4294967295",
  int64: long,
  uint64: long,
  bool: "true, false, 0 or 1",
};

function mismatch(expected: string, element: unknown, path: Path): InvalidInputError {
  return invalid(
    path,
    `is ${(JSON.stringify(element) ?? "undefined").slice(0, 80)}; it has to be ${expected}`,
  );
}

function invalid(path: Path, message: string): InvalidInputError {
  return new InvalidInputError({ issues: [{ path, message }] });
}
