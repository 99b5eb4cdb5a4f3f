import { AvailabilityClock } from "./availability-clock.ts";
import { DDSketch } from "./dd-sketch.ts";
import { Histogram } from "./histogram.ts";
import type { MetricsEvent } from "./metrics-event.ts";
import { ObserverTotals } from "./observer-totals.ts";
import { type Outcomes, successIndex } from "./outcomes.ts";
import { RequestWindow } from "./request-window.ts";
import type { ServiceMetricsSettings } from "./service-metrics-options.ts";

/** What is kept of one version of one model. Its memory is bounded, whatever the traffic. */
export class ModelSeries {
  readonly model: string;
  readonly version: string;
  /** When it came, in milliseconds since the Unix epoch. */
  readonly startedAt: number;
  readonly window: RequestWindow;
  /** How many requests ended each way, by the index of {@link Outcomes.all}. */
  readonly outcomeCounts: Float64Array;
  /** Sketches of milliseconds. */
  readonly sketches: { readonly [Part in SeriesPart]: DDSketch };
  /** Histograms of seconds. */
  readonly histograms: { readonly [Part in SeriesPart]: Histogram };
  readonly batchRows: Histogram;
  readonly availability: AvailabilityClock = new AvailabilityClock();
  /** What it was marked as by hand, last. */
  mark: "up" | "down" | undefined;
  /** What observers of predictors threw and were not told, as far as it was sampled. */
  readonly observers: ObserverTotals = new ObserverTotals();
  readonly #outcomes: Outcomes;
  #rows = 0;
  #batches = 0;
  #invalidMeasurements = 0;

  constructor(
    model: string,
    version: string,
    startedAt: number,
    outcomes: Outcomes,
    settings: ServiceMetricsSettings,
  ) {
    this.model = model;
    this.version = version;
    this.startedAt = startedAt;
    this.window = new RequestWindow(settings.windowRequests);
    this.outcomeCounts = new Float64Array(outcomes.all.length);
    const { relativeAccuracy, durationBucketsSeconds } = settings;
    const sketch = (): DDSketch => new DDSketch({ relativeAccuracy });
    const histogram = (): Histogram => new Histogram(durationBucketsSeconds);
    this.sketches = { total: sketch(), queue: sketch(), run: sketch(), failures: sketch() };
    this.histograms = { total: histogram(), queue: histogram(), run: histogram(), failures: histogram() };
    this.batchRows = new Histogram(settings.batchRowsBuckets);
    this.#outcomes = outcomes;
  }

  /** The rows of the successes. */
  get rows(): number {
    return this.#rows;
  }

  /** Batches that ran: the sum of `rows / batchRows` of the successes. */
  get batches(): number {
    return this.#batches;
  }

  /** Requests whose times or rows were no such. */
  get invalidMeasurements(): number {
    return this.#invalidMeasurements;
  }

  /**
   * Counts a request. O(1); nothing is allocated but what the window and the sketches grow by.
   *
   * @returns Whether its measurements were valid.
   */
  record(event: MetricsEvent, now: number): boolean {
    const { totalMs, queueMs, runMs, rows } = event;
    const isSuccess = event.outcome === "success";
    const outcome = isSuccess ? successIndex : this.#outcomes.indexOfFailure(event.error?.code);
    this.outcomeCounts[outcome]! += 1;
    const isQueueMeasured = queueMs === undefined || isMeasure(queueMs);
    if (!(isMeasure(totalMs) && isQueueMeasured && isMeasure(runMs) && isMeasure(rows))) {
      this.#invalidMeasurements += 1;
      this.window.push(now, NaN, NaN, NaN, 0, outcome);
      return false;
    }
    this.window.push(now, totalMs, queueMs ?? NaN, runMs, isSuccess ? rows : 0, outcome);
    if (isSuccess) this.#addSuccess(event);
    else {
      this.sketches.failures.add(totalMs);
      this.histograms.failures.add(totalMs / 1000);
    }
    return true;
  }

  // It takes the event and not its numbers, which an engine would put on the heap to hand them on.
  #addSuccess(event: MetricsEvent): void {
    const { sketches, histograms } = this;
    sketches.total.add(event.totalMs);
    sketches.run.add(event.runMs);
    histograms.total.add(event.totalMs / 1000);
    histograms.run.add(event.runMs / 1000);
    if (event.queueMs !== undefined) {
      sketches.queue.add(event.queueMs);
      histograms.queue.add(event.queueMs / 1000);
    }
    this.#rows += event.rows;
    const batchRows = batchRowsOf(event);
    if (batchRows === 0) return;
    this.#batches += event.rows / batchRows;
    this.batchRows.add(batchRows);
  }
}

/** What durations are kept of: the parts of a success, and failures from the request to the error. */
export type SeriesPart = "total" | "queue" | "run" | "failures";

/** The rows of the batch that a request ran in, 0 for none. */
export function batchRowsOf({ batchRows }: MetricsEvent): number {
  return isMeasure(batchRows) && batchRows >= 1 ? batchRows : 0;
}

/** Whether it is a number that a time or an amount can be: so many of them still have a sum. */
function isMeasure(value: unknown): value is number {
  return typeof value === "number" && value >= 0 && value <= Number.MAX_SAFE_INTEGER;
}
