import { InvalidDriftOptionsError } from "../errors/invalid-drift-options-error.ts";
import { checkOption } from "./check-options.ts";
import type { DriftDetector } from "./detector.ts";

/** A drift that is known: at an index, or from one index to another. */
export type KnownDrift = number | readonly [start: number, end: number];

export interface EvaluationOptions {
  /** The drifts, in their order. */
  readonly drifts: readonly KnownDrift[];
  /** How many values after a drift's end an alarm still finds it, at least 1. */
  readonly maximumDelay: number;
}

/**
 * How a detector did. The shares' denominators can be 0, and then they are undefined. Read the delay with the
 * missed drifts, and all of it beside a detector that always fires: where drifts are many, that one does well.
 */
export interface DetectorEvaluation {
  readonly values: number;
  readonly alarms: number;
  /** Alarms in no drift's window. */
  readonly falseAlarms: number;
  /** Share of the alarms that are in a window. */
  readonly precision: number | undefined;
  /** Share of the drifts with an alarm in their window. */
  readonly recall: number | undefined;
  /** Share of the drifts without one. */
  readonly missed: number | undefined;
  /** Values from a drift's start to its first alarm, mean over the drifts that were found. */
  readonly detectionDelay: number | undefined;
  /** False alarms per value. */
  readonly falseAlarmRate: number;
  /** Values between two false alarms, mean (MTFA); undefined below two of them. */
  readonly meanTimeBetweenFalseAlarms: number | undefined;
  /** MTFA / delay · (1 - missed) (MTR; Bifet 2017): the larger, the better. */
  readonly meanTimeRatio: number | undefined;
}

/**
 * Judges the indices of alarms by the drifts that are known. Alarms count for the first drift whose window,
 * from its start to `maximumDelay` values after its end, has them. The numbers are those of
 * `river.drift.evaluate` (River's repository at 08ef02c).
 *
 * @throws InvalidDriftOptionsError `INVALID_DRIFT_OPTIONS` for a delay below 1, or a drift that ends before
 * it starts.
 */
export function evaluateAlarms(
  alarms: readonly number[],
  values: number,
  { drifts, maximumDelay }: EvaluationOptions,
): DetectorEvaluation {
  checkOption("values", values, { minimum: 1, maximum: Infinity, isWhole: true });
  checkOption("maximumDelay", maximumDelay, { minimum: 1, maximum: Infinity });
  const windows = drifts.map((drift, index) => toWindow(drift, index, maximumDelay));
  const firstAlarms = new Map<number, number>();
  const falseAlarms: number[] = [];
  for (const alarm of alarms) {
    const found = windows.findIndex(({ start, end }) => alarm >= start && alarm <= end);
    if (found < 0) falseAlarms.push(alarm);
    else if (!firstAlarms.has(found)) firstAlarms.set(found, alarm);
  }
  const delays = [...firstAlarms].map(([index, alarm]) => alarm - windows[index]!.start);
  const recall = share(firstAlarms.size, drifts.length);
  const missed = recall === undefined ? undefined : 1 - recall;
  const detectionDelay = share(
    delays.reduce((sum, delay) => sum + delay, 0),
    delays.length,
  );
  const meanTimeBetweenFalseAlarms =
    falseAlarms.length < 2 ? undefined : (falseAlarms.at(-1)! - falseAlarms[0]!) / (falseAlarms.length - 1);
  return {
    values,
    alarms: alarms.length,
    falseAlarms: falseAlarms.length,
    precision: share(alarms.length - falseAlarms.length, alarms.length),
    recall,
    missed,
    detectionDelay,
    falseAlarmRate: falseAlarms.length / values,
    meanTimeBetweenFalseAlarms,
    meanTimeRatio:
      meanTimeBetweenFalseAlarms === undefined || detectionDelay === undefined || missed === undefined
        ? undefined
        : (meanTimeBetweenFalseAlarms / detectionDelay) * (1 - missed),
  };
}

/** Runs a detector over a stream whose drifts are known, and judges its alarms by {@link evaluateAlarms}. */
export function evaluateDetector(
  detector: Pick<DriftDetector, "update">,
  stream: Iterable<number>,
  options: EvaluationOptions,
): DetectorEvaluation {
  const alarms: number[] = [];
  let values = 0;
  for (const value of stream) {
    if (detector.update(value).drift) alarms.push(values);
    values += 1;
  }
  return evaluateAlarms(alarms, values, options);
}

function toWindow(drift: KnownDrift, index: number, maximumDelay: number): { start: number; end: number } {
  const [start, end] = typeof drift === "number" ? [drift, drift] : drift;
  if (end >= start) return { start, end: end + maximumDelay };
  throw new InvalidDriftOptionsError({
    option: `drifts[${index}]`,
    problem: `ends at ${end}, before it starts at ${start}`,
    remedy: "Pass [start, end].",
  });
}

function share(part: number, whole: number): number | undefined {
  return whole === 0 ? undefined : part / whole;
}
