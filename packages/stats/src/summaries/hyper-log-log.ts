import { InvalidArgumentError } from "../errors/invalid-argument-error.ts";
import { checkParameter } from "../arguments/check-number.ts";
import type { Hash64 } from "./hash-text.ts";

/**
 * How many different values there were, from 2^precision bytes: the standard error is
 * 1.04 / √(2^precision), 3.3 % for the default of 10, also for small numbers.
 *
 * Merging takes the larger of each register, so it is associative, commutative, and gives what one
 * sketch of all values would hold.
 *
 * Flajolet and others, "HyperLogLog" (2007), with Ertl's estimator, "New cardinality estimation
 * algorithms for HyperLogLog sketches", arXiv 1702.01284 (2017), section 2.3, which needs no table.
 */
export class HyperLogLog {
  readonly precision: number;
  readonly #registers: Uint8Array;

  /** @param precision - A whole number from 4 to 16. */
  constructor(precision = 10) {
    const isInRange = Number.isInteger(precision) && precision >= 4 && precision <= 16;
    checkParameter("precision", precision, isInRange, "a whole number from 4 to 16");
    this.precision = precision;
    this.#registers = new Uint8Array(2 ** precision);
  }

  /** Adds a value by its hash. */
  add({ high, low }: Hash64): void {
    const register = high >>> (32 - this.precision);
    // One more than the zeros before the first one in the 32 other bits.
    const rank = Math.clz32(low) + 1;
    if (rank > this.#registers[register]!) this.#registers[register] = rank;
  }

  /** @throws InvalidArgumentError for a sketch of another precision. */
  merge(other: HyperLogLog): void {
    if (other.precision !== this.precision) {
      throw new InvalidArgumentError(
        `other has precision ${other.precision}, and this sketch ${this.precision}; merge sketches of one precision.`,
        { argument: "other" },
      );
    }
    for (const [register, rank] of other.#registers.entries()) {
      if (rank > this.#registers[register]!) this.#registers[register] = rank;
    }
  }

  /** About how many different values were added. */
  get estimate(): number {
    const multiplicities = new Float64Array(34);
    for (const rank of this.#registers) multiplicities[rank]! += 1;
    const m = this.#registers.length;
    let z = m * tau(1 - multiplicities[33]! / m);
    for (let rank = 32; rank >= 1; rank -= 1) z = 0.5 * (z + multiplicities[rank]!);
    z += m * sigma(multiplicities[0]! / m);
    return ((m / 2 / Math.LN2) * m) / z;
  }

  /** The registers, a copy. */
  toRegisters(): Uint8Array {
    return this.#registers.slice();
  }

  /** @throws InvalidArgumentError for anything but what {@link HyperLogLog.toRegisters} gives. */
  static fromRegisters(registers: Uint8Array): HyperLogLog {
    const sketch = new HyperLogLog(Math.log2(registers.length));
    if (registers.some((rank) => rank > 33)) {
      throw new InvalidArgumentError("registers holds a rank above 33; pass what toRegisters gave.", {
        argument: "registers",
      });
    }
    sketch.#registers.set(registers);
    return sketch;
  }
}

/** x + Σ x^(2^k)·2^(k-1): what empty registers say. */
function sigma(x: number): number {
  if (x === 1) return Infinity;
  let power = x;
  let factor = 1;
  let sum = x;
  for (let previous = -1; sum !== previous;) {
    previous = sum;
    power *= power;
    sum += power * factor;
    factor += factor;
  }
  return sum;
}

/** (1 - x - Σ (1 - x^(2^-k))²·2^-k) / 3: what full registers say. */
function tau(x: number): number {
  if (x === 0 || x === 1) return 0;
  let root = x;
  let factor = 1;
  let sum = 1 - x;
  for (let previous = -1; sum !== previous;) {
    previous = sum;
    root = Math.sqrt(root);
    factor *= 0.5;
    sum -= (1 - root) ** 2 * factor;
  }
  return sum / 3;
}
