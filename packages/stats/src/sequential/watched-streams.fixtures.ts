import { expect } from "vitest";
import { normalSf } from "../distributions/normal.ts";
import type { Bounds } from "../intervals/quantile-interval.ts";
import { binomialInterval } from "../intervals/binomial-interval.ts";
import { seededNormal, seededRandom } from "../resampling/seeded-random.fixtures.ts";
import type { RandomSource } from "../resampling/random.ts";
import { Moments } from "../descriptive/moments.ts";
import { bernoulliDifferenceEValue, bernoulliEValue } from "./bernoulli-sequence.ts";
import { distributionSequenceMargin } from "./distribution-sequence.ts";
import { alwaysValidPValue } from "./e-values.ts";
import { EmpiricalBernsteinSequence } from "./empirical-bernstein-sequence.ts";
import { eventRatioEValue } from "./event-ratio-sequence.ts";
import {
  asymptoticDifferenceSequence,
  asymptoticMeanSequence,
  subGaussianMeanSequence,
} from "./mean-sequence.ts";
import { mixtureSprtEValue } from "./mixture-sprt.ts";
import { quantileSequenceRanks, type QuantileSequenceRanks } from "./quantile-sequence.ts";

/** A bound that is looked at after every value of a stream in which its hypothesis holds. */
export interface WatchedStream {
  readonly name: string;
  /** The chance that any look misses, at most. */
  readonly alpha: number;
  /** How many streams the normal suite runs; the slow one runs ten times as many. 200 by default. */
  readonly runs?: number;
  /** How often each is looked at; 1,000 by default. */
  readonly looks?: number;
  /** Starts a stream: each call takes one more value and says whether the bound misses now. */
  readonly start: (random: RandomSource) => () => boolean;
}

/** In how many of `runs` streams any look missed. */
export function countMisses({ start, looks = 1_000 }: WatchedStream, runs: number, seed: number): number {
  let missed = 0;
  for (let run = 0; run < runs; run += 1) {
    const misses = start(seededRandom(seed + run));
    for (let look = 0; look < looks; look += 1) {
      if (!misses()) continue;
      missed += 1;
      break;
    }
  }
  return missed;
}

/** Expects that a chance of at most `alpha` explains that many misses, except once in a thousand times. */
export function expectHeld(missed: number, runs: number, alpha: number): void {
  expect(leastRate(missed, runs), `${missed} of ${runs} missed`).toBeLessThanOrEqual(alpha);
}

/** Expects that it does not. */
export function expectBroken(missed: number, runs: number, alpha: number): void {
  expect(leastRate(missed, runs), `${missed} of ${runs} missed`).toBeGreaterThan(alpha);
}

function leastRate(missed: number, runs: number): number {
  return binomialInterval(
    { successes: missed, trials: runs },
    { confidence: 0.998, method: "clopper-pearson" },
  ).lower;
}

const alpha = 0.1;

/** Every bound of this folder that claims to hold at every look, where it is hardest or most used. */
export const watchedStreams: readonly WatchedStream[] = [
  {
    name: "subGaussianMeanSequence of fair coins",
    alpha,
    start: (random) => {
      let [count, sum] = [0, 0];
      return () => {
        count += 1;
        sum += random() < 0.5 ? -1 : 1;
        const { lower, upper } = subGaussianMeanSequence(
          { count, mean: sum / count },
          { deviation: 1, alpha, tightAt: 100 },
        );
        return lower > 0 || upper < 0;
      };
    },
  },
  {
    name: "asymptoticMeanSequence of exponential values, from 100 on",
    alpha,
    start: (random) => {
      const moments = new Moments();
      return () => {
        moments.add(-Math.log(1 - random()));
        if (moments.count < 100) return false;
        const { lower, upper } = asymptoticMeanSequence(summary(moments), { alpha, tightAt: 300 });
        return lower > 1 || upper < 1;
      };
    },
  },
  {
    name: "asymptoticDifferenceSequence of a small and a large arm, from 200 on",
    alpha,
    start: (random) => {
      const normal = seededNormal(random);
      const [first, second] = [new Moments(), new Moments()];
      return () => {
        (random() < 0.2 ? first : second).add(Math.exp(normal() / 2));
        if (first.count + second.count < 200 || first.count < 2) return false;
        const { lower, upper } = asymptoticDifferenceSequence(summary(first), summary(second), { alpha });
        return lower > 0 || upper < 0;
      };
    },
  },
  ...(
    [
      ["both", 0.05],
      ["lower", 0.3],
      ["upper", 0.02],
    ] as const
  ).map(([bounds, share]): WatchedStream => ({
    name: `bernoulliSequence of a share of ${share}, bounds: ${bounds}`,
    alpha,
    start: (random) => {
      let [trials, successes] = [0, 0];
      return () => {
        trials += 1;
        if (random() < share) successes += 1;
        // The interval leaves out the share exactly when the evidence against it reaches 1/α.
        return bernoulliEValue({ successes, trials }, { share, bounds }) >= 1 / alpha;
      };
    },
  })),
  {
    name: "bernoulliDifferenceSequence while traffic ramps up",
    alpha,
    start: (random) => {
      const first = { successes: 0, trials: 0 };
      const second = { successes: 0, trials: 0 };
      return () => {
        const arm = random() < 0.1 + (first.trials + second.trials) / 2_500 ? first : second;
        arm.trials += 1;
        if (random() < 0.1) arm.successes += 1;
        if (first.trials === 0 || second.trials === 0) return false;
        return bernoulliDifferenceEValue(first, second) >= 1 / alpha;
      };
    },
  },
  {
    name: "eventRatioSequence while traffic ramps up and the rate of events trebles",
    alpha,
    runs: 40,
    looks: 3_000,
    start: (random) => {
      const strata = [0.05, 0.25, 0.5].map((share) => ({ share, first: 0, second: 0 }));
      let request = 0;
      return () => {
        const step = Math.min(Math.floor(request / 1_000), 2);
        request += 1;
        const stratum = strata[step];
        if (stratum === undefined || random() > ([0.1, 0.3, 0.2][step] ?? 0)) return false;
        if (random() < stratum.share) stratum.first += 1;
        else stratum.second += 1;
        return eventRatioEValue(strata) >= 1 / alpha;
      };
    },
  },
  {
    name: "EmpiricalBernsteinSequence of rare large values",
    alpha,
    start: (random) => {
      const sequence = new EmpiricalBernsteinSequence({ minimum: 0, maximum: 10, alpha });
      return () => {
        sequence.update(random() < 0.1 ? 10 * random() : random());
        const { lower, upper } = sequence.interval;
        const mean = 0.1 * 5 + 0.9 * 0.5;
        return lower > mean || upper < mean;
      };
    },
  },
  ...(
    [
      ["p95 of continuous values", false, "both"],
      ["p95 of whole numbers, many of them equal", true, "both"],
      ["lower bound alone of p95", false, "lower"],
      ["upper bound alone of p95", false, "upper"],
    ] as const
  ).map(([name, isWhole, bounds]): WatchedStream => ({
    name: `quantileSequenceRanks: ${name}`,
    alpha,
    start: (random) => {
      // Uniform on [0, 20): its 0.95 quantile is 19, or the whole number 18 when rounded down.
      const quantile = isWhole ? 18 : 19;
      let [count, below, upTo] = [0, 0, 0];
      return () => {
        const value = isWhole ? Math.floor(20 * random()) : 20 * random();
        count += 1;
        if (value < quantile) below += 1;
        if (value <= quantile) upTo += 1;
        const { lowerRank = 0, upperRank = Infinity } = ranksOf(count, bounds);
        // X(lower) > q when fewer than `lower` values are at most q; X(upper) < q when `upper` are below.
        return upTo < lowerRank || below >= upperRank;
      };
    },
  })),
  {
    name: "distributionSequenceMargin, from 10 on",
    alpha,
    start: (random) => {
      const sorted: number[] = [];
      return () => {
        const value = random();
        const place = sorted.findIndex((other) => other > value);
        sorted.splice(place === -1 ? sorted.length : place, 0, value);
        const count = sorted.length;
        if (count < 10) return false;
        const margin = marginOf(count);
        return sorted.some(
          (other, index) => other - index / count > margin || (index + 1) / count - other > margin,
        );
      };
    },
  },
  {
    name: "mixtureSprtEValue as an always-valid p-value",
    alpha,
    start: (random) => {
      const normal = seededNormal(random);
      let [count, sum, pValue] = [0, 0, 1];
      return () => {
        count += 1;
        sum += normal();
        const estimate = { estimate: sum / count, standardError: 1 / Math.sqrt(count) };
        pValue = alwaysValidPValue(pValue, mixtureSprtEValue(estimate, { effectDeviation: 0.3 }));
        return pValue <= alpha;
      };
    },
  },
];

/** What must not be done: a test for one look, looked at a hundred times. */
export const peekedTest: WatchedStream = {
  name: "z-test of one look",
  alpha: 0.05,
  looks: 100,
  start: (random) => {
    const normal = seededNormal(random);
    let [count, sum] = [0, 0];
    return () => {
      for (let value = 0; value < 10; value += 1) sum += normal();
      count += 10;
      return 2 * normalSf(Math.abs(sum) / Math.sqrt(count)) <= 0.05;
    };
  },
};

const knownRanks = new Map<string, QuantileSequenceRanks>();

/** The ranks depend on the count alone, and many streams ask for the same ones. */
function ranksOf(count: number, bounds: Bounds): QuantileSequenceRanks {
  const key = `${count} ${bounds}`;
  const known =
    knownRanks.get(key) ?? quantileSequenceRanks(count, { probability: 0.95, alpha, tightAt: 300, bounds });
  knownRanks.set(key, known);
  return known;
}

const knownMargins: number[] = [];

function marginOf(count: number): number {
  return (knownMargins[count] ??= distributionSequenceMargin(count, { alpha, from: 10 }));
}

function summary({ count, mean = 0, sampleVariance = 0 }: Moments): {
  count: number;
  mean: number;
  variance: number;
} {
  return { count, mean, variance: sampleVariance };
}
