import { checkLength, checkSameLength } from "../arguments/check-sample.ts";
import { InvalidArgumentError } from "../errors/invalid-argument-error.ts";

/** A class: its name, its number, or yes and no. */
export type Label = string | number | boolean;

/** One label per row. */
export type Labels = ArrayLike<Label>;

/** Yes and no, one per row: `true` or 1 for the positive class, `false` or 0 for the other. */
export type BinaryLabels = ArrayLike<boolean | number>;

/** Reads yes and no as 1 and 0. */
export function binary(labels: BinaryLabels, argument: string): Uint8Array {
  checkLength(argument, labels);
  return Uint8Array.from(labels, (label, row) => {
    if (label === true || label === 1) return 1;
    if (label === false || label === 0) return 0;
    throw new InvalidArgumentError(
      `${argument}[${row}] is ${String(label)}; pass true or 1 for the positive class, false or 0 for the other.`,
      { argument: `${argument}[${row}]` },
    );
  });
}

/** Throws unless both columns have the same rows, at least one, and no label is NaN. */
export function checkLabels(actual: Labels, predicted: Labels): void {
  checkLength("actual", actual);
  checkSameLength("predicted", predicted, "actual", actual);
  for (const [argument, labels] of [
    ["actual", actual],
    ["predicted", predicted],
  ] as const) {
    for (let row = 0; row < labels.length; row += 1) {
      if (!Number.isNaN(labels[row]) && labels[row] !== undefined) continue;
      throw new InvalidArgumentError(
        `${argument}[${row}] is ${String(labels[row])}, which is no class. Leave out rows without a label.`,
        { argument: `${argument}[${row}]` },
      );
    }
  }
}
