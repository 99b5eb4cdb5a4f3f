import type { StateRecord } from "../detector.ts";
import { loadNumbers } from "../state-fields.ts";
import type { ScoreChart } from "./ranked-statistic.ts";

const windowSize = 100;

/**
 * The Kolmogorov-Smirnov distance of the newest 100 places from uniform, times √100: changes of any kind,
 * of spread and shape too. The window is kept sorted, so a value costs two searches and one pass.
 */
export class KswinChart implements ScoreChart {
  #window: number[] = [];
  #sorted: number[] = [];

  reset(): void {
    this.#window = [];
    this.#sorted = [];
  }

  next(place: number): number {
    const sorted = this.#sorted;
    if (this.#window.length === windowSize) {
      const oldest = this.#window.shift()!;
      sorted.splice(firstAtLeast(sorted, oldest), 1);
    }
    this.#window.push(place);
    sorted.splice(firstAtLeast(sorted, place), 0, place);
    if (sorted.length < windowSize) return Number.NaN;
    let distance = 0;
    for (let index = 0; index < windowSize; index += 1) {
      const above = (index + 1) / windowSize - sorted[index]!;
      const below = sorted[index]! - index / windowSize;
      if (above > distance) distance = above;
      if (below > distance) distance = below;
    }
    return distance * Math.sqrt(windowSize);
  }

  save(): StateRecord {
    return { window: [...this.#window] };
  }

  load(state: StateRecord): void {
    this.#window = loadNumbers(state, "window", windowSize);
    this.#sorted = this.#window.toSorted((a, b) => a - b);
  }
}

function firstAtLeast(sorted: readonly number[], value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
