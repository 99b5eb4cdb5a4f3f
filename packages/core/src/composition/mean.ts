import { type CombineContext, forMembers, weighing, type WeightOptions } from "./combiner.ts";

/** What can be averaged: numbers, lists of numbers of one length, and records of numbers with the same names. */
export type Averageable<Value> =
  | number
  | readonly number[]
  | (object & { readonly [Name in keyof Value]: number });

/** The average of such values: literal types widen to `number`. */
export type Mean<Value> = Value extends number
  ? number
  : Value extends readonly number[]
    ? number[]
    : { [Name in keyof Value]: number };

/** Averages the outputs of an ensemble's members. */
export type MeanCombiner = <Value extends Averageable<Value>>(
  outputs: readonly Value[],
  context?: CombineContext,
) => Mean<Value>;

/**
 * The weighted arithmetic mean `Σ w_m f_m(x) / Σ w_m`: of numbers, of lists of numbers element by
 * element, of records of numbers, such as probabilities by label, field by field. A NaN in an
 * output is a NaN in the mean.
 *
 * The function throws a `RangeError` when the outputs do not fit together: lists of different
 * length, records with different names, none at all.
 *
 * @throws InvalidOptionsError `INVALID_OPTIONS` when a weight is not finite or not above 0.
 *
 * @example
 * ```ts
 * mean()([1, 2, 6]); // 3
 * mean({ weights: [3, 1] })([{ cat: 1, dog: 0 }, { cat: 0, dog: 1 }]); // { cat: 0.75, dog: 0.25 }
 * ```
 */
export function mean(options: WeightOptions = {}): MeanCombiner {
  const weigh = weighing(options);
  const combine: MeanCombiner = <Value extends Averageable<Value>>(
    outputs: readonly Value[],
    context?: CombineContext,
  ) => {
    if (outputs.length === 0) throw new RangeError("there are no outputs to average");
    const weights = weigh(outputs.length, context);
    // Each branch of average() gives what Mean says of the kind of value that it has found.
    return average(outputs, weights) as Mean<Value>;
  };
  return forMembers(combine, options);
}

function average(outputs: readonly unknown[], weights: readonly number[]): unknown {
  const [first] = outputs;
  if (typeof first === "number") return averageNumbers(outputs, weights);
  if (Array.isArray(first)) {
    const lists = outputs.filter((output) => Array.isArray(output));
    if (lists.length < outputs.length || lists.some(({ length }) => length !== first.length)) {
      throw new RangeError("the outputs are not lists of one length");
    }
    return first.map((_, index) =>
      averageNumbers(
        lists.map((list): unknown => list[index]),
        weights,
      ),
    );
  }
  const records = outputs.filter((output) => typeof output === "object" && output !== null);
  const names = Object.keys(first ?? {});
  const isAlike = (record: object): boolean =>
    Object.keys(record).length === names.length && names.every((name) => Object.hasOwn(record, name));
  if (records.length < outputs.length || !records.every(isAlike)) {
    throw new RangeError("the outputs are not records with the same names");
  }
  return Object.fromEntries(
    names.map((name) => [
      name,
      averageNumbers(
        records.map((record) => Reflect.get(record, name)),
        weights,
      ),
    ]),
  );
}

function averageNumbers(values: readonly unknown[], weights: readonly number[]): number {
  let sum = 0;
  let totalWeight = 0;
  for (const [index, weight] of weights.entries()) {
    const value = values[index];
    if (typeof value !== "number") throw new RangeError("the outputs hold something that is not a number");
    sum += weight * value;
    totalWeight += weight;
  }
  return sum / totalWeight;
}
