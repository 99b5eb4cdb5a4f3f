import { InvalidOptionsError } from "../errors/invalid-options-error.ts";
import { typedArrayByDType } from "../tensor/dtype.ts";
import { float16FromNumber } from "../tensor/float16.ts";
import type { TensorMap } from "../tensor/tensor.ts";
import type { Signature, TensorInfo } from "../tensor/tensor-info.ts";
import type { SequenceBatching } from "./sequence-options.ts";

/** Where sequences lie in a model's tensors, and how they are padded. */
export class SequenceLayout {
  readonly #inputs: ReadonlyMap<string, PaddedInput>;
  readonly #outputs: ReadonlyMap<string, readonly number[]>;
  readonly #lengths: readonly number[] | undefined;
  readonly #padsToBucket: boolean;

  /** @throws InvalidOptionsError when the options do not fit the model. */
  constructor(options: SequenceBatching, signature: Signature) {
    const dimension = options.dimension ?? dimensionOfMask(options.mask, signature);
    checkNames(options, signature);
    this.#inputs = new Map(
      signature.inputs.flatMap((info) => {
        const axes = axesOf(info, dimension, options);
        return axes.length === 0 ? [] : [[info.name, { axes, padWith: padWithOf(info, options) }]];
      }),
    );
    this.#outputs = new Map(
      signature.outputs.flatMap((info) => {
        const axes = axesOf(info, dimension, options);
        return axes.length === 0 ? [] : [[info.name, axes]];
      }),
    );
    this.#lengths = options.lengths && [...options.lengths];
    this.#padsToBucket = options.padTo === "bucket";
    if (this.#inputs.size === 0) {
      throw new InvalidOptionsError({
        option: "batching.sequences.dimension",
        problem: `is ${JSON.stringify(dimension)}, which no input has; the inputs are ${describe(signature.inputs)}`,
      });
    }
    if (options.mask !== undefined && !this.#inputs.has(options.mask)) {
      throw new InvalidOptionsError({
        option: "batching.sequences.mask",
        problem: `is ${JSON.stringify(options.mask)}, which does not have the dimension that is padded; give its axis in \`axes\``,
      });
    }
    for (const name of Object.keys(options.padding ?? {})) {
      if (this.#inputs.has(name)) continue;
      throw new InvalidOptionsError({
        option: `batching.sequences.padding.${name}`,
        problem: "is for an input that is not padded",
      });
    }
  }

  /** How an input is padded; `undefined` when it is not. */
  inputOf(name: string): PaddedInput | undefined {
    return this.#inputs.get(name);
  }

  /** The dimensions of an output that are cut back; `undefined` when none is. */
  outputAxesOf(name: string): readonly number[] | undefined {
    return this.#outputs.get(name);
  }

  /** The length of a request's sequences; `undefined` when its tensors disagree. */
  lengthOf(tensors: TensorMap): number | undefined {
    let length: number | undefined;
    for (const [name, { axes }] of this.#inputs) {
      for (const axis of axes) {
        const size = tensors[name]!.shape[axis];
        if (size === undefined || (length !== undefined && size !== length)) return undefined;
        length = size;
      }
    }
    return length;
  }

  /** The length up to which sequences share runs with one of this length. */
  bucketOf(length: number): number {
    if (this.#lengths === undefined) return 2 ** Math.ceil(Math.log2(Math.max(length, shortestBucket)));
    return this.#lengths.find((limit) => limit >= length) ?? length;
  }

  /** The length to which sequences of one bucket are padded, of which this one is the longest. */
  paddedLength(longest: number): number {
    return this.#padsToBucket ? this.bucketOf(longest) : longest;
  }
}

/** How an input is padded. */
export interface PaddedInput {
  readonly axes: readonly number[];
  /** An element of its typed array. */
  readonly padWith: number | bigint;
}

const shortestBucket = 16;

function dimensionOfMask(mask: string | undefined, { inputs }: Signature): string | undefined {
  if (mask === undefined) return undefined;
  const info = inputs.find(({ name }) => name === mask);
  if (info === undefined) {
    throw new InvalidOptionsError({
      option: "batching.sequences.mask",
      problem: `is ${JSON.stringify(mask)}, which is no input; the inputs are ${describe(inputs)}`,
    });
  }
  const dimension = info.shape?.[1];
  return typeof dimension === "string" ? dimension : undefined;
}

function checkNames({ axes = {} }: SequenceBatching, { inputs, outputs }: Signature): void {
  for (const [name, axis] of Object.entries(axes)) {
    const info = [...inputs, ...outputs].find((other) => other.name === name);
    const size = info?.shape?.[axis];
    const isAxis = Number.isInteger(axis) && axis >= 1 && (info?.shape === undefined || size !== undefined);
    if (info !== undefined && isAxis && typeof size !== "number") continue;
    throw new InvalidOptionsError({
      option: `batching.sequences.axes.${name}`,
      problem:
        info === undefined
          ? `is for no tensor of the model; it has ${describe([...inputs, ...outputs])}`
          : `is ${String(axis)}, which is no dimension after the first that varies, in ${describe([info])}`,
    });
  }
}

function axesOf(
  info: TensorInfo,
  dimension: string | undefined,
  { axes = {} }: SequenceBatching,
): readonly number[] {
  const named =
    dimension === undefined
      ? []
      : (info.shape ?? []).flatMap((size, axis) => (size === dimension ? [axis] : []));
  const found = Object.hasOwn(axes, info.name) ? [axes[info.name]!] : named;
  if (found.length > 0 && info.dtype === "string") {
    throw new InvalidOptionsError({
      option: "batching.sequences",
      problem: `takes in ${JSON.stringify(info.name)}, whose elements are strings and cannot be padded`,
    });
  }
  return found.filter((axis) => axis > 0);
}

function padWithOf({ name, dtype }: TensorInfo, { mask, padding = {} }: SequenceBatching): number | bigint {
  const value = Object.hasOwn(padding, name) ? padding[name]! : 0;
  const refuse = (problem: string): never => {
    throw new InvalidOptionsError({ option: `batching.sequences.padding.${name}`, problem });
  };
  if (typeof value !== "number" || Number.isNaN(value)) refuse(`is ${String(value)}; it has to be a number`);
  if (name === mask && value !== 0) refuse(`is ${value}; the mask is padded with 0`);
  if (dtype === "string") return 0;
  if (dtype === "float16") return float16FromNumber(value);
  const isBig = dtype === "int64" || dtype === "uint64";
  const isHeld = isBig ? Number.isSafeInteger(value) : true;
  const data = new typedArrayByDType[dtype](1);
  if (isHeld) data[0] = (isBig ? BigInt(value) : value) as never;
  const isFloat = dtype === "float32" || dtype === "float64";
  const isEqual = isFloat || (Number(data[0]) === value && (dtype !== "bool" || value <= 1));
  if (!isHeld || !isEqual) refuse(`is ${value}, which ${dtype} cannot hold`);
  return data[0]!;
}

function describe(infos: readonly TensorInfo[]): string {
  return infos
    .map(({ name, shape }) => `${name} [${shape?.map((size) => size ?? "?").join(", ") ?? "of any shape"}]`)
    .join(", ");
}

/**
 * Checks what can be checked without the model.
 *
 * @throws InvalidOptionsError
 */
export function checkSequences(sequences: SequenceBatching): void {
  if (typeof sequences !== "object" || sequences === null) {
    throw new InvalidOptionsError({ option: "batching.sequences", problem: "has to be an object" });
  }
  const { mask, dimension, axes, lengths, padTo = "longest" } = sequences;
  if (mask === undefined && dimension === undefined && axes === undefined) {
    throw new InvalidOptionsError({
      option: "batching.sequences",
      problem: "says nothing of what to pad; name the `mask`, the `dimension` or the `axes`",
    });
  }
  if (padTo !== "longest" && padTo !== "bucket") {
    throw new InvalidOptionsError({
      option: "batching.sequences.padTo",
      problem: `is ${JSON.stringify(padTo)}; it has to be "longest" or "bucket"`,
    });
  }
  if (lengths !== undefined && !isAscending(lengths)) {
    throw new InvalidOptionsError({
      option: "batching.sequences.lengths",
      problem: `is ${JSON.stringify(lengths)}; it has to be a list of whole numbers of at least 1, ascending`,
    });
  }
}

function isAscending(lengths: readonly number[]): boolean {
  return (
    Array.isArray(lengths) &&
    lengths.length > 0 &&
    lengths.every(
      (length, index) => Number.isInteger(length) && length > (index === 0 ? 0 : lengths[index - 1]!),
    )
  );
}
