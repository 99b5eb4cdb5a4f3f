/** Scores to probabilities: a rising curve through knots, straight between them and flat beyond the ends. */
export interface CalibrationCurve {
  readonly scores: Float64Array;
  readonly probabilities: Float64Array;
}

/** Rows of one score: how many there are, and how many of them are positive. */
export interface ScoreGroups {
  readonly scores: Float64Array;
  readonly rows: Float64Array;
  readonly positives: Float64Array;
}

/** The rows sorted by score, and for each the group that its score belongs to. */
export function groupByScore(
  scores: ArrayLike<number>,
  isPositive: (row: number) => boolean,
): { readonly groups: ScoreGroups; readonly groupOfRow: Int32Array } {
  const order = Int32Array.from(scores, (_, row) => row).sort((a, b) => scores[a]! - scores[b]!);
  const groupOfRow = new Int32Array(scores.length);
  const distinct: number[] = [];
  const rows: number[] = [];
  const positives: number[] = [];
  for (const row of order) {
    const score = scores[row]!;
    if (distinct.at(-1) !== score) {
      distinct.push(score);
      rows.push(0);
      positives.push(0);
    }
    const group = distinct.length - 1;
    groupOfRow[row] = group;
    rows[group]! += 1;
    if (isPositive(row)) positives[group]! += 1;
  }
  return {
    groups: {
      scores: Float64Array.from(distinct),
      rows: Float64Array.from(rows),
      positives: Float64Array.from(positives),
    },
    groupOfRow,
  };
}

/**
 * Isotonic regression of outcomes on scores by pooling adjacent violators. Between two blocks the curve is
 * straight, as in scikit-learn's `IsotonicRegression(out_of_bounds="clip")`. Groups without rows are left out.
 */
export function fitIsotonic({ scores, rows, positives }: ScoreGroups): CalibrationCurve {
  // A stack of blocks: their first and last score, rows and positives.
  const first: number[] = [];
  const last: number[] = [];
  const weight: number[] = [];
  const sum: number[] = [];
  for (let group = 0; group < scores.length; group += 1) {
    if (rows[group] === 0) continue;
    first.push(scores[group]!);
    last.push(scores[group]!);
    weight.push(rows[group]!);
    sum.push(positives[group]!);
    for (let top = weight.length - 1; top > 0; top -= 1) {
      if (sum[top - 1]! * weight[top]! < sum[top]! * weight[top - 1]!) break;
      last[top - 1] = last[top]!;
      weight[top - 1]! += weight[top]!;
      sum[top - 1]! += sum[top]!;
      for (const stack of [first, last, weight, sum]) stack.pop();
    }
  }
  const knots: number[] = [];
  const values: number[] = [];
  for (let block = 0; block < weight.length; block += 1) {
    const value = sum[block]! / weight[block]!;
    knots.push(first[block]!);
    values.push(value);
    if (last[block]! > first[block]!) {
      knots.push(last[block]!);
      values.push(value);
    }
  }
  return { scores: Float64Array.from(knots), probabilities: Float64Array.from(values) };
}

/** The probability at a score. */
export function calibrate({ scores, probabilities }: CalibrationCurve, score: number): number {
  const last = scores.length - 1;
  if (score <= scores[0]!) return probabilities[0]!;
  if (score >= scores[last]!) return probabilities[last]!;
  let low = 0;
  let high = last;
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if (scores[middle]! <= score) low = middle;
    else high = middle;
  }
  const share = (score - scores[low]!) / (scores[high]! - scores[low]!);
  return probabilities[low]! + share * (probabilities[high]! - probabilities[low]!);
}
