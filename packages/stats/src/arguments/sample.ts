import { InvalidArgumentError } from "../errors/invalid-argument-error.ts";

/** Numbers in any array that holds doubles exactly; none of them is changed. */
export type Sample =
  | readonly number[]
  | Float64Array
  | Float32Array
  | Int8Array
  | Uint8Array
  | Uint8ClampedArray
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array;

/** What a function asks of a sample. */
export interface SampleRequirements {
  /** The fewest values. Default 1. */
  readonly minimumSize?: number;
  /** Whether infinities are refused, which functions of means and distances have to. Default false. */
  readonly finite?: boolean;
}

/**
 * A copy of the values as doubles.
 *
 * @throws {@link InvalidArgumentError} for too few values, for NaN and what is no number, and for
 *   infinities where they are refused; it names the place.
 */
export function copySample(
  argument: string,
  values: Sample,
  { minimumSize = 1, finite = false }: SampleRequirements = {},
): Float64Array {
  if (!Array.isArray(values) && !(ArrayBuffer.isView(values) && "length" in values)) {
    throw new InvalidArgumentError(`${argument} is ${String(values)}; pass an array of numbers.`, {
      argument,
    });
  }
  const size = values.length;
  if (size < minimumSize) {
    const found = size === 0 ? "is empty" : `has ${size} of the values it needs`;
    throw new InvalidArgumentError(`${argument} ${found}; pass at least ${minimumSize}.`, { argument });
  }
  const copy = new Float64Array(size);
  for (let i = 0; i < size; i++) {
    const value: unknown = values[i];
    if (typeof value !== "number" || value !== value) refuseValue(`${argument}[${i}]`, value);
    if (finite && value - value !== 0) refuseInfinity(`${argument}[${i}]`, value);
    copy[i] = value;
  }
  return copy;
}

function refuseValue(argument: string, value: unknown): never {
  throw new InvalidArgumentError(
    `${argument} is ${typeof value === "object" && value !== null ? "an object" : String(value)}; leave missing values out, or count them as a category of their own.`,
    { argument },
  );
}

function refuseInfinity(argument: string, value: number): never {
  throw new InvalidArgumentError(
    `${argument} is ${value}, which has no distance to other values; leave it out, or use a test of ranks.`,
    { argument },
  );
}
