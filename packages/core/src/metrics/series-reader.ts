import type { DDSketch } from "./dd-sketch.ts";
import type { ModelSeries } from "./model-series.ts";
import { percentileOfSorted } from "./nearest-rank.ts";
import { type Outcome, successIndex } from "./outcomes.ts";
import type { WindowSelection } from "./request-window.ts";
import type { ServiceMetricsSettings } from "./service-metrics-options.ts";
import type {
  LatencySnapshot,
  ModelSnapshot,
  Percentiles,
  RequestAvailability,
  Throughput,
  ThroughputSnapshot,
} from "./snapshot.ts";
import type { SeriesHealth } from "./watched-predictors.ts";

/** Reads a series at one time. */
export class SeriesReader {
  readonly #settings: ServiceMetricsSettings;
  readonly #outcomes: readonly Outcome[];
  readonly #now: number;
  readonly #withSketches: boolean;

  constructor(
    settings: ServiceMetricsSettings,
    outcomes: readonly Outcome[],
    now: number,
    withSketches: boolean,
  ) {
    this.#settings = settings;
    this.#outcomes = outcomes;
    this.#now = now;
    this.#withSketches = withSketches;
  }

  /** All that is known of a series. */
  read(series: ModelSeries, health: SeriesHealth): ModelSnapshot {
    const window = series.window.select(this.#now - this.#settings.windowMs, this.#outcomes.length);
    const { histograms, outcomeCounts } = series;
    const failures = this.#outcomes.flatMap(({ code }, index) => {
      const count = outcomeCounts[index]!;
      return code === undefined || count === 0 ? [] : [[code, count] as const];
    });
    return {
      model: series.model,
      version: series.version,
      availability: {
        time: series.availability.read(this.#now),
        requests: this.#availabilityOf(outcomeCounts),
        windowRequests: this.#availabilityOf(window.outcomeCounts),
      },
      latency: this.#latencyOf(series, window),
      throughput: this.#throughputOf(series, window),
      requests: sum(outcomeCounts),
      successes: outcomeCounts[successIndex]!,
      failures: Object.fromEntries(failures),
      rows: series.rows,
      batches: series.batches,
      predictors: health.predictors,
      queued: health.queued,
      running: health.running,
      observers: series.observers.read(),
      invalidMeasurements: series.invalidMeasurements,
      histograms: {
        successSeconds: histograms.total.snapshot(),
        failureSeconds: histograms.failures.snapshot(),
        queueSeconds: histograms.queue.snapshot(),
        runSeconds: histograms.run.snapshot(),
        batchRows: series.batchRows.snapshot(),
      },
    };
  }

  #availabilityOf(outcomeCounts: Float64Array): RequestAvailability {
    const counts = { success: 0, fault: 0, excluded: 0 };
    for (const [index, { kind }] of this.#outcomes.entries()) counts[kind] += outcomeCounts[index]!;
    return requestAvailability(counts.success, counts.fault, counts.excluded);
  }

  #latencyOf({ sketches }: ModelSeries, window: WindowSelection): LatencySnapshot {
    const latency: LatencySnapshot = {
      window: {
        total: this.#exactPercentiles(window.totalMs),
        queue: this.#exactPercentiles(window.queueMs),
        run: this.#exactPercentiles(window.runMs),
      },
      allTime: {
        total: this.#sketchedPercentiles(sketches.total),
        queue: this.#sketchedPercentiles(sketches.queue),
        run: this.#sketchedPercentiles(sketches.run),
      },
      allTimeFailures: this.#sketchedPercentiles(sketches.failures),
    };
    if (!this.#withSketches) return latency;
    const { total, queue, run, failures } = sketches;
    const json = { total: total.toJSON(), queue: queue.toJSON(), run: run.toJSON() };
    return { ...latency, sketches: { ...json, failures: failures.toJSON() } };
  }

  #exactPercentiles(values: Float64Array): Percentiles {
    const sorted = values.sort();
    return this.#percentiles(sorted.length, (percentile) => percentileOfSorted(sorted, percentile));
  }

  #sketchedPercentiles(sketch: DDSketch): Percentiles {
    return this.#percentiles(sketch.count, (percentile) => sketch.percentile(percentile));
  }

  #percentiles(count: number, of: (percentile: number) => number | undefined): Percentiles {
    const { percentiles } = this.#settings;
    return { count, ms: Object.fromEntries(percentiles.map((p) => [`p${p}`, of(p) ?? null])) };
  }

  #throughputOf(series: ModelSeries, window: WindowSelection): ThroughputSnapshot {
    const { startedAt, outcomeCounts, rows } = series;
    const windowStart = Math.max(this.#now - this.#settings.windowMs, startedAt, series.window.overwrittenAt);
    return {
      window: throughput(
        this.#now - windowStart,
        window.requests,
        window.outcomeCounts[successIndex]!,
        window.rows,
      ),
      sinceStart: throughput(this.#now - startedAt, sum(outcomeCounts), outcomeCounts[successIndex]!, rows),
    };
  }
}

/** Equation A by requests. */
export function requestAvailability(
  successes: number,
  faults: number,
  excluded: number,
): RequestAvailability {
  const counted = successes + faults;
  return { ratio: counted === 0 ? null : successes / counted, successes, faults, excluded };
}

/** Equation C. */
export function throughput(overMs: number, requests: number, successes: number, rows: number): Throughput {
  const perSecond = (count: number): number | null => (overMs > 0 ? (count * 1000) / overMs : null);
  return {
    requestsPerSecond: perSecond(requests),
    successesPerSecond: perSecond(successes),
    rowsPerSecond: perSecond(rows),
    overMs: Math.max(overMs, 0),
  };
}

/** The throughput of several that work side by side: the sum of those that are known. */
export function summedThroughput(throughputs: readonly Throughput[]): Throughput {
  const sumOf = (read: (one: Throughput) => number | null): number | null => {
    const known = throughputs.map(read).filter((value) => value !== null);
    return known.length === 0 ? null : sum(known);
  };
  return {
    requestsPerSecond: sumOf((one) => one.requestsPerSecond),
    successesPerSecond: sumOf((one) => one.successesPerSecond),
    rowsPerSecond: sumOf((one) => one.rowsPerSecond),
    overMs: Math.max(0, ...throughputs.map(({ overMs }) => overMs)),
  };
}

/** The sum of some numbers. */
export function sum(values: Iterable<number>): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}
