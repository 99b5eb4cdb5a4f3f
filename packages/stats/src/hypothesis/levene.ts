import { checkChoice } from "../arguments/check-number.ts";
import { copySample, type Sample } from "../arguments/sample.ts";
import { fSf } from "../distributions/f.ts";
import { InvalidArgumentError } from "../errors/invalid-argument-error.ts";
import { moments } from "../numeric/moments.ts";
import { sum } from "../numeric/sum.ts";
import { sortFloats } from "../sorting/sort-floats.ts";

export interface LeveneOptions {
  /** What distances are taken from: the median is Brown and Forsythe's robust variant. Default `median`. */
  readonly center?: "median" | "mean" | undefined;
}

export interface LeveneResult {
  readonly statistic: number;
  readonly pValue: number;
  /** Of the F distribution: groups - 1, and values - groups. */
  readonly degreesOfFreedom: readonly [number, number];
  readonly center: "median" | "mean";
}

/**
 * Levene's test, with the median Brown and Forsythe's, that groups have one variance.
 *
 * **Hypothesis**: all groups have the same variance. **Statistic**: the F ratio of an analysis of
 * variance on the distances from each group's center.
 *
 * SciPy: `scipy.stats.levene`. Source: M. B. Brown and A. B. Forsythe 1974.
 *
 * @throws {@link InvalidArgumentError} for fewer than 2 groups, an empty one, NaN or infinities, or
 *   where no distance differs from the others of its group and the groups do not differ either.
 */
export function levene(samples: readonly Sample[], options: LeveneOptions = {}): LeveneResult {
  const { center = "median" } = options;
  checkChoice("options.center", center, ["median", "mean"]);
  if (!Array.isArray(samples) || samples.length < 2) {
    throw new InvalidArgumentError("samples has to be an array of at least 2 samples.", {
      argument: "samples",
    });
  }
  const distances = samples.map((sample: Sample, i) => {
    const values = copySample(`samples[${i}]`, sample, { finite: true });
    const middle = center === "mean" ? moments(values).mean : median(values);
    return values.map((value) => Math.abs(value - middle));
  });
  const size = sum(distances.map((values) => values.length));
  const between = distances.length - 1;
  const within = size - distances.length;
  const all = Float64Array.from(distances.flatMap((values) => [...values]));
  const grandMean = moments(all).mean;
  const groups = distances.map((values) => moments(values));
  const betweenSquares = sum(groups.map((group) => group.size * (group.mean - grandMean) ** 2));
  const withinSquares = sum(groups.map((group) => (group.size > 1 ? (group.size - 1) * group.variance : 0)));
  if (within < 1 || (withinSquares === 0 && betweenSquares <= 1e-28 * grandMean * grandMean * size)) {
    throw new InvalidArgumentError(
      "samples do not vary around their centers, so that the statistic is 0/0; pass samples with more distinct values.",
      { argument: "samples" },
    );
  }
  const statistic = (betweenSquares / between) * (within / withinSquares);
  return Object.freeze({
    statistic,
    pValue: fSf(statistic, between, within),
    degreesOfFreedom: Object.freeze([between, within] as const),
    center,
  });
}

function median(values: Float64Array): number {
  const sorted = sortFloats(values.slice());
  const half = sorted.length >> 1;
  const upper = sorted[half] ?? 0;
  const lower = sorted[half - 1] ?? upper;
  return sorted.length % 2 === 1 ? upper : lower + (upper - lower) / 2;
}
