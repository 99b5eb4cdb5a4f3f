import { InvalidInputError } from "../errors/invalid-input-error.ts";

/**
 * How scores are made of a classifier's raw outputs.
 *
 * - `softmax`: exactly one label is right; the scores sum to 1.
 * - `sigmoid`: each label is right or not, independently of the others.
 * - `none`: the model's outputs are scores already.
 */
export type Activation = "softmax" | "sigmoid" | "none";

/** What a classifier says of a text. */
export interface Classification {
  /** The label with the highest score, the first of equals. */
  readonly label: string;
  /** Its score: from 0 to 1, unless the activation is `none`. */
  readonly score: number;
  /** The score of each label, in their order. */
  readonly scores: Readonly<Record<string, number>>;
}

/**
 * Reads a classifier's raw outputs for one text.
 *
 * @param logits - One number for each label.
 * @throws InvalidInputError `INVALID_INPUT` when there are not as many numbers as labels, or one is
 *   NaN: no label would be right.
 *
 * @example
 * ```ts
 * classify([2, 0], ["positive", "negative"], "softmax"); // positive, 0.881
 * ```
 */
export function classify(
  logits: ArrayLike<number>,
  labels: readonly string[],
  activation: Activation,
): Classification {
  if (logits.length !== labels.length || labels.length === 0) {
    throw misfit(`has ${logits.length} numbers for ${labels.length} labels`);
  }
  const values = Array.from(logits);
  if (values.some(Number.isNaN)) throw misfit("holds a NaN, so that no label is right");
  const scores = activate(values, activation);
  let best = 0;
  for (let index = 1; index < scores.length; index += 1) if (scores[index]! > scores[best]!) best = index;
  return {
    label: labels[best]!,
    score: scores[best]!,
    scores: Object.fromEntries(labels.map((label, index) => [label, scores[index]!])),
  };
}

function activate(values: readonly number[], activation: Activation): readonly number[] {
  if (activation === "none") return values;
  if (activation === "sigmoid") return values.map((value) => 1 / (1 + Math.exp(-value)));
  // Less the largest, so that none overflows.
  const largest = Math.max(...values);
  const powers = values.map((value) => (value === largest ? 1 : Math.exp(value - largest)));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}

function misfit(message: string): InvalidInputError {
  return new InvalidInputError({ issues: [{ path: ["logits"], message }] });
}
