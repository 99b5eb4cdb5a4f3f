/** The detectors that this package has. */
export type DetectorName =
  | "adwin"
  | "page-hinkley"
  | "cusum"
  | "ewma"
  | "ddm"
  | "eddm"
  | "hddm-a"
  | "hddm-w"
  | "kswin";

/** What a detector says after a value. */
export interface DetectorUpdate {
  /** The stream has changed. The next value starts a new stream: everything before it is forgotten. */
  readonly drift: boolean;
  /** It may have. Never together with `drift`, and always false where a rule has no warning. */
  readonly warning: boolean;
  /** What is compared with `threshold`; undefined as long as there are too few values. */
  readonly statistic: number | undefined;
  /** There is drift when the statistic is above it; for a rule of River, see its documentation. */
  readonly threshold: number | undefined;
}

/** What {@link DriftDetector.toJSON} writes. Plain data of bounded size; its fields are no interface. */
export interface DetectorState {
  readonly version: 1;
  readonly detector: DetectorName;
  readonly options: Readonly<Record<string, number | string | boolean>>;
  readonly rule: StateRecord;
  /** Values since the start, or since the last drift. */
  readonly count: number;
  readonly restarts: boolean;
}

export type StateValue = number | string | boolean | null | readonly StateValue[] | StateRecord;

export interface StateRecord {
  readonly [key: string]: StateValue;
}

/**
 * Watches one stream of numbers for a change. Its memory is bounded, whatever the length of the stream,
 * and the same values give the same answers.
 */
export interface DriftDetector {
  readonly name: DetectorName;
  /** Values since the start, since `reset`, or since the last drift. */
  readonly count: number;
  /**
   * Takes the next value.
   *
   * @throws InvalidDataError `INVALID_DATA` for a value that is no finite number, or that this detector cannot
   * take, such as 0.5 as an error; the detector is as it was before.
   */
  update(value: number): DetectorUpdate;
  /** Forgets every value. */
  reset(): void;
  /** Everything that `restoreDetector` needs to go on from here. */
  toJSON(): DetectorState;
}
