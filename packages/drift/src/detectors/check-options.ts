import { InvalidDriftOptionsError } from "../errors/invalid-drift-options-error.ts";

/** What a number may be, as a clause that ends a sentence: "from 1 to 10". */
export interface NumberRange {
  readonly minimum: number;
  readonly maximum: number;
  readonly isWhole?: boolean;
  /** Whether `minimum` itself is too small. */
  readonly isOpen?: boolean;
}

/** @throws InvalidDriftOptionsError `INVALID_DRIFT_OPTIONS` unless `value` is a number in that range. */
export function checkOption(option: string, value: unknown, range: NumberRange): number {
  const { minimum, maximum, isWhole = false, isOpen = false } = range;
  const fits =
    typeof value === "number" &&
    (isOpen ? value > minimum : value >= minimum) &&
    value <= maximum &&
    (!isWhole || Number.isInteger(value));
  if (fits) return value;
  throw new InvalidDriftOptionsError({
    option,
    problem: `is ${String(value)}`,
    remedy: `Pass a ${isWhole ? "whole " : ""}number ${isOpen ? "above" : "from"} ${minimum}${maximum === Infinity ? "" : ` to ${maximum}`}.`,
  });
}

/** @throws InvalidDriftOptionsError `INVALID_DRIFT_OPTIONS` unless `value` is one of `choices`. */
export function checkChoice<Choice extends string>(
  option: string,
  value: unknown,
  choices: readonly Choice[],
): Choice {
  const found = choices.find((choice) => choice === value);
  if (found !== undefined) return found;
  throw new InvalidDriftOptionsError({
    option,
    problem: `is ${JSON.stringify(value) ?? "undefined"}`,
    remedy: `Pass one of ${choices.map((choice) => JSON.stringify(choice)).join(", ")}.`,
  });
}

/** @throws InvalidDriftOptionsError `INVALID_DRIFT_OPTIONS` for a name that no option has. */
export function checkNames(given: object, names: readonly string[]): void {
  const unknown = Object.keys(given).find((name) => !names.includes(name));
  if (unknown === undefined) return;
  throw new InvalidDriftOptionsError({
    option: unknown,
    problem: "is not known here",
    remedy: `Leave it out; there are ${names.join(", ")}.`,
  });
}
