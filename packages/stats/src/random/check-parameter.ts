import { InvalidArgumentError } from "../errors/invalid-argument-error.ts";

/** Refuses all but finite numbers in the given range; `range` says in words what is taken. */
export function checkParameter(name: string, value: number, isInRange: boolean, range: string): void {
  if (isInRange && Number.isFinite(value)) return;
  throw new InvalidArgumentError(`${name} is ${String(value)}; pass ${range}.`, { argument: name });
}

/** Refuses all but finite numbers above 0. */
export function checkPositive(name: string, value: number): void {
  checkParameter(name, value, value > 0, "a finite number above 0");
}

/** Refuses all but finite numbers. */
export function checkFinite(name: string, value: number): void {
  checkParameter(name, value, true, "a finite number");
}

/** Refuses all but whole numbers from `minimum` to 2⁵³ - 1. */
export function checkWhole(name: string, value: number, minimum: number): void {
  const isInRange = Number.isSafeInteger(value) && value >= minimum;
  checkParameter(name, value, isInRange, `a whole number from ${minimum} to 2^53 - 1`);
}
