import { checkChoice, checkProbability } from "../arguments/check-number.ts";
import { checkFiniteValues, checkOpenProbability, type Numbers } from "../arguments/check-sample.ts";

/** A way to keep errors rare when many hypotheses are tested at once. See {@link correctPValues}. */
export type CorrectionMethod =
  | "bonferroni"
  | "holm"
  | "hochberg"
  | "benjamini-hochberg"
  | "benjamini-yekutieli";

export interface CorrectionOptions {
  readonly method: CorrectionMethod;
  /** The error rate to hold, above 0 and below 1; 0.05 by default. */
  readonly level?: number;
}

export interface Correction {
  readonly method: CorrectionMethod;
  readonly level: number;
  /** For each hypothesis the smallest level at which it is rejected, at most 1, in the order given. */
  readonly adjusted: Float64Array;
  /** Whether its adjusted p-value is <= `level`, in the order given. */
  readonly rejected: readonly boolean[];
  /** How many are rejected. */
  readonly rejections: number;
}

/**
 * Adjusts p-values for being many, and says which hypotheses are rejected.
 *
 * What `level` bounds, and when:
 *
 * | method | bounds | holds when the tests are |
 * | --- | --- | --- |
 * | `bonferroni` | P(any false rejection) | anything |
 * | `holm` | P(any false rejection) | anything; never rejects less than Bonferroni |
 * | `hochberg` | P(any false rejection) | independent or positively dependent; never rejects less than Holm |
 * | `benjamini-hochberg` | expected share of false rejections | independent or positively dependent |
 * | `benjamini-yekutieli` | expected share of false rejections | anything |
 *
 * Use Holm where one false alarm is expensive, Benjamini-Hochberg for a dashboard of many columns.
 * Equal p-values get equal adjusted ones. Agrees with R's `p.adjust` and statsmodels'
 * `multipletests`; an adjusted value that meets `level` exactly is rejected.
 *
 * @example
 * correctPValues([0.01, 0.02, 0.03, 0.5], { method: "holm" }).adjusted; // [0.04, 0.06, 0.06, 0.5]
 *
 * @throws {@link InvalidArgumentError} for a p-value that is NaN or outside [0, 1].
 */
export function correctPValues(pValues: Numbers, { method, level = 0.05 }: CorrectionOptions): Correction {
  checkChoice("method", method, methods);
  checkOpenProbability("level", level);
  checkFiniteValues("pValues", pValues, 0);
  for (let index = 0; index < pValues.length; index += 1) {
    checkProbability(`pValues[${index}]`, pValues[index] ?? Number.NaN);
  }
  const adjusted = adjust(pValues, method);
  const rejected = Array.from(adjusted, (pValue) => pValue <= level);
  return { method, level, adjusted, rejected, rejections: rejected.filter(Boolean).length };
}

const methods: readonly CorrectionMethod[] = [
  "bonferroni",
  "holm",
  "hochberg",
  "benjamini-hochberg",
  "benjamini-yekutieli",
];

function adjust(pValues: Numbers, method: CorrectionMethod): Float64Array {
  const count = pValues.length;
  const at = (index: number): number => pValues[index] ?? 0;
  const ascending = Array.from({ length: count }, (_, index) => index).sort((a, b) => at(a) - at(b));
  const adjusted = new Float64Array(count);
  const stepsUp = method !== "bonferroni" && method !== "holm";
  // Step-down procedures carry the largest value seen upwards, step-up ones the smallest downwards.
  let carried = stepsUp ? 1 : 0;
  for (let step = 0; step < count; step += 1) {
    const rank = stepsUp ? count - step : step + 1;
    const index = ascending[rank - 1] ?? 0;
    const scaled = at(index) * factor(method, rank, count);
    if (method === "bonferroni") carried = scaled;
    else carried = stepsUp ? Math.min(carried, scaled) : Math.max(carried, scaled);
    adjusted[index] = Math.min(carried, 1);
  }
  return adjusted;
}

/** By what the p-value of that rank (1 is the smallest) is multiplied. */
function factor(method: CorrectionMethod, rank: number, count: number): number {
  switch (method) {
    case "bonferroni":
      return count;
    case "holm":
    case "hochberg":
      return count - rank + 1;
    case "benjamini-hochberg":
      return count / rank;
    case "benjamini-yekutieli":
      return (count / rank) * harmonicNumber(count);
  }
}

function harmonicNumber(count: number): number {
  let total = 0;
  for (let divisor = count; divisor >= 1; divisor -= 1) total += 1 / divisor;
  return total;
}
