/** What precision, recall and F1 of a class follow from. */
export interface Tally {
  /** Rows of the class that were predicted as it. */
  readonly right: number;
  /** Rows of the class. */
  readonly support: number;
  /** Rows predicted as the class. */
  readonly predicted: number;
}

export const nothing: Tally = { right: 0, support: 0, predicted: 0 };

type Counts = readonly (readonly number[])[];

/** The tally of each class of a confusion matrix. */
export function tallies(counts: Counts): Tally[] {
  const predicted = counts.map(() => 0);
  for (const line of counts) {
    for (const [column, count] of line.entries()) predicted[column] = (predicted[column] ?? 0) + count;
  }
  return counts.map((line, place) => ({
    right: line[place] ?? 0,
    support: line.reduce((sum, count) => sum + count, 0),
    predicted: predicted[place] ?? 0,
  }));
}

export function added(a: Tally, b: Tally): Tally {
  return { right: a.right + b.right, support: a.support + b.support, predicted: a.predicted + b.predicted };
}

/**
 * The standard error of a smooth function of the shares of a confusion matrix, such as macro F1, when the
 * rows are drawn independently (delta method: Agresti, "Categorical Data Analysis", section 16.1).
 *
 * It is the root of the sum of count · d² over cells; d is how fast the function changes when weight is
 * added to that cell, by a central difference: relative precision about 1e-8. The function takes tallies,
 * of which a cell touches two, so that a hundred classes stay cheap; it may not depend on the total.
 */
export function deltaStandardError(counts: Counts, measure: (classes: readonly Tally[]) => number): number {
  const classes = tallies(counts);
  const total = classes.reduce((sum, { support }) => sum + support, 0);
  let variance = 0;
  for (const [row, line] of counts.entries()) {
    for (const [column, count] of line.entries()) {
      if (count === 0) continue;
      const step = Math.min(1e-5 * total, count);
      const moved = (weight: number): number => {
        const copy = classes.slice();
        const right = row === column ? weight : 0;
        copy[row] = added(copy[row] ?? nothing, { right, support: weight, predicted: 0 });
        copy[column] = added(copy[column] ?? nothing, { right: 0, support: 0, predicted: weight });
        return measure(copy);
      };
      const slope = (moved(step) - moved(-step)) / (2 * step);
      variance += count * slope * slope;
    }
  }
  return Math.sqrt(variance);
}

/** {@link deltaStandardError} of the F1 of one class, in closed form. */
export function f1StandardError({ right, support, predicted }: Tally): number {
  const both = support + predicted;
  if (both === 0) return 0;
  const f1 = (2 * right) / both;
  const ofRight = (2 * (1 - f1)) / both;
  const ofWrong = f1 / both;
  return Math.sqrt(right * ofRight ** 2 + (both - 2 * right) * ofWrong ** 2);
}
