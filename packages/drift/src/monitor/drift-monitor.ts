import type { ProfileRow } from "../profile/profile-data.ts";
import type { DriftStore } from "./drift-store.ts";
import type { DriftGuardrail, DriftGuardrailOptions } from "./monitor-guardrail.ts";
import type { MonitorHealth } from "./monitor-health.ts";
import type { DriftMetric } from "./monitor-metrics.ts";
import type { DriftMonitorState } from "./monitor-state.ts";
import type { MonitorVerdict } from "./monitor-verdict.ts";
import type { ObservedPrediction } from "./observed-prediction.ts";

/** Watches a stream of rows for drift. */
export interface DriftMonitor<Event = ObservedPrediction> {
  /** An observer for a predictor, or for any source of events. It never throws. */
  readonly observer: (event: Event) => void;
  /**
   * Counts a row, and gives a verdict on each window that it completes.
   *
   * @throws InvalidDataError `INVALID_DATA` for anything but an object; nothing is counted then.
   */
  add(row: ProfileRow, options?: { readonly time?: number }): void;
  /** The latest verdict. Windows of time that have ended are judged first. */
  verdict(): MonitorVerdict;
  health(): MonitorHealth;
  /** The latest verdict's p-values and distances, and the counters, for other systems. */
  metrics(): DriftMetric[];
  /** Something that a rollout can ask whether to go on. */
  asGuardrail(options?: DriftGuardrailOptions): DriftGuardrail;
  /**
   * Adds the rows of the windows that another monitor of the same reference has not judged yet, from its
   * `toJson`: the verdict is that of one monitor which saw all rows. A window of rows may so become
   * larger than `rows`.
   *
   * @throws InvalidProfileError `INVALID_PROFILE` for what is no state, of other windows, or slides.
   * @throws IncompatibleProfilesError `INCOMPATIBLE_PROFILES` for another reference.
   */
  merge(state: DriftMonitorState | string): void;
  /**
   * Writes this process's counters of the windows of time to a store, in place of those written before.
   * To be called once in each window or more often; a failed call may be repeated.
   *
   * @throws InvalidDriftOptionsError `INVALID_DRIFT_OPTIONS` unless `window.shared`.
   */
  publish(store: DriftStore, key: string): Promise<void>;
  /**
   * Judges the latest complete window over the counters of all replicas, as one process would that saw
   * all rows. Whoever calls it, each call is a look of its own, by a number that the store gives.
   *
   * @returns `undefined` where no replica has published the window.
   * @throws InvalidDriftOptionsError `INVALID_DRIFT_OPTIONS` unless `window.shared`.
   * @throws InvalidProfileError `INVALID_PROFILE`, IncompatibleProfilesError `INCOMPATIBLE_PROFILES` for
   * what a replica with another version or reference wrote.
   */
  collect(store: DriftStore, key: string): Promise<MonitorVerdict | undefined>;
  /** All that it knows, as plain JSON; `createDriftMonitor({ ..., from })` goes on from it. */
  toJson(): DriftMonitorState;
}
