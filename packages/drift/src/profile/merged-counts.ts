import { addCounts } from "./cell-counts.ts";
import type { CellCounts } from "./profile.ts";

/** As many bytes of 255 as fit into 16 bits. */
const mostBetweenFlushes = 257;

/**
 * Adds up many lists of counts of the same cells. Replicas send a byte a cell, and a thousand
 * replicas of a hundred columns a hundred million of them: bytes are added four cells and two lists
 * at a time, in lanes of 16 bits that are emptied before they can run over.
 */
export class MergedCounts {
  readonly #target: Float64Array;
  /** Of each four cells, the first and the third. */
  readonly #even: Int32Array;
  /** Of each four cells, the second and the fourth. */
  readonly #odd: Int32Array;
  /** Of four bytes that are read as one word, the first is the lowest. */
  readonly #isLittleEndian = new Uint8Array(Int32Array.of(1).buffer)[0] === 1;
  #added = 0;

  /** @param target - A count for each cell; has what was added after {@link MergedCounts.flush}. */
  constructor(target: Float64Array) {
    this.#target = target;
    this.#even = new Int32Array(target.length >>> 2);
    this.#odd = new Int32Array(target.length >>> 2);
  }

  add(lists: readonly CellCounts[]): void {
    let waiting: Uint8Array | undefined;
    for (const counts of lists) {
      if (!this.#isPackable(counts)) addCounts(this.#target, counts);
      else if (waiting === undefined) waiting = counts;
      else {
        this.#addPair(waiting, counts);
        waiting = undefined;
      }
    }
    if (waiting !== undefined) addCounts(this.#target, waiting);
  }

  /** Brings the target up to date. */
  flush(): void {
    if (this.#added === 0) return;
    const target = this.#target;
    for (let index = 0; index < this.#even.length; index += 1) {
      const even = this.#even[index]!;
      const odd = this.#odd[index]!;
      target[4 * index]! += even & 0xffff;
      target[4 * index + 1]! += odd & 0xffff;
      target[4 * index + 2]! += even >>> 16;
      target[4 * index + 3]! += odd >>> 16;
    }
    this.#even.fill(0);
    this.#odd.fill(0);
    this.#added = 0;
  }

  #isPackable(counts: CellCounts): counts is Uint8Array {
    return counts instanceof Uint8Array && counts.byteOffset % 4 === 0 && this.#isLittleEndian;
  }

  #addPair(left: Uint8Array, right: Uint8Array): void {
    if (this.#added + 2 > mostBetweenFlushes) this.flush();
    this.#added += 2;
    const even = this.#even;
    const odd = this.#odd;
    const leftWords = new Int32Array(left.buffer, left.byteOffset, even.length);
    const rightWords = new Int32Array(right.buffer, right.byteOffset, even.length);
    for (let index = 0; index < leftWords.length; index += 1) {
      const leftWord = leftWords[index]!;
      const rightWord = rightWords[index]!;
      even[index]! += (leftWord & 0xff00ff) + (rightWord & 0xff00ff);
      odd[index]! += ((leftWord >>> 8) & 0xff00ff) + ((rightWord >>> 8) & 0xff00ff);
    }
    for (let cell = 4 * even.length; cell < left.length; cell += 1)
      this.#target[cell]! += left[cell]! + right[cell]!;
  }
}
