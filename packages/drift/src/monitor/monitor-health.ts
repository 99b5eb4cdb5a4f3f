/** How a monitor fares. Counts are since it began, a restored one's since the first began. */
export interface MonitorHealth {
  /** Rows counted in a window. */
  readonly rows: number;
  /** Rows passed over because their window had ended. */
  readonly lateRows: number;
  /** Rows passed over because they lie more than a window ahead of the clock. */
  readonly earlyRows: number;
  /** Verdicts given. */
  readonly looks: number;
  /** Verdicts of drift among them. */
  readonly alarms: number;
  /** Events whose `select` or `time` threw, or gave what is no row; in this process. */
  readonly selectErrors: number;
  /** Verdicts whose `onVerdict` threw or rejected; in this process. */
  readonly onVerdictErrors: number;
  /** The latest of those errors. */
  readonly lastError: unknown;
}
