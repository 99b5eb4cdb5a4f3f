import { hashText, HyperLogLog } from "@mlops/stats";

/** Up to so many different values are known one by one. */
const exactValues = 65_536;
const precision = 14;
/** Four standard errors of the estimate: 1.04 / √2¹⁴ each. */
const margin = (4 * 1.04) / Math.sqrt(2 ** precision);

/**
 * Counts repeated values in bounded memory: exactly up to 65,536 different ones, then by an estimate
 * that is given away in favour of the data by four standard errors (3.3 %).
 */
export class DistinctCounter {
  readonly #seen = new Set<string>();
  readonly #sketch = new HyperLogLog(precision);
  #repeated = 0;
  #later = 0;

  /** @returns Whether the value is known to be a repeated one. */
  add(value: string): boolean {
    if (this.#seen.has(value)) {
      this.#repeated += 1;
      return true;
    }
    if (this.#seen.size < exactValues) this.#seen.add(value);
    else {
      this.#later += 1;
      this.#sketch.add(hashText(value));
    }
    return false;
  }

  get isExact(): boolean {
    return this.#later === 0;
  }

  /** How many values had come before; at least so many where that is an estimate. */
  get repeated(): number {
    if (this.#later === 0) return this.#repeated;
    const distinct = Math.ceil(this.#sketch.estimate * (1 + margin));
    return this.#repeated + Math.max(this.#later - distinct, 0);
  }
}
