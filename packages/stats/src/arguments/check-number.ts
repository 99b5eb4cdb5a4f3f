import { InvalidArgumentError } from "../errors/invalid-argument-error.ts";

/** Throws unless `value` is a number that is not NaN; infinities pass. */
export function checkNumber(argument: string, value: number): void {
  if (typeof value === "number" && !Number.isNaN(value)) return;
  refuse(argument, value, "a number");
}

/** Throws unless `value` is a finite number. */
export function checkFinite(argument: string, value: number): void {
  if (Number.isFinite(value)) return;
  refuse(argument, value, "a finite number");
}

/** Throws unless `value` is a finite number above 0. */
export function checkPositive(argument: string, value: number): void {
  if (Number.isFinite(value) && value > 0) return;
  refuse(argument, value, "a finite number above 0");
}

/** Throws unless `value` is in [0, 1]. */
export function checkProbability(argument: string, value: number): void {
  if (typeof value === "number" && value >= 0 && value <= 1) return;
  refuse(argument, value, "a probability in [0, 1]");
}

/** Throws unless `value` is a whole number in [`minimum`, `maximum`] that doubles hold exactly. */
export function checkCount(
  argument: string,
  value: number,
  minimum = 0,
  maximum: number = Number.MAX_SAFE_INTEGER,
): void {
  if (Number.isSafeInteger(value) && value >= minimum && value <= maximum) return;
  const bound =
    maximum === Number.MAX_SAFE_INTEGER ? `of at least ${minimum}` : `from ${minimum} to ${maximum}`;
  refuse(argument, value, `a whole number ${bound}`);
}

/** Throws unless `value` is one of `choices`. */
export function checkChoice<T extends string>(argument: string, value: T, choices: readonly T[]): void {
  if (choices.includes(value)) return;
  refuse(argument, value, choices.map((choice) => JSON.stringify(choice)).join(" or "));
}

/** Throws unless `value` is a finite number in a range; `range` says in words what is taken. */
export function checkParameter(argument: string, value: number, isInRange: boolean, range: string): void {
  if (isInRange && Number.isFinite(value)) return;
  refuse(argument, value, range);
}

function refuse(argument: string, value: unknown, wanted: string): never {
  const found = typeof value === "string" ? JSON.stringify(value) : String(value);
  throw new InvalidArgumentError(`${argument} is ${found}; pass ${wanted}.`, { argument });
}
