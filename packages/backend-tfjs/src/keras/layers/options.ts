import { UnsupportedError } from "@mlops/core";

import { FormatProblem } from "../format-problem.ts";
import { isArray, type Json } from "../json.ts";
import type { Option, OptionPlace } from "./rule.ts";

/** The option has another value than those that TensorFlow.js can do. */
function unsupportedOption(place: OptionPlace, value: Json, remedy: string): UnsupportedError {
  const shown = JSON.stringify(value);
  return new UnsupportedError({
    feature:
      `The option ${place.option}=${shown.length > 60 ? `${shown.slice(0, 60)}…` : shown} ` +
      `of the Keras layer ${JSON.stringify(place.layer)} (${place.className})`,
    remedy,
  });
}

/** The option has a value that Keras does not write. */
export function damagedOption(place: OptionPlace, expected: string): FormatProblem {
  return new FormatProblem(
    `its layer ${JSON.stringify(place.layer)} (${place.className}) has no ${expected} as ${place.option}`,
  );
}

/** The largest size that an option may have: that of a typed array. */
const largestSize = 2 ** 32;

/** A whole number of at least `minimum`. */
export function integer(minimum: number): Option {
  return (value, place) => {
    if (
      typeof value === "number" &&
      Number.isSafeInteger(value) &&
      value >= minimum &&
      value <= largestSize
    ) {
      return value;
    }
    throw damagedOption(place, `whole number of at least ${minimum}`);
  };
}

/** A number or a list of them, all whole and at least `minimum`; always given as a list of `length`. */
export function integers(length: number, minimum = 1): Option {
  return (value, place) => {
    const list = isArray(value) ? value : Array.from({ length }, () => value);
    if (list.length !== length) throw damagedOption(place, `list of ${length} whole numbers`);
    return list.map((item) => integer(minimum)(item, place) ?? null);
  };
}

/** A list of whole numbers of any sign, of any length up to 32. */
export const axes: Option = (value, place) => {
  const list = isArray(value) ? value : [value];
  if (list.length > 32) throw damagedOption(place, "list of axes");
  return list.map((item) => integer(-largestSize)(item, place) ?? null);
};

/** One whole number of any sign; a list of one counts as it. */
export const axis: Option = (value, place) => {
  const item = isArray(value) && value.length === 1 ? (value[0] ?? null) : value;
  return integer(-largestSize)(item, place);
};

/** A finite number. Keras 2 wraps some of them in an object of NumPy's. */
export const number: Option = (value, place) => {
  if (typeof value === "number") return value;
  const wrapped = typeof value === "object" && value !== null && !isArray(value) ? value["value"] : undefined;
  if (typeof wrapped === "number") return wrapped;
  throw damagedOption(place, "number");
};

/** `true` or `false`. */
export const flag: Option = (value, place) => {
  if (typeof value === "boolean") return value;
  throw damagedOption(place, "true or false");
};

/** One of these values; others are Keras's, and not TensorFlow.js's. */
export function oneOf(...supported: readonly Json[]): Option {
  return (value, place) => {
    if (supported.some((item) => JSON.stringify(item) === JSON.stringify(value))) return value;
    const listed = supported.map((item) => JSON.stringify(item)).join(", ");
    throw unsupportedOption(place, value, `TensorFlow.js can do ${listed}.`);
  };
}

/** A value, or a list of nothing but this value, which is left out because it is what TensorFlow.js does anyway. */
export function only(supported: Json): Option {
  return (value, place) => {
    const list = isArray(value) ? value : [value];
    if (list.every((item) => item === supported)) return undefined;
    throw unsupportedOption(place, value, `TensorFlow.js can do ${JSON.stringify(supported)} alone.`);
  };
}

/** What does not change a prediction: left out. */
export const ignored: Option = () => undefined;

/** A value that may be `null`. */
export function optional(option: Option): Option {
  return (value, place) => (value === null ? null : option(value, place));
}

/** The margins of an image: a number, one for each axis, or two for each axis; always given as the last. */
export const margins: Option = (value, place) => {
  const list = isArray(value) ? value : [value, value];
  if (list.length !== 2) throw damagedOption(place, "margins of two axes");
  return list.map((item) => integers(2, 0)(item, place) ?? null);
};
