import type { StateRecord } from "../detector.ts";
import { loadRecord } from "../state-fields.ts";
import { normalScore, type ScoreChart } from "./ranked-statistic.ts";

const weight = 0.05;

/** The EWMA of normal scores in its own standard errors, which are exact from the first score on. */
export class EwmaChart implements ScoreChart {
  #state = { level: 0, squaredWeights: 0 };

  reset(): void {
    this.#state = { level: 0, squaredWeights: 0 };
  }

  next(place: number): number {
    const state = this.#state;
    state.level = weight * normalScore(place) + (1 - weight) * state.level;
    state.squaredWeights = weight * weight + (1 - weight) ** 2 * state.squaredWeights;
    return Math.abs(state.level) / Math.sqrt(state.squaredWeights);
  }

  save(): StateRecord {
    return { ...this.#state };
  }

  load(state: StateRecord): void {
    this.#state = loadRecord(state, ["level", "squaredWeights"]);
  }
}
