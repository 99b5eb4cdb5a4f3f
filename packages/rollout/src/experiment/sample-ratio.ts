import { chiSquaredSf, eventRatioEValue } from "@mlops/stats";

/** The keys that were drawn by the same weights. */
export interface SampleRatioStratum {
  /** The chance of each arm, which come to 1. */
  readonly shares: readonly number[];
  /** How many keys each arm has, in the same order. */
  readonly keys: readonly number[];
}

/** What {@link checkSampleRatio} found. */
export interface SampleRatioCheck {
  /** The evidence that keys are not split as planned: at or above 1/α, it is refuted at level α at any look. */
  readonly eValue: number;
  /** For one look alone: uniform while keys are split as planned. */
  readonly pValue: number;
  readonly statistic: number;
  readonly degreesOfFreedom: number;
}

/**
 * Whether keys were split as planned, where the plan changed over time: what is expected is summed over
 * the times of each weight, so that a ramp is no mismatch.
 *
 * The p-value is Pearson's, with counts less their expected sums and the covariance Σₛ nₛ (diag(wₛ) - wₛwₛᵀ).
 * The e-value is the mean over the arms of their own against the last one's, each a product over the strata
 * (`eventRatioEValue` of `@mlops/stats`, expecting ratios of about 10 %), so it may be looked at again and
 * again. It finds one key in fifty lost, of two equal arms, after about 300,000 keys at level 0.001.
 */
export function checkSampleRatio(strata: readonly SampleRatioStratum[]): SampleRatioCheck {
  const arms = strata[0]?.shares.length ?? 0;
  const last = arms - 1;
  const eValues = Array.from({ length: Math.max(0, last) }, (_, arm) => {
    const pairs = strata.flatMap(({ shares, keys }) => {
      const [own, other] = [shares[arm]!, shares[last]!];
      if (own === 0 || other === 0) return [];
      return [{ share: own / (own + other), first: keys[arm]!, second: keys[last]! }];
    });
    return pairs.length === 0 ? 1 : eventRatioEValue(pairs, { logRatioDeviation: 0.1 });
  });
  const eValue = eValues.length === 0 ? 1 : sum(eValues) / eValues.length;
  // The last count follows from the others; an arm that nobody was to have says nothing.
  const counted = Array.from({ length: Math.max(0, last) }, (_, arm) => arm).filter((arm) =>
    strata.some(({ shares, keys }) => shares[arm]! > 0 && sum(keys) > 0),
  );
  const difference = counted.map((arm) =>
    strata.reduce((left, { shares, keys }) => left + keys[arm]! - sum(keys) * shares[arm]!, 0),
  );
  const covariance = counted.map((row) =>
    counted.map((column) =>
      strata.reduce(
        (left, { shares, keys }) =>
          left + sum(keys) * shares[row]! * ((row === column ? 1 : 0) - shares[column]!),
        0,
      ),
    ),
  );
  const statistic = quadraticForm(difference, covariance);
  const degreesOfFreedom = counted.length;
  const pValue = degreesOfFreedom === 0 ? 1 : chiSquaredSf(statistic, degreesOfFreedom);
  return { eValue, pValue, statistic, degreesOfFreedom };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

/** vᵀ C⁻¹ v for a positive definite C, by elimination. */
function quadraticForm(vector: readonly number[], matrix: readonly (readonly number[])[]): number {
  const rows = matrix.map((row, index) => [...row, vector[index]!]);
  let form = 0;
  for (const [pivot, row] of rows.entries()) {
    const rest = row.at(-1)!;
    form += (rest * rest) / row[pivot]!;
    for (const below of rows.slice(pivot + 1)) {
      const factor = below[pivot]! / row[pivot]!;
      for (let column = pivot; column < row.length; column += 1) below[column]! -= factor * row[column]!;
    }
  }
  return form;
}
