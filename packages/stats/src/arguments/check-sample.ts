import { InvalidArgumentError } from "../errors/invalid-argument-error.ts";
import { checkCount } from "./check-number.ts";

/** Numbers in, whatever holds them: a typed array, a plain array, a view of either. */
export type Numbers = ArrayLike<number>;

/** Throws unless every value is a finite number and there are at least `minimumLength` of them. */
export function checkFiniteValues(argument: string, values: Numbers, minimumLength = 1): void {
  checkLength(argument, values, minimumLength);
  for (let index = 0; index < values.length; index += 1) {
    if (Number.isFinite(values[index])) continue;
    throw new InvalidArgumentError(
      `${argument}[${index}] is ${String(values[index])}; pass finite numbers, and count missing values apart.`,
      { argument: `${argument}[${index}]` },
    );
  }
}

/** Throws unless it is an array, plain or typed, of at least `minimumLength` values. */
export function checkLength(argument: string, values: ArrayLike<unknown>, minimumLength = 1): void {
  // A caller without types may pass anything, and a text has a length too.
  if (typeof values !== "object" || values === null || typeof values.length !== "number") {
    throw new InvalidArgumentError(`${argument} is of type ${typeof values}; pass an array.`, { argument });
  }
  if (values.length >= minimumLength) return;
  throw new InvalidArgumentError(`${argument} has ${values.length} values; pass at least ${minimumLength}.`, {
    argument,
  });
}

/** Throws unless `values` is as long as `other`: the two are columns of the same rows. */
export function checkSameLength(
  argument: string,
  values: ArrayLike<unknown>,
  otherArgument: string,
  other: ArrayLike<unknown>,
): void {
  if (values.length === other.length) return;
  throw new InvalidArgumentError(
    `${argument} has ${values.length} values and ${otherArgument} has ${other.length}; pass one of each per row.`,
    { argument },
  );
}

/** Throws unless 0 < `value` < 1: a confidence level, an error rate, a quantile's probability. */
export function checkOpenProbability(argument: string, value: number): void {
  if (value > 0 && value < 1) return;
  throw new InvalidArgumentError(
    `${argument} is ${String(value)}; pass a number above 0 and below 1, such as 0.95.`,
    { argument },
  );
}

/** Throws unless 0 <= `successes` <= `trials`, both whole numbers, and `trials` is at least `minimumTrials`. */
export function checkSuccesses(
  argument: string,
  { successes, trials }: { readonly successes: number; readonly trials: number },
  minimumTrials = 1,
): void {
  checkCount(`${argument}.trials`, trials, minimumTrials);
  checkCount(`${argument}.successes`, successes, 0, trials);
}
