import { checkFinite, checkPositive } from "../arguments/check-number.ts";
import { checkFiniteValues, checkSameLength, type Numbers } from "../arguments/check-sample.ts";
import { InvalidArgumentError } from "../errors/invalid-argument-error.ts";
import { sum } from "./sum.ts";

/** What {@link Moments} writes to JSON: sums of powers of the distance from the mean. */
export interface MomentsState {
  readonly count: number;
  readonly weight: number;
  readonly squaredWeight: number;
  readonly mean: number;
  readonly second: number;
  readonly third: number;
  readonly fourth: number;
  readonly minimum: number | null;
  readonly maximum: number | null;
}

/**
 * Mean, variance, skewness and kurtosis of a stream, in a fixed 72 bytes.
 *
 * `add` takes one value at a time, `merge` joins two streams as if one had seen both (Chan, Golub and
 * LeVeque 1979; Pébay 2008 for the third and fourth moment), and `of` sums a whole array in two passes,
 * which is the most accurate of the three: within 1e-12 relative of NumPy, also for values far from 0.
 *
 * A value may have a weight, a positive number. `variance` and the like are about the population the
 * weights describe; {@link Moments.sampleVariance} divides by weight - squaredWeight / weight, which is
 * n - 1 when every weight is 1.
 *
 * Limits: fourth powers overflow beyond distances of about 1e77 from the mean. Added one by one, the
 * relative error of the variance grows with mean² / variance times 1e-16, as in every one-pass method.
 *
 * @example
 * const moments = Moments.of([1, 2, 3, 4, 10]);
 * moments.mean; // 4
 * moments.sampleVariance; // 12.5
 */
export class Moments {
  #state: MomentsState = empty;

  /** The moments of a whole array. `weights`, where given, has one positive number per value. */
  static of(values: Numbers, weights?: Numbers): Moments {
    checkFiniteValues("values", values, 0);
    const moments = new Moments();
    if (values.length === 0) return moments;
    const weightOf = weightReader(values, weights);
    const range = Array.from(values, (_, index) => index);
    const weight = sum(range.map(weightOf));
    const at = (index: number): number => values[index] ?? 0;
    const mean = sum(range.map((index) => weightOf(index) * at(index))) / weight;
    const power = (exponent: number): number =>
      sum(range.map((index) => weightOf(index) * (at(index) - mean) ** exponent));
    // The mean is rounded, which far from 0 shows in the powers: move them by what it lacks.
    const rest = power(1) / weight;
    const [second, third, fourth] = [power(2), power(3), power(4)];
    moments.#state = {
      count: values.length,
      weight,
      squaredWeight: sum(range.map((index) => weightOf(index) ** 2)),
      mean,
      second: second - weight * rest ** 2,
      third: third - 3 * rest * second + 2 * weight * rest ** 3,
      fourth: fourth - 4 * rest * third + 6 * rest ** 2 * second - 3 * weight * rest ** 4,
      minimum: range.reduce((least, index) => Math.min(least, at(index)), Infinity),
      maximum: range.reduce((most, index) => Math.max(most, at(index)), -Infinity),
    };
    return moments;
  }

  /** Moments that {@link Moments.toJSON} wrote. */
  static fromJSON(state: MomentsState): Moments {
    const { count, weight, squaredWeight, mean, second, third, fourth } = state;
    checkFiniteValues("state", [count, weight, squaredWeight, mean, second, third, fourth]);
    const moments = new Moments();
    moments.#state = { ...state };
    return moments;
  }

  /** Adds one finite value, with a positive weight; 1 by default. */
  add(value: number, weight = 1): void {
    checkFinite("value", value);
    checkPositive("weight", weight);
    this.#state = joined(this.#state, {
      ...empty,
      count: 1,
      weight,
      squaredWeight: weight * weight,
      mean: value,
      minimum: value,
      maximum: value,
    });
  }

  /** Adds what another stream saw; the other one stays as it is. */
  merge(other: Moments): void {
    this.#state = joined(this.#state, other.#state);
  }

  /** How many values were added. */
  get count(): number {
    return this.#state.count;
  }

  /** The sum of their weights: `count` where every weight is 1. */
  get weight(): number {
    return this.#state.weight;
  }

  /** The smallest value; undefined before the first. */
  get minimum(): number | undefined {
    return this.#state.minimum ?? undefined;
  }

  /** The largest value; undefined before the first. */
  get maximum(): number | undefined {
    return this.#state.maximum ?? undefined;
  }

  /** The weighted mean; undefined before the first value. */
  get mean(): number | undefined {
    return this.#state.count === 0 ? undefined : this.#state.mean;
  }

  /** The mean squared distance from the mean; undefined before the first value. */
  get variance(): number | undefined {
    return this.#state.count === 0 ? undefined : this.#state.second / this.#state.weight;
  }

  /** The unbiased estimate of the variance of what the values were drawn from; undefined below two values. */
  get sampleVariance(): number | undefined {
    const { count, weight, squaredWeight, second } = this.#state;
    return count < 2 ? undefined : second / (weight - squaredWeight / weight);
  }

  /** The square root of {@link Moments.sampleVariance}. */
  get sampleStandardDeviation(): number | undefined {
    const variance = this.sampleVariance;
    return variance === undefined ? undefined : Math.sqrt(variance);
  }

  /** Third standardised moment, as `scipy.stats.skew`; undefined where every value is the same. */
  get skewness(): number | undefined {
    const { weight, second, third } = this.#state;
    return second > 0 ? (Math.sqrt(weight) * third) / second ** 1.5 : undefined;
  }

  /** Fourth standardised moment less 3, as `scipy.stats.kurtosis`; undefined where every value is the same. */
  get excessKurtosis(): number | undefined {
    const { weight, second, fourth } = this.#state;
    return second > 0 ? (weight * fourth) / second ** 2 - 3 : undefined;
  }

  /** Plain data that {@link Moments.fromJSON} reads back. */
  toJSON(): MomentsState {
    return this.#state;
  }
}

const empty: MomentsState = {
  count: 0,
  weight: 0,
  squaredWeight: 0,
  mean: 0,
  second: 0,
  third: 0,
  fourth: 0,
  minimum: null,
  maximum: null,
};

function joined(a: MomentsState, b: MomentsState): MomentsState {
  if (a.count === 0) return b;
  if (b.count === 0) return a;
  const weight = a.weight + b.weight;
  const distance = b.mean - a.mean;
  const shareA = a.weight / weight;
  const shareB = b.weight / weight;
  const between = distance * distance * a.weight * shareB;
  return {
    count: a.count + b.count,
    weight,
    squaredWeight: a.squaredWeight + b.squaredWeight,
    mean: a.mean + distance * shareB,
    second: a.second + b.second + between,
    third:
      a.third +
      b.third +
      between * distance * (shareA - shareB) +
      3 * distance * (shareA * b.second - shareB * a.second),
    fourth:
      a.fourth +
      b.fourth +
      between * distance * distance * (shareA * shareA - shareA * shareB + shareB * shareB) +
      6 * distance * distance * (shareA * shareA * b.second + shareB * shareB * a.second) +
      4 * distance * (shareA * b.third - shareB * a.third),
    minimum: Math.min(a.minimum ?? Infinity, b.minimum ?? Infinity),
    maximum: Math.max(a.maximum ?? -Infinity, b.maximum ?? -Infinity),
  };
}

function weightReader(values: Numbers, weights: Numbers | undefined): (index: number) => number {
  if (weights === undefined) return () => 1;
  checkSameLength("weights", weights, "values", values);
  checkFiniteValues("weights", weights);
  for (let index = 0; index < weights.length; index += 1) {
    if ((weights[index] ?? 0) > 0) continue;
    throw new InvalidArgumentError(
      `weights[${index}] is ${weights[index]}; pass positive weights; leave out rows that do not count.`,
      { argument: `weights[${index}]` },
    );
  }
  return (index) => weights[index] ?? 0;
}
