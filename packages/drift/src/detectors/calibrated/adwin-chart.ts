import type { StateRecord } from "../detector.ts";
import { AdwinWindow } from "../river/adwin-window.ts";
import { loadNumber } from "../state-fields.ts";
import { normalScore, type ScoreChart } from "./ranked-statistic.ts";

const maximumBuckets = 5;
const clock = 16;
const minimumWindow = 5;

/**
 * ADWIN of normal scores: of all cuts of the window, the one whose means differ most. The statistic is the
 * L at which the difference would equal ADWIN's bound √(2 σ² L / m) + 2 L / (3 m), 1/m = 1/n₀ + 1/n₁.
 */
export class AdwinChart implements ScoreChart {
  #window = new AdwinWindow(maximumBuckets);
  #tick = 0;

  reset(): void {
    this.#window = new AdwinWindow(maximumBuckets);
    this.#tick = 0;
  }

  next(place: number): number {
    const window = this.#window;
    window.add(normalScore(place));
    this.#tick = (this.#tick + 1) % clock;
    if (this.#tick !== 0) return Number.NaN;
    const variance = window.variance;
    let largest = 0;
    window.findCut(({ before, after, totalBefore, totalAfter }) => {
      if (before < minimumWindow || after < minimumWindow) return false;
      const difference = Math.abs(totalBefore / before - totalAfter / after);
      const reciprocal = 1 / before + 1 / after;
      // The root of a y² + b y = difference, where L is y².
      const a = (2 / 3) * reciprocal;
      const b = Math.sqrt(2 * variance * reciprocal);
      const y = (2 * difference) / (b + Math.sqrt(b * b + 4 * a * difference));
      largest = Math.max(largest, y * y);
      return false;
    });
    return largest;
  }

  save(): StateRecord {
    return { ...this.#window.save(), tick: this.#tick };
  }

  load(state: StateRecord): void {
    this.#window.load(state);
    this.#tick = loadNumber(state, "tick");
  }
}
