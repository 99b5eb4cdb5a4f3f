import {
  type ClassificationQuality,
  classificationQuality,
  type Label,
  regressionQuality,
  type RegressionQuality,
} from "@mlops/stats";

import { checkChoice, checkNames, checkOption } from "../detectors/check-options.ts";
import { InvalidDataError } from "../errors/invalid-data-error.ts";
import { InvalidDriftOptionsError } from "../errors/invalid-drift-options-error.ts";
import { type JoinCounts, type JoinLimits, LabelJoin, type LabelJoinState } from "./label-join.ts";
import { ReferenceComparison, type ComparisonState, type QualityComparison } from "./reference-comparison.ts";

export type QualityTask = "classification" | "regression";

export interface QualityMonitorOptions<Task extends QualityTask> extends JoinLimits {
  readonly task: Task;
  /** Joined rows in a window, from 2 to 100,000. */
  readonly windowSize: number;
  /** Joined rows from one window to the next: `windowSize`, the default, for windows one after the other. */
  readonly windowStep?: number;
  /**
   * What quality is compared with: the accuracy (classification), or the mean absolute error (regression)
   * that was measured before. Without it nothing is compared.
   */
  readonly reference?: number;
  /** How often a comparison may ever say `worse` of a model that is as good as the reference; 0.01 by default. */
  readonly alpha?: number;
  /** Of the windows' intervals; 0.95 by default. */
  readonly confidence?: number;
  /** The time in milliseconds; `Date.now` by default. */
  readonly now?: () => number;
}

/** The quality of the rows of one window. */
export interface QualityWindow<Task extends QualityTask> {
  /** The first and the last row, counted from 0 over all joined rows. */
  readonly from: number;
  readonly to: number;
  readonly quality: Task extends "classification" ? ClassificationQuality : RegressionQuality;
}

/** What a prediction or a label did. */
export interface QualityUpdate<Task extends QualityTask> {
  /** It found its other half; waits for it; or its id was there already, and it changes nothing. */
  readonly outcome: "joined" | "waiting" | "duplicate";
  /** The window that this row completed. */
  readonly window?: QualityWindow<Task>;
}

/** How it stands. */
export interface QualityStatus extends JoinCounts {
  readonly waitingPredictions: number;
  readonly waitingLabels: number;
  /** Mean milliseconds from a prediction to its label; undefined before the first. */
  readonly meanDelayMs: number | undefined;
  /** Undefined without a reference. */
  readonly comparison: QualityComparison | undefined;
}

/** What {@link QualityMonitor.toJSON} writes. */
export interface QualityMonitorState {
  readonly version: 1;
  readonly join: LabelJoinState<Label>;
  readonly rows: readonly (readonly [label: Label, prediction: Label])[];
  readonly delaySumMs: number;
  readonly comparison: ComparisonState | null;
}

type Value<Task extends QualityTask> = Task extends "classification" ? Label : number;

/** Watches a model's quality by labels that come later than its predictions. */
export class QualityMonitor<Task extends QualityTask> {
  readonly #options: QualityMonitorOptions<Task>;
  readonly #windowStep: number;
  readonly #now: () => number;
  readonly #join: LabelJoin<Label>;
  readonly #comparison: ReferenceComparison | undefined;
  #rows: (readonly [label: Label, prediction: Label])[] = [];
  #delaySumMs = 0;

  constructor(options: QualityMonitorOptions<Task>) {
    const { task, windowSize, windowStep = windowSize, reference, alpha = 0.01, now = Date.now } = options;
    checkNames(options, optionNames);
    checkChoice("task", task, ["classification", "regression"]);
    checkOption("windowSize", windowSize, { minimum: 2, maximum: 100_000, isWhole: true });
    checkOption("windowStep", windowStep, { minimum: 1, maximum: windowSize, isWhole: true });
    checkOption("confidence", options.confidence ?? 0.95, { minimum: 0.5, maximum: 0.9999 });
    this.#options = Object.freeze({ ...options });
    this.#windowStep = windowStep;
    this.#now = now;
    this.#join = new LabelJoin(options);
    this.#comparison =
      reference === undefined ? undefined : new ReferenceComparison({ task, reference, alpha });
  }

  /**
   * @param id - The prediction's id, by which its label will name it. Not empty.
   * @param prediction - The class, or the number.
   * @param timeMs - When it was made; now by default.
   * @throws InvalidDataError `INVALID_DATA` for an empty id, or a value that is none of the task's.
   */
  predicted(id: string, prediction: Value<Task>, timeMs: number = this.#now()): QualityUpdate<Task> {
    this.#check(id, prediction, timeMs);
    return this.#after(this.#join.addPrediction(id, prediction, timeMs));
  }

  /**
   * @param id - The id of the prediction, which may still be to come.
   * @throws InvalidDataError `INVALID_DATA` for an empty id, or a value that is none of the task's.
   */
  labelled(id: string, label: Value<Task>, timeMs: number = this.#now()): QualityUpdate<Task> {
    this.#check(id, label, timeMs);
    return this.#after(this.#join.addLabel(id, label, timeMs));
  }

  /** Counts, delay and comparison; what is too old by now is let go of, and counted. */
  status(): QualityStatus {
    this.#join.expire(this.#now());
    const counts = this.#join.counts;
    return {
      ...counts,
      waitingPredictions: this.#join.waitingPredictions,
      waitingLabels: this.#join.waitingLabels,
      meanDelayMs: counts.joined === 0 ? undefined : this.#delaySumMs / counts.joined,
      comparison: this.#comparison?.look(),
    };
  }

  /** Plain data for {@link restoreQualityMonitor}, of a size that the options bound. */
  toJSON(): QualityMonitorState {
    return {
      version: 1,
      join: this.#join.toJSON(),
      rows: [...this.#rows],
      delaySumMs: this.#delaySumMs,
      comparison: this.#comparison?.toJSON() ?? null,
    };
  }

  /** Goes on from `state`, which was written under the same options. */
  load({ join, rows, delaySumMs, comparison }: QualityMonitorState): void {
    if ((comparison === null) !== (this.#comparison === undefined)) {
      throw new InvalidDriftOptionsError({
        option: "reference",
        problem: "is set here and not in the state, or the other way round",
        remedy: "Restore a state under the options that it was written under.",
      });
    }
    this.#join.load(join);
    this.#rows = [...rows];
    this.#delaySumMs = delaySumMs;
    if (comparison !== null) this.#comparison?.load(comparison);
  }

  #after(result: ReturnType<LabelJoin<Label>["addLabel"]>): QualityUpdate<Task> {
    if (typeof result === "string") return { outcome: result };
    this.#delaySumMs += result.delayMs;
    this.#comparison?.add(result.label, result.prediction);
    this.#rows.push([result.label, result.prediction]);
    const { windowSize } = this.#options;
    if (this.#rows.length < windowSize) return { outcome: "joined" };
    const rows = this.#rows;
    this.#rows = rows.slice(this.#windowStep);
    const to = this.#join.counts.joined - 1;
    return { outcome: "joined", window: { from: to - windowSize + 1, to, quality: this.#measure(rows) } };
  }

  #measure(rows: readonly (readonly [Label, Label])[]): QualityWindow<Task>["quality"] {
    const { task, confidence = 0.95 } = this.#options;
    const labels = rows.map(([label]) => label);
    const predictions = rows.map(([, prediction]) => prediction);
    const quality =
      task === "classification"
        ? classificationQuality(labels, predictions, { confidence })
        : regressionQuality(labels.map(Number), predictions.map(Number), { confidence });
    // The task decides which of the two it is, and TypeScript does not follow it into a conditional type.
    return quality as QualityWindow<Task>["quality"];
  }

  #check(id: string, value: unknown, timeMs: number): void {
    const refuse = (problem: string, remedy: string): never => {
      throw new InvalidDataError({ problem, remedy });
    };
    if (typeof id !== "string" || id === "") refuse("have an empty id", "Pass the prediction's id.");
    if (!Number.isFinite(timeMs)) refuse(`have the time ${timeMs}`, "Pass milliseconds.");
    if (this.#options.task === "regression") {
      if (!Number.isFinite(value)) refuse(`have the value ${String(value)}`, "Pass a finite number.");
    } else if (typeof value !== "string" && typeof value !== "boolean" && !Number.isFinite(value)) {
      refuse(`have the class ${String(value)}`, "Pass a text, a finite number, true or false.");
    }
  }
}

const optionNames = [
  "task",
  "windowSize",
  "windowStep",
  "reference",
  "alpha",
  "confidence",
  "now",
  "maximumWaiting",
  "maximumAgeMs",
];

/**
 * A monitor of quality for labels that come late, out of order, twice or never.
 *
 * @throws InvalidDriftOptionsError `INVALID_DRIFT_OPTIONS` for an option that is unknown or out of range.
 */
export function createQualityMonitor<Task extends QualityTask>(
  options: QualityMonitorOptions<Task>,
): QualityMonitor<Task> {
  return new QualityMonitor(options);
}

/**
 * A monitor that goes on where `state` was written.
 *
 * @param options - Those under which it was written.
 * @throws InvalidDriftOptionsError `INVALID_DRIFT_OPTIONS` when they do not fit together.
 */
export function restoreQualityMonitor<Task extends QualityTask>(
  state: QualityMonitorState,
  options: QualityMonitorOptions<Task>,
): QualityMonitor<Task> {
  if (typeof state !== "object" || state === null || state.version !== 1) {
    throw new InvalidDriftOptionsError({
      option: "state",
      problem: "is no state of version 1",
      remedy: "Pass what a monitor's toJSON gave.",
    });
  }
  const monitor = new QualityMonitor(options);
  monitor.load(state);
  return monitor;
}
