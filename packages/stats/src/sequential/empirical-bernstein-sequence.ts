import { checkOpenProbability } from "../arguments/check-sample.ts";
import { checkFinite } from "../arguments/check-number.ts";
import { InvalidArgumentError } from "../errors/invalid-argument-error.ts";
import type { ConfidenceSequenceInterval } from "./sequence-interval.ts";

export interface EmpiricalBernsteinOptions {
  /** The smallest value there can be. */
  readonly minimum: number;
  /** The largest value there can be, above `minimum`. */
  readonly maximum: number;
  /** How often the interval may ever miss, above 0 and below 1; 0.05 by default. */
  readonly alpha?: number;
}

/** What {@link EmpiricalBernsteinSequence} writes to JSON. Values are scaled to [0, 1]. */
export interface EmpiricalBernsteinState {
  readonly minimum: number;
  readonly maximum: number;
  readonly alpha: number;
  readonly count: number;
  readonly sum: number;
  readonly squares: number;
  readonly weight: number;
  readonly weightedSum: number;
  readonly spread: number;
  readonly lower: number;
  readonly upper: number;
}

/**
 * An interval for the mean of values in a known range that holds at every look, exactly and from the
 * first value on, and shrinks with the values' own variance: 0-to-1 scores, clipped latencies, a
 * bounded loss.
 *
 * The predictable plug-in empirical Bernstein sequence (Waudby-Smith and Ramdas 2024, theorem 2): value
 * t enters with weight λ, min(√(2 ln(2/α) / (σ² t ln(1 + t))), 1/2), with σ² as known before it. The
 * interval is the intersection of all so far, so it never grows. Values may depend on the past as long
 * as each has the same mean given it; where the mean itself drifts, the intersection can end up
 * empty, and then {@link EmpiricalBernsteinSequence.interval} has `lower` > `upper`.
 *
 * Its state is eleven numbers, whatever the length of the stream.
 *
 * @example
 * const sequence = new EmpiricalBernsteinSequence({ minimum: 0, maximum: 1 });
 * for (let row = 0; row < 1000; row += 1) sequence.update(row % 4 === 0 ? 0.4 : 0.6);
 * sequence.interval; // lower 0.53941…, upper 0.56042…
 */
export class EmpiricalBernsteinSequence {
  #state: EmpiricalBernsteinState;

  constructor({ minimum, maximum, alpha = 0.05 }: EmpiricalBernsteinOptions) {
    checkFinite("minimum", minimum);
    checkFinite("maximum", maximum);
    checkOpenProbability("alpha", alpha);
    if (maximum <= minimum) {
      throw new InvalidArgumentError(`maximum is ${maximum}; pass a number above minimum, ${minimum}.`, {
        argument: "maximum",
      });
    }
    const sums = { count: 0, sum: 0, squares: 0, weight: 0, weightedSum: 0, spread: 0 };
    this.#state = { minimum, maximum, alpha, ...sums, lower: 0, upper: 1 };
  }

  /** A sequence that {@link EmpiricalBernsteinSequence.toJSON} wrote. */
  static fromJSON(state: EmpiricalBernsteinState): EmpiricalBernsteinSequence {
    for (const [name, value] of Object.entries(state)) checkFinite(`state.${name}`, Number(value));
    const sequence = new EmpiricalBernsteinSequence(state);
    sequence.#state = { ...state };
    return sequence;
  }

  /** Adds one value in [`minimum`, `maximum`]. */
  update(value: number): void {
    const state = this.#state;
    const { minimum, maximum, alpha } = state;
    if (!(value >= minimum && value <= maximum)) {
      throw new InvalidArgumentError(
        `value is ${String(value)}; pass a number from ${minimum} to ${maximum}, or clip it to that range.`,
        { argument: "value" },
      );
    }
    const scaled = (value - minimum) / (maximum - minimum);
    const count = state.count + 1;
    // What was known before this value: half a value of 1/2 and a spread of 1/4 keep it defined.
    const priorMean = (0.5 + state.sum) / count;
    const priorVariance = (0.25 + state.squares) / count;
    const logTerm = Math.log(2 / alpha);
    const weight = Math.min(Math.sqrt((2 * logTerm) / (priorVariance * count * Math.log1p(count))), 0.5);
    const sum = state.sum + scaled;
    const mean = (0.5 + sum) / (count + 1);
    const weightSum = state.weight + weight;
    const weightedSum = state.weightedSum + weight * scaled;
    const spread = state.spread + (scaled - priorMean) ** 2 * (-Math.log1p(-weight) - weight);
    const centre = weightedSum / weightSum;
    const margin = (logTerm + spread) / weightSum;
    this.#state = {
      ...state,
      count,
      sum,
      squares: state.squares + (scaled - mean) ** 2,
      weight: weightSum,
      weightedSum,
      spread,
      lower: Math.max(state.lower, centre - margin),
      upper: Math.min(state.upper, centre + margin),
    };
  }

  /** The interval now; the whole range before the first value. */
  get interval(): ConfidenceSequenceInterval & { readonly count: number } {
    const { minimum, maximum, alpha, count, sum, lower, upper } = this.#state;
    const unscaled = (share: number): number => minimum + share * (maximum - minimum);
    return {
      estimate: unscaled(count === 0 ? 0.5 : sum / count),
      lower: unscaled(lower),
      upper: unscaled(upper),
      alpha,
      count,
    };
  }

  /** Plain data that {@link EmpiricalBernsteinSequence.fromJSON} reads back. */
  toJSON(): EmpiricalBernsteinState {
    return this.#state;
  }
}
