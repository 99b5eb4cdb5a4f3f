import { InvalidArgumentError } from "../errors/invalid-argument-error.ts";
import { sum } from "../numeric/sum.ts";

/** How counts are compared with what was expected. */
export type Divergence = "pearson" | "log-likelihood";

/** Pearson's `Σ (O - E)²/E`, or the likelihood ratio `2·Σ O·log(O/E)`; every E has to be above 0. */
export function powerDivergence(
  observed: Float64Array,
  expected: Float64Array,
  divergence: Divergence,
): number {
  const terms = observed.map((count, i) => {
    const wanted = expected[i] ?? 0;
    const difference = count - wanted;
    if (divergence === "pearson") return (difference / wanted) * difference;
    // The differences add up to 0; leaving them out of each term keeps small statistics exact.
    return count === 0 ? 2 * wanted : 2 * (count * Math.log1p(difference / wanted) - difference);
  });
  return Math.max(0, sum(terms));
}

/** A copy of counts, which need not be whole. */
export function copyCounts(argument: string, counts: ArrayLike<number>): Float64Array {
  const copy = new Float64Array(counts.length);
  for (let i = 0; i < counts.length; i++) {
    const count = counts[i] ?? Number.NaN;
    if (!(Number.isFinite(count) && count >= 0)) {
      throw new InvalidArgumentError(
        `${argument}[${i}] is ${String(count)}; pass counts, which are finite and at least 0.`,
        { argument: `${argument}[${i}]` },
      );
    }
    copy[i] = count;
  }
  return copy;
}
