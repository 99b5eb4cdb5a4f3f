import { ExactAccumulator, KllSketch } from "@mlops/stats";
import { narrowCounts } from "./cell-counts.ts";
import { learnNumeric } from "./learn-numeric.ts";
import { toNumber } from "./numeric-column-counter.ts";
import type { ResolvedColumnOptions } from "./profile-options.ts";
import type { NumericColumn } from "./profile.ts";

/** A rank is off by at most 0.07 % of the rows, in 99 of 100 cases; about 100 KB. */
const sketchSize = 4096;

/** Learns a numeric column of a reference from a stream that is too long to keep. */
export class NumericLearner {
  readonly #name: string;
  readonly #kind: NumericColumn["kind"];
  readonly #options: ResolvedColumnOptions;
  readonly #sketch: KllSketch;
  readonly #sum = new ExactAccumulator();
  readonly #squares = new ExactAccumulator();
  #nan = 0;
  #negativeInfinity = 0;
  #positiveInfinity = 0;
  #invalid = 0;
  #isInteger = true;

  constructor(name: string, kind: NumericColumn["kind"], options: ResolvedColumnOptions, seed: number) {
    this.#name = name;
    this.#kind = kind;
    this.#options = options;
    this.#sketch = new KllSketch({ k: sketchSize, seed });
  }

  add(value: unknown): void {
    const number = toNumber(value);
    if (number === undefined) this.#invalid += 1;
    else if (number === Infinity) this.#positiveInfinity += 1;
    else if (number === -Infinity) this.#negativeInfinity += 1;
    else if (Number.isNaN(number)) this.#nan += 1;
    else {
      this.#sketch.add(number);
      this.#isInteger &&= Number.isInteger(number);
      this.#sum.add(number);
      this.#squares.add(Math.min(number * number, Number.MAX_VALUE));
    }
  }

  build(missing: number): NumericColumn {
    const kept = this.#sketch.toWeighted();
    const { cells, center, spread } = learnNumeric(kept, this.#options.maxCells);
    const counts = new Float64Array(cells.cellCount);
    for (const [index, value] of kept.values.entries()) counts[cells.indexOf(value)]! += kept.weights[index]!;
    const { count, minimum, maximum, rankError } = this.#sketch;
    const squares = new ExactAccumulator();
    squares.add(Math.max(this.#squares.value - 2 * center * this.#sum.value + count * center * center, 0));
    return {
      name: this.#name,
      kind: this.#kind,
      missing,
      invalid: this.#invalid,
      isInteger: this.#isInteger,
      numbers: {
        cells,
        center,
        spread,
        counts: narrowCounts(counts),
        nan: this.#nan,
        negativeInfinity: this.#negativeInfinity,
        positiveInfinity: this.#positiveInfinity,
        minimum: count === 0 ? null : minimum + 0,
        maximum: count === 0 ? null : maximum + 0,
        sum: this.#sum.toState(),
        squares: squares.toState(),
        rankError,
      },
    };
  }
}
