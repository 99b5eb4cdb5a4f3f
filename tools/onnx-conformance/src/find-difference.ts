import { numberFromFloat16, type Tensor, type TensorMap } from "@mlops/core";

/** How far a number may lie from the expected one: `absolute + relative * |expected|`. */
export interface Tolerance {
  readonly relative: number;
  readonly absolute: number;
}

/** What is not as expected, `undefined` when all is. */
export function findDifference(
  expected: TensorMap,
  actual: TensorMap,
  tolerance: Tolerance,
): string | undefined {
  for (const [name, tensor] of Object.entries(expected)) {
    const found = Object.hasOwn(actual, name) ? actual[name] : undefined;
    const difference = found === undefined ? "is missing" : tensorDifference(tensor, found, tolerance);
    if (difference !== undefined) return `${name} ${difference}`;
  }
  return undefined;
}

function tensorDifference(expected: Tensor, actual: Tensor, tolerance: Tolerance): string | undefined {
  if (expected.dtype !== actual.dtype) return `is of ${actual.dtype}, not ${expected.dtype}`;
  if (expected.shape.join() !== actual.shape.join()) {
    return `has the shape [${actual.shape.join(", ")}], not [${expected.shape.join(", ")}]`;
  }
  for (let index = 0; index < expected.data.length; index += 1) {
    const [wanted, given] = [elementOf(expected, index), elementOf(actual, index)];
    if (!isNear(wanted, given, tolerance)) return `has ${given} at ${index}, not ${wanted}`;
  }
  return undefined;
}

function elementOf({ dtype, data }: Tensor, index: number): number | string {
  const element = data[index]!;
  if (typeof element === "string") return element;
  return dtype === "float16" ? numberFromFloat16(Number(element)) : Number(element);
}

function isNear(expected: number | string, actual: number | string, tolerance: Tolerance): boolean {
  if (Object.is(expected, actual) || expected === actual) return true;
  if (typeof expected === "string" || typeof actual === "string") return false;
  if (!Number.isFinite(expected)) return false;
  return Math.abs(actual - expected) <= tolerance.absolute + tolerance.relative * Math.abs(expected);
}
