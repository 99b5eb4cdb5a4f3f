import { checkFiniteValues, checkSameLength, type Numbers } from "../arguments/check-sample.ts";
import { InvalidArgumentError } from "../errors/invalid-argument-error.ts";
import { binary, type BinaryLabels } from "./labels.ts";

/**
 * The area under the precision-recall curve as a sum of steps: over distinct scores from the highest
 * down, the recall gained times the precision there. Not interpolated, so not optimistic. Agrees with
 * scikit-learn's `average_precision_score`.
 *
 * For an interval resample rows: `bootstrapRows(rows, (picked) => averagePrecision(...), …)`.
 *
 * @throws {@link InvalidArgumentError} without a positive row.
 *
 * @example
 * averagePrecision([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]); // 0.8333333333333333
 */
export function averagePrecision(actual: BinaryLabels, scores: Numbers): number {
  const classes = binary(actual, "actual");
  checkFiniteValues("scores", scores);
  checkSameLength("scores", scores, "actual", actual);
  const total = classes.reduce((sum, positive) => sum + positive, 0);
  if (total === 0) {
    throw new InvalidArgumentError("actual has no positive row. Average precision needs at least one.", {
      argument: "actual",
    });
  }
  const scoreOf = (row: number): number => scores[row] ?? 0;
  const order = Uint32Array.from(classes, (_, row) => row).sort((a, b) => scoreOf(b) - scoreOf(a));
  let area = 0;
  let found = 0;
  let gained = 0;
  for (const [rank, row] of order.entries()) {
    gained += classes[row] ?? 0;
    const next = order[rank + 1];
    if (next !== undefined && scoreOf(next) === scoreOf(row)) continue;
    found += gained;
    area += (gained / total) * (found / (rank + 1));
    gained = 0;
  }
  return area;
}
