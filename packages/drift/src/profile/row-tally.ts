import { InvalidDataError } from "../errors/invalid-data-error.ts";
import { maxWeight, roundWeight } from "./cell-counts.ts";
import type { Profile } from "./profile.ts";

/** Counts rows and their weights. */
export class RowTally {
  #rows = 0;
  #weight = 0;
  #squaredWeight = 0;

  /** Counts rows of weight 1. */
  addRows(rows: number): void {
    this.#rows += rows;
    this.#weight += rows;
    this.#squaredWeight += rows;
  }

  /** Counts one row, and gives its weight as it counts. */
  addWeighted(weight: number): number {
    const rounded = checkedWeight(weight, "weight");
    this.#rows += 1;
    this.#weight += rounded;
    this.#squaredWeight += roundWeight(rounded * rounded);
    return rounded;
  }

  merge(profile: Profile): void {
    this.#rows += profile.rows;
    this.#weight += profile.weight;
    this.#squaredWeight += profile.squaredWeight;
  }

  read(): Pick<Profile, "rows" | "weight" | "squaredWeight"> {
    return { rows: this.#rows, weight: this.#weight, squaredWeight: this.#squaredWeight };
  }
}

/**
 * The weights of some rows, rounded to multiples of 2⁻²⁰.
 *
 * @throws InvalidDataError `INVALID_DATA` for another number of weights than rows, or a weight
 * outside [0, 2²⁰].
 */
export function checkedWeights(weights: ArrayLike<number>, rowCount: number): Float64Array {
  if (weights.length !== rowCount) {
    throw new InvalidDataError({
      problem: `have ${rowCount} rows and ${weights.length} weights`,
      remedy: "Pass one weight for each row.",
    });
  }
  return Float64Array.from(weights, (weight, row) => checkedWeight(weight, `weights[${row}]`));
}

function checkedWeight(weight: number, name: string): number {
  if (weight >= 0 && weight <= maxWeight) return roundWeight(weight);
  throw new InvalidDataError({
    problem: `have ${String(weight)} for ${name}`,
    remedy: "Pass weights from 0 to 2^20.",
  });
}
