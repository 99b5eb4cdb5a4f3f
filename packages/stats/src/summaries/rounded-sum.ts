import { ExactAccumulator, type ExactAccumulatorState } from "./exact-accumulator.ts";

/** Each addition leaves less than 2³¹ units in either half, so this many stay below 2⁵³. */
const additionsBetweenFlushes = 2 ** 20;

/**
 * An exact sum of values that are rounded first, each to a multiple of 2⁻⁵⁰ of a scale: about two
 * nanoseconds an addition, and as independent of order and grouping as {@link ExactAccumulator}.
 * Values beyond 1,024 times the scale are added with all their bits, more slowly.
 */
export class RoundedSum {
  readonly #exact: ExactAccumulator;
  readonly #limit: number;
  /** Adding and subtracting them rounds to a multiple of 2⁻²⁰ and of 2⁻⁵⁰ of the scale. */
  readonly #roundHigh: number;
  readonly #roundLow: number;
  /** The running sums of the high and of the low halves: whole multiples of their units. */
  readonly #halves = new Float64Array(2);
  #additions = 0;

  /** @param scale - The size of a usual value: a power of two from 2⁻⁹⁰⁰ to 2⁹⁰⁰. */
  constructor(scale: number, exact: ExactAccumulator = new ExactAccumulator()) {
    this.#exact = exact;
    this.#limit = scale * 2 ** 10;
    this.#roundHigh = 1.5 * 2 ** 52 * 2 ** -20 * scale;
    this.#roundLow = 1.5 * 2 ** 52 * 2 ** -50 * scale;
  }

  /** Adds a finite number. */
  add(value: number): void {
    if (Math.abs(value) > this.#limit) {
      this.#exact.add(value);
      return;
    }
    const high = value + this.#roundHigh - this.#roundHigh;
    this.#halves[0]! += high;
    this.#halves[1]! += value - high + this.#roundLow - this.#roundLow;
    this.#additions += 1;
    if (this.#additions === additionsBetweenFlushes) this.#flush();
  }

  /** Adds the first `count` of some finite numbers; the same as adding each, in a tighter loop. */
  addAll(values: Float64Array, count: number = values.length): void {
    const limit = this.#limit;
    const roundHigh = this.#roundHigh;
    const roundLow = this.#roundLow;
    for (let start = 0; start < count; start += additionsBetweenFlushes) {
      const end = Math.min(count, start + additionsBetweenFlushes);
      let highs = 0;
      let lows = 0;
      let otherHighs = 0;
      let otherLows = 0;
      let index = start;
      // Two sums that do not wait for one another.
      for (; index + 1 < end; index += 2) {
        const value = values[index]!;
        const other = values[index + 1]!;
        if (Math.abs(value) > limit || Math.abs(other) > limit) {
          this.add(value);
          this.add(other);
          continue;
        }
        const high = value + roundHigh - roundHigh;
        const otherHigh = other + roundHigh - roundHigh;
        highs += high;
        otherHighs += otherHigh;
        lows += value - high + roundLow - roundLow;
        otherLows += other - otherHigh + roundLow - roundLow;
      }
      if (index < end) this.add(values[index]!);
      this.#exact.add(highs);
      this.#exact.add(lows);
      this.#exact.add(otherHighs);
      this.#exact.add(otherLows);
    }
  }

  /** Adds what another sum of the same scale holds. */
  merge(other: RoundedSum): void {
    this.#flush();
    other.#flush();
    this.#exact.merge(other.#exact);
  }

  /** Adds the state of another sum of the same scale; unchecked, like `ExactAccumulator.addState`. */
  addState(state: ExactAccumulatorState): void {
    this.#exact.addState(state);
  }

  get value(): number {
    this.#flush();
    return this.#exact.value;
  }

  toState(): ExactAccumulatorState {
    this.#flush();
    return this.#exact.toState();
  }

  #flush(): void {
    this.#exact.add(this.#halves[0]!);
    this.#exact.add(this.#halves[1]!);
    this.#halves.fill(0);
    this.#additions = 0;
  }
}

/** The power of two at or above a positive number, within what {@link RoundedSum} takes. */
export function powerOfTwoScale(size: number): number {
  if (!(size > 0)) return 1;
  return 2 ** Math.min(Math.max(Math.ceil(Math.log2(size)), -900), 900);
}
