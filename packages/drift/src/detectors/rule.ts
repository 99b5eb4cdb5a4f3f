import type { DetectorUpdate, StateRecord } from "./detector.ts";

/**
 * The arithmetic of a detector, between two drifts. {@link RuleDetector} does the rest: it checks values,
 * starts again after a drift and writes the state.
 */
export interface Rule {
  /** Forgets every value, and starts its random numbers again. */
  reset(): void;
  /** Forgets every value after a drift; random numbers go on, so that streams differ. Default: `reset`. */
  restart?(): void;
  update(value: number): DetectorUpdate;
  save(): StateRecord;
  /** @throws when `state` is not what `save` gave; the message says what is wrong. */
  load(state: StateRecord): void;
}

/** The answer as long as nothing can be said. */
export const nothingYet: DetectorUpdate = Object.freeze({
  drift: false,
  warning: false,
  statistic: undefined,
  threshold: undefined,
});
