/** So many that a cell holds few values, and so few that the counts of two samples stay in the cache. */
const cellCount = 2 ** 17;

/**
 * Cells of equal width between two numbers; what lies outside belongs to the outer ones. They keep
 * the order: a larger number is never in an earlier cell, because rounding is monotone.
 */
export class EvenCells {
  readonly count: number;
  readonly #lowest: number;
  readonly #scale: number;

  /** @param lowest - Below `highest`, both finite. */
  constructor(lowest: number, highest: number, count: number = cellCount) {
    this.count = count;
    this.#lowest = lowest;
    this.#scale = count / (highest - lowest);
  }

  /** How many of the values, which are not NaN, each cell holds. */
  countOf(values: Float64Array): Uint32Array {
    const counts = new Uint32Array(this.count);
    const last = this.count - 1;
    const lowest = this.#lowest;
    const scale = this.#scale;
    for (let index = 0; index < values.length; index += 1) {
      const place = (values[index]! - lowest) * scale;
      counts[place > 0 ? (place < last ? place | 0 : last) : 0]! += 1;
    }
    return counts;
  }

  /** The values in the cells that are marked. */
  pick(values: Float64Array, isMarked: Uint8Array, total: number): Float64Array {
    const picked = new Float64Array(total);
    const last = this.count - 1;
    const lowest = this.#lowest;
    const scale = this.#scale;
    let count = 0;
    for (let index = 0; index < values.length; index += 1) {
      const value = values[index]!;
      const place = (value - lowest) * scale;
      if (isMarked[place > 0 ? (place < last ? place | 0 : last) : 0] === 0) continue;
      picked[count] = value;
      count += 1;
    }
    return picked;
  }
}
