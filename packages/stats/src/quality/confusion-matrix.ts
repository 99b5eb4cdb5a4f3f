import { InvalidArgumentError } from "../errors/invalid-argument-error.ts";
import { checkLabels, type Label, type Labels } from "./labels.ts";

/** How often each class was predicted as each class. */
export interface ConfusionMatrix {
  /** The classes, in the order of the rows and columns of `counts`. */
  readonly labels: readonly Label[];
  /** `counts[i][j]` rows are of class `labels[i]` and were predicted as `labels[j]`. */
  readonly counts: readonly (readonly number[])[];
  /** How many rows there are. */
  readonly total: number;
}

/**
 * Counts predictions by actual and predicted class.
 *
 * @param options.labels The classes and their order. By default all that occur, numbers by size and
 * texts by code units.
 * @throws {@link InvalidArgumentError} for columns of different length, no rows, or a label that is not
 * among `options.labels`.
 */
export function confusionMatrix(
  actual: Labels,
  predicted: Labels,
  options: { readonly labels?: readonly Label[] } = {},
): ConfusionMatrix {
  checkLabels(actual, predicted);
  const labels = options.labels ?? occurring(actual, predicted);
  const places = new Map(labels.map((label, place) => [label, place]));
  const counts = labels.map(() => labels.map(() => 0));
  const placeOf = (column: Labels, argument: string, row: number): number => {
    const label = column[row] ?? "";
    const place = places.get(label);
    if (place !== undefined) return place;
    throw new InvalidArgumentError(
      `${argument}[${row}] is ${JSON.stringify(label)}, which is not among labels. Add it there, or leave labels out.`,
      { argument: `${argument}[${row}]` },
    );
  };
  for (let row = 0; row < actual.length; row += 1) {
    const line = counts[placeOf(actual, "actual", row)] ?? [];
    const place = placeOf(predicted, "predicted", row);
    line[place] = (line[place] ?? 0) + 1;
  }
  return { labels, counts, total: actual.length };
}

function occurring(actual: Labels, predicted: Labels): Label[] {
  const labels = [...new Set([...Array.from(actual), ...Array.from(predicted)])];
  return labels.sort((a, b) => {
    if (typeof a === "number" && typeof b === "number") return a - b;
    return String(a) < String(b) ? -1 : 1;
  });
}
