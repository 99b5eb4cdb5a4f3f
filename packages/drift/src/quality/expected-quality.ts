/** Quality of a classifier, averaged over classes where there are more than two. */
export interface ExpectedQuality {
  readonly accuracy: number;
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  /** NaN where one of the two classes is not expected at all. */
  readonly rocAuc: number;
}

/** Rows of one class against the rest. */
export interface ClassRows {
  /** Whether each row was predicted as this class. */
  readonly isPredicted: Uint8Array;
  /** The rows from the highest score for this class to the lowest. */
  readonly order: Int32Array;
  readonly scores: Float64Array;
}

/**
 * Quality when each row is of this class with that weight: its probability, for the expectation of CBPE
 * (the sums are replaced by their expectations), or 0 and 1, for the quality itself.
 */
export function classQuality(
  { isPredicted, order, scores }: ClassRows,
  weights: Float64Array,
): ExpectedQuality {
  let right = 0;
  let predicted = 0;
  let support = 0;
  for (let row = 0; row < weights.length; row += 1) {
    support += weights[row]!;
    if (isPredicted[row] === 0) continue;
    predicted += 1;
    right += weights[row]!;
  }
  const rows = weights.length;
  const rightNegatives = rows - predicted - (support - right);
  return {
    accuracy: (right + rightNegatives) / rows,
    precision: predicted === 0 ? 0 : right / predicted,
    recall: support === 0 ? 0 : right / support,
    f1: predicted + support === 0 ? 0 : (2 * right) / (predicted + support),
    rocAuc: areaUnderCurve(order, scores, weights),
  };
}

/** By trapezoids; rows of one score are one step, so that their order does not matter. */
function areaUnderCurve(order: Int32Array, scores: Float64Array, weights: Float64Array): number {
  let positives = 0;
  let negatives = 0;
  let area = 0;
  for (let start = 0; start < order.length;) {
    const score = scores[order[start]!]!;
    let tiedPositives = 0;
    let tiedNegatives = 0;
    let end = start;
    for (; end < order.length && scores[order[end]!] === score; end += 1) {
      const weight = weights[order[end]!]!;
      tiedPositives += weight;
      tiedNegatives += 1 - weight;
    }
    area += tiedNegatives * (positives + tiedPositives / 2);
    positives += tiedPositives;
    negatives += tiedNegatives;
    start = end;
  }
  return area / (positives * negatives);
}
