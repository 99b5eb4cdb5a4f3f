/** The tools whose default rules are reproduced. */
export type ParityTool = "evidently" | "nannyml" | "azure" | "whylogs" | "scipy";

/** What a tool says about one column. */
export interface ParityColumn {
  /** The tool's own name of its method. */
  readonly method: string;
  /** A distance or a p-value, as the tool gives it; `null` where the tool gives none. */
  readonly score: number | null;
  readonly threshold: number;
  /** How score and threshold are compared for drift. */
  readonly comparison: "<" | "<=" | ">" | ">=";
  readonly isDrift: boolean;
}

/** What a tool says about a data set. */
export interface ParityVerdict {
  readonly tool: ParityTool;
  readonly isDrift: boolean;
  /** The tool's rule for the whole, or the one it leaves to its user. */
  readonly rule: string;
  readonly columns: readonly (ParityColumn & { readonly name: string })[];
}

/** Both samples of a column, as the tools get them. */
export type ParitySamples =
  | { readonly kind: "numeric"; readonly reference: Float64Array; readonly current: Float64Array }
  | {
      readonly kind: "categorical";
      readonly reference: readonly string[];
      readonly current: readonly string[];
    };

/** Compares a score with a threshold. */
export function parityColumn(
  method: string,
  score: number | null,
  comparison: ParityColumn["comparison"],
  threshold: number,
): ParityColumn {
  // Compared before an infinite score becomes null: JSON has no infinity.
  const isDrift = score !== null && compare(score, comparison, threshold);
  return {
    method,
    score: score === null || !Number.isFinite(score) ? null : score,
    threshold,
    comparison,
    isDrift,
  };
}

function compare(score: number, comparison: ParityColumn["comparison"], threshold: number): boolean {
  switch (comparison) {
    case "<":
      return score < threshold;
    case "<=":
      return score <= threshold;
    case ">":
      return score > threshold;
    case ">=":
      return score >= threshold;
  }
}
