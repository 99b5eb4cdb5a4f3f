import { checkSampleRatio, type SampleRatioStratum } from "@mlops/rollout/experiments";
import { chiSquaredGoodnessOfFit, createRandom, type Random } from "@mlops/stats";

/** How the check of the split did on ramps. */
export interface SplitResult {
  readonly runs: number;
  /** How even the p-values of clean ramps are over ten cells: the p-value of that. */
  readonly uniformity: number;
  /** Clean ramps of which it said at any look that they are not as planned. */
  readonly alarms: number;
  /** Clean ramps that a chi-squared test by the last weights alone calls a mismatch, at 0.001. */
  readonly pooled: number;
  /** Ramps that lose one key of the candidate in fifty, and were found by the last look. */
  readonly found: number;
}

/** At which it stops an experiment. */
export const splitAlpha = 0.001;
export const splitLoss = 0.02;
export const splitWeights: readonly number[] = [0.01, 0.05, 0.25, 0.5];
/** In each step. */
export const cleanKeys = 20_000;
export const lossyKeys = 500_000;
/** In each step. */
const looks = 10;

/** Ramps of a candidate, looked at ten times a step. */
export function runSplit(runs: number, seed: number): SplitResult {
  const random = createRandom(seed);
  const deciles = Array.from({ length: 10 }, () => 0);
  let [alarms, pooled, found] = [0, 0, 0];
  for (let run = 0; run < runs; run += 1) {
    const clean = ramp(random, cleanKeys, 0);
    alarms += Number(clean.some((strata) => isRefuted(strata)));
    const last = clean.at(-1)!;
    deciles[Math.min(9, Math.floor(10 * checkSampleRatio(last).pValue))]! += 1;
    const keys = [0, 1].map((arm) => last.reduce((sum, stratum) => sum + stratum.keys[arm]!, 0));
    const atTheEnd = checkSampleRatio([{ shares: last.at(-1)!.shares, keys }]);
    pooled += Number(atTheEnd.pValue < splitAlpha);
    found += Number(isRefuted(ramp(random, lossyKeys, splitLoss).at(-1)!));
  }
  return { runs, uniformity: chiSquaredGoodnessOfFit(deciles).pValue, alarms, pooled, found };
}

function isRefuted(strata: readonly SampleRatioStratum[]): boolean {
  return checkSampleRatio(strata).eValue >= 1 / splitAlpha;
}

/** What is counted at each look. */
function ramp(random: Random, keysPerStep: number, loss: number): (readonly SampleRatioStratum[])[] {
  const seen: (readonly SampleRatioStratum[])[] = [];
  let before: readonly SampleRatioStratum[] = [];
  for (const weight of splitWeights) {
    const shares = [weight, 1 - weight];
    let [first, second] = [0, 0];
    for (let look = 0; look < looks; look += 1) {
      const drawn = random.binomial(keysPerStep / looks, weight);
      first += drawn - random.binomial(drawn, loss);
      second += keysPerStep / looks - drawn;
      seen.push([...before, { shares, keys: [first, second] }]);
    }
    before = seen.at(-1)!;
  }
  return seen;
}
