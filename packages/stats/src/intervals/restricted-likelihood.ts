import { bisect } from "../numeric/bisect.ts";
import type { Successes } from "./binomial-interval.ts";

/** Two shares that fit the data best among those with a given difference or ratio. */
export interface FittedShares {
  readonly first: number;
  readonly second: number;
}

/** The most likely shares with first - second = `difference`, which is in [-1, 1]. */
export function fitDifference(first: Successes, second: Successes, difference: number): FittedShares {
  const low = Math.max(0, -difference);
  const high = Math.min(1, 1 - difference);
  // The slope of the log-likelihood falls from low to high, so it has one root or none.
  const share = bisect((place) => slope(first, place + difference) + slope(second, place) > 0, low, high);
  return { first: Math.min(Math.max(share + difference, 0), 1), second: share };
}

/** The most likely shares with first / second = `ratio`, which is above 0. */
export function fitRatio(first: Successes, second: Successes, ratio: number): FittedShares {
  const share = bisect(
    (place) => ratio * slope(first, ratio * place) + slope(second, place) > 0,
    0,
    Math.min(1, 1 / ratio),
  );
  return { first: Math.min(ratio * share, 1), second: share };
}

/** The log-likelihood of a share, less its constant; minus infinity where the data are impossible. */
export function logLikelihood({ successes, trials }: Successes, share: number): number {
  const failures = trials - successes;
  const ofSuccesses = successes === 0 ? 0 : successes * Math.log(share);
  const ofFailures = failures === 0 ? 0 : failures * Math.log1p(-share);
  return ofSuccesses + ofFailures;
}

function slope({ successes, trials }: Successes, share: number): number {
  const failures = trials - successes;
  return (successes === 0 ? 0 : successes / share) - (failures === 0 ? 0 : failures / (1 - share));
}
