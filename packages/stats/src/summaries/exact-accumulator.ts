import { InvalidArgumentError } from "../errors/invalid-argument-error.ts";

/** The state of an {@link ExactAccumulator}: a sign, and digits of base 2³², the lowest first. */
export interface ExactAccumulatorState {
  readonly sign: 1 | -1;
  /** The place of the first digit: digit i stands for `digits[i] · 2^(32·(first + i) - 1074)`. */
  readonly first: number;
  /** From 0 to 2³² - 1. No zeros at either end; the state of 0 is `{ sign: 1, first: 0, digits: [] }`. */
  readonly digits: readonly number[];
}

const base = 2 ** 32;
const digitCount = 68;
/** Each addition puts less than 2³² on a digit, so this many stay below 2⁵³. */
const additionsBetweenCarries = 2 ** 20;

/**
 * A sum of doubles without any rounding: one fixed-point number, wide enough for every double.
 *
 * Adding and merging are additions of whole numbers, so the state does not depend on the order in
 * which the values came, nor on how they were split between accumulators. An addition costs a few
 * nanoseconds whatever the values are; the memory is 544 bytes, always. Exact up to 2⁶³ additions.
 *
 * Neal, "Fast exact summation using small and large superaccumulators", arXiv 1505.05571 (2015).
 */
export class ExactAccumulator {
  readonly #digits = new Float64Array(digitCount);
  readonly #double = new Float64Array(1);
  readonly #words = new Uint32Array(this.#double.buffer);
  #additions = 0;

  /** Adds a finite number; anything else would be counted as some huge number, so it is for the caller to check. */
  add(value: number): void {
    this.#double[0] = value;
    const low = this.#words[0]!;
    const high = this.#words[1]!;
    const exponent = (high >>> 20) & 0x7ff;
    // Subnormal numbers have no implicit bit and the exponent of the smallest normal ones.
    const top = exponent === 0 ? high & 0xfffff : (high & 0xfffff) | 0x100000;
    const offset = exponent === 0 ? 0 : exponent - 1;
    const digit = offset >>> 5;
    const shift = offset & 31;
    const sign = 1 - 2 * (high >>> 31);
    const digits = this.#digits;
    digits[digit]! += sign * ((low << shift) >>> 0);
    digits[digit + 1]! += sign * (((top << shift) | ((low >>> 1) >>> (31 - shift))) >>> 0);
    digits[digit + 2]! += sign * ((top >>> 1) >>> (31 - shift));
    this.#additions += 1;
    if (this.#additions === additionsBetweenCarries) this.#carry();
  }

  /** Adds what another one holds; the other one's value stays as it is. */
  merge(other: ExactAccumulator): void {
    this.addState(other.toState());
  }

  /**
   * Adds a state that {@link ExactAccumulator.toState} gave: merging without another accumulator.
   * Like `add`, it leaves the checks to the caller and to {@link ExactAccumulator.fromState}.
   */
  addState({ sign, first, digits }: ExactAccumulatorState): void {
    for (let index = 0; index < digits.length; index += 1) {
      this.#digits[first + index]! += sign * digits[index]!;
    }
    this.#additions += 1;
    if (this.#additions === additionsBetweenCarries) this.#carry();
  }

  /** The sum, to within one unit in the last place; the same for the same state. */
  get value(): number {
    const { sign, digits } = this.#signed();
    let sum = 0;
    for (let digit = digitCount - 1; digit >= 0; digit -= 1) {
      if (digits[digit] !== 0) sum += digits[digit]! * 2 ** (32 * digit - 1074);
    }
    return sign * sum;
  }

  /** The state in the one form that depends on the sum alone. */
  toState(): ExactAccumulatorState {
    const { sign, digits } = this.#signed();
    let first = 0;
    let end = digitCount;
    while (end > 0 && digits[end - 1] === 0) end -= 1;
    while (first < end && digits[first] === 0) first += 1;
    return { sign, first: first === end ? 0 : first, digits: [...digits.subarray(first, end)] };
  }

  /** @throws InvalidArgumentError for anything but what {@link ExactAccumulator.toState} gives. */
  static fromState(state: ExactAccumulatorState): ExactAccumulator {
    const { sign, first, digits } = state;
    const isInside = Number.isInteger(first) && first >= 0 && first + digits.length <= digitCount;
    const isDigits = digits.every((digit) => Number.isInteger(digit) && digit >= 0 && digit < base);
    if (!isInside || !isDigits || (sign !== 1 && sign !== -1)) {
      throw new InvalidArgumentError("state is not one of an exact accumulator; pass what toState gave.", {
        argument: "state",
      });
    }
    const accumulator = new ExactAccumulator();
    accumulator.addState(state);
    return accumulator;
  }

  /** The sign, and the digits of the magnitude. */
  #signed(): { readonly sign: 1 | -1; readonly digits: Float64Array } {
    this.#carry();
    // The last digit alone carries the sign: all others are in [0, 2³²).
    return this.#digits[digitCount - 1]! < 0
      ? { sign: -1, digits: carried(this.#digits.map((digit) => -digit)) }
      : { sign: 1, digits: this.#digits };
  }

  #carry(): void {
    carried(this.#digits);
    this.#additions = 0;
  }
}

/** Brings every digit but the last into [0, 2³²), in place. */
function carried(digits: Float64Array): Float64Array {
  for (let digit = 0; digit < digitCount - 1; digit += 1) {
    const over = Math.floor(digits[digit]! / base);
    if (over === 0) continue;
    digits[digit]! -= over * base;
    digits[digit + 1]! += over;
  }
  return digits;
}
