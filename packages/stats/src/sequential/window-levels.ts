import { checkOpenProbability } from "../arguments/check-sample.ts";
import { checkCount, checkProbability } from "../arguments/check-number.ts";

/**
 * The level for the k-th of an unbounded number of windows such that the chance of any false alarm, ever,
 * is at most `alpha`: α / (k (k + 1)), whose sum over all k is α.
 *
 * Its price is power late in the stream. Where a small share of false alarms is acceptable use
 * {@link OnlineFalseDiscoveryRate}, which earns level back with every discovery.
 *
 * @param window Counted from 1.
 *
 * @example
 * windowLevel(1, { alpha: 0.05 }); // 0.025
 */
export function windowLevel(window: number, { alpha = 0.05 }: { readonly alpha?: number } = {}): number {
  checkCount("window", window, 1);
  checkOpenProbability("alpha", alpha);
  return alpha / window / (window + 1);
}

/** What {@link OnlineFalseDiscoveryRate} writes to JSON. */
export interface OnlineFalseDiscoveryRateState {
  readonly alpha: number;
  readonly tested: number;
  /** When the discoveries were made, counted from 1, the earliest first. */
  readonly discoveries: readonly number[];
}

/**
 * Tests a stream of hypotheses one after the other so that the expected share of false discoveries
 * stays at or below `alpha` at any time, when the p-values are independent (LORD++: Javanmard and
 * Montanari 2018; Ramdas, Yang, Wainwright and Jordan 2017).
 *
 * The level of test t is γ(t) α/2 + (α/2) γ(t - τ1) + α Σ γ(t - τj) over the discoveries at τ1 < τ2 < …,
 * with γ(j) = 6 / (π² j²). At most 1,000 discoveries are remembered, the latest ones after the first:
 * forgetting only lowers the level.
 */
export class OnlineFalseDiscoveryRate {
  #state: OnlineFalseDiscoveryRateState;

  constructor({ alpha = 0.05 }: { readonly alpha?: number } = {}) {
    checkOpenProbability("alpha", alpha);
    this.#state = { alpha, tested: 0, discoveries: [] };
  }

  /** A stream that {@link OnlineFalseDiscoveryRate.toJSON} wrote. */
  static fromJSON(state: OnlineFalseDiscoveryRateState): OnlineFalseDiscoveryRate {
    const stream = new OnlineFalseDiscoveryRate({ alpha: state.alpha });
    checkCount("state.tested", state.tested);
    stream.#state = { ...state, discoveries: [...state.discoveries] };
    return stream;
  }

  /** The level of the next test. */
  get level(): number {
    const { alpha, tested, discoveries } = this.#state;
    const next = tested + 1;
    return discoveries.reduce(
      (level, time, place) => level + (place === 0 ? alpha / 2 : alpha) * share(next - time),
      (alpha / 2) * share(next),
    );
  }

  /** Tests the next hypothesis: whether `pValue` <= {@link OnlineFalseDiscoveryRate.level}. */
  test(pValue: number): { readonly rejected: boolean; readonly level: number } {
    checkProbability("pValue", pValue);
    const level = this.level;
    const rejected = pValue <= level;
    const { alpha, tested, discoveries } = this.#state;
    const kept =
      discoveries.length < 1_000 ? discoveries : [...discoveries.slice(0, 1), ...discoveries.slice(2)];
    this.#state = { alpha, tested: tested + 1, discoveries: rejected ? [...kept, tested + 1] : discoveries };
    return { rejected, level };
  }

  /** Plain data that {@link OnlineFalseDiscoveryRate.fromJSON} reads back. */
  toJSON(): OnlineFalseDiscoveryRateState {
    return this.#state;
  }
}

function share(place: number): number {
  return 6 / (Math.PI * place) ** 2;
}
