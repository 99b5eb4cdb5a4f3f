import { InvalidOptionsError } from "../errors/invalid-options-error.ts";

/** Which members of an ensemble gave the outputs. */
export interface CombineContext {
  /** The index of the member that gave each output, ascending. */
  readonly answeredBy: readonly number[];
}

/** Options of the combiners that weigh. */
export interface WeightOptions {
  /**
   * The weight of each member, in their order: finite and above 0. Only their ratios count. When a
   * member did not answer, the others keep theirs. Default all equal.
   */
  readonly weights?: readonly number[] | undefined;
}

/** Gives the weights of the outputs, the largest of all members' being 1. */
export type WeighOutputs = (count: number, context: CombineContext | undefined) => number[];

/**
 * Makes a function's weights.
 *
 * @throws InvalidOptionsError `INVALID_OPTIONS` when a weight is not finite or not above 0.
 */
export function weighing({ weights }: WeightOptions): WeighOutputs {
  if (weights === undefined) return (count) => Array<number>(count).fill(1);
  if (!Array.isArray(weights) || weights.length === 0) {
    throw new InvalidOptionsError({
      option: "weights",
      problem: "has to be a list of a number for each member",
    });
  }
  for (const [index, weight] of weights.entries()) {
    if (typeof weight === "number" && weight > 0 && weight < Infinity) continue;
    throw new InvalidOptionsError({
      option: "weights",
      problem: `has ${String(weight)} at index ${index}; a weight has to be finite and above 0`,
    });
  }
  const largest = Math.max(...weights);
  const scaled = weights.map((weight: number) => weight / largest);
  return (count, { answeredBy } = { answeredBy: [...scaled.keys()] }) => {
    const chosen = answeredBy.flatMap((index) => scaled[index] ?? []);
    if (chosen.length === count) return chosen;
    throw new RangeError(`${count} outputs cannot be weighed by ${chosen.length} weights`);
  };
}

/** Marks a combiner with the number of members that its weights are for, if it has any. */
export function forMembers<Combine extends object>(combine: Combine, { weights }: WeightOptions): Combine {
  return Object.defineProperty(combine, memberCount, { value: weights?.length });
}

/** The number of members that a combiner's weights are for; `undefined` for any number. */
export function memberCountOf(combine: object): number | undefined {
  const count: unknown = Reflect.get(combine, memberCount);
  return typeof count === "number" ? count : undefined;
}

// Registered, so that the combiner of another copy of this package is checked too.
const memberCount = Symbol.for("@mlops/combiner-member-count");
