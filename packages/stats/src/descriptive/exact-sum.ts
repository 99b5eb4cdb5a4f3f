import { checkFinite } from "../arguments/check-number.ts";
import { checkFiniteValues, type Numbers } from "../arguments/check-sample.ts";

/**
 * A running sum without rounding error: it holds the exact sum as a short list of numbers whose bits
 * do not overlap, and rounds once, when it is read.
 *
 * The order of additions and merges makes no difference to the result, not even in the last bit,
 * which is what lets replicas add up what they saw. The list never exceeds about forty numbers,
 * because a double has 2,098 bits of range and each number holds 53 of them.
 *
 * Limits: a partial sum beyond 1.8e308 overflows to infinity and stays there.
 *
 * Source: J. R. Shewchuk, "Adaptive Precision Floating-Point Arithmetic", 1997, section 2. Agrees with
 * Python's `math.fsum` to the last bit.
 */
export class ExactSum {
  readonly #parts: number[] = [];

  /** Adds one finite number. */
  add(value: number): void {
    checkFinite("value", value);
    this.#add(value);
  }

  /** Adds what another sum holds; the other one stays as it is. */
  merge(other: ExactSum): void {
    for (const part of other.#parts.slice()) this.#add(part);
  }

  /** The sum, rounded to the nearest double; 0 before the first addition. */
  get value(): number {
    const parts = this.#parts;
    let index = parts.length - 1;
    if (index < 0) return 0;
    let sum = parts[index] ?? 0;
    let rest = 0;
    while (index > 0 && rest === 0) {
      index -= 1;
      const high = sum;
      const low = parts[index] ?? 0;
      sum = high + low;
      rest = low - (sum - high);
    }
    // Half-way cases: the parts below the last rest decide to which side it rounds.
    const next = parts[index - 1] ?? 0;
    if (index > 0 && ((rest < 0 && next < 0) || (rest > 0 && next > 0))) {
      const doubled = rest * 2;
      const rounded = sum + doubled;
      if (doubled === rounded - sum) return rounded;
    }
    return sum;
  }

  #add(value: number): void {
    const parts = this.#parts;
    let carried = value;
    let kept = 0;
    for (let index = 0; index < parts.length; index += 1) {
      const part = parts[index] ?? 0;
      const [larger, smaller] = Math.abs(carried) < Math.abs(part) ? [part, carried] : [carried, part];
      const high = larger + smaller;
      const low = smaller - (high - larger);
      if (low !== 0) {
        parts[kept] = low;
        kept += 1;
      }
      carried = high;
    }
    parts.length = kept;
    parts.push(carried);
  }
}

/**
 * The sum of finite numbers, rounded once: `sum([1e16, 1, -1e16])` is 1, where a loop gives 0.
 *
 * @throws {@link InvalidArgumentError} for a value that is not finite.
 */
export function sum(values: Numbers): number {
  checkFiniteValues("values", values, 0);
  const total = new ExactSum();
  for (let index = 0; index < values.length; index += 1) total.add(values[index] ?? 0);
  return total.value;
}

/** The mean of at least one finite number, from their exact sum. */
export function mean(values: Numbers): number {
  checkFiniteValues("values", values);
  return sum(values) / values.length;
}
