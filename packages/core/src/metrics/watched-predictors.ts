import { AvailabilityClock, type AvailabilityState } from "./availability-clock.ts";
import type { MetricsEvent, WatchablePredictor } from "./metrics-event.ts";
import type { ModelSeries } from "./model-series.ts";
import { type ObserverCountsByName, observerCountsOf } from "./observer-totals.ts";
import type { ServiceMetricsSettings } from "./service-metrics-options.ts";

/** How the watched predictors of one series are, together. */
export interface SeriesHealth {
  readonly predictors: number;
  /** How many of them are up. */
  readonly up: number;
  readonly queued: number;
  readonly running: number;
}

/**
 * The predictors that are watched, whose health is looked at when {@link WatchedPredictors.sample}
 * is called; what was seen is taken to hold until the next look.
 *
 * A series is down while it is marked down, and else while none of its watched predictors is up.
 * The service is down while it is marked down, and else while any model has no version that is up;
 * while the service is marked down, so is each series. What nobody watches nor marks is unknown.
 */
export class WatchedPredictors {
  /** Of the service. */
  readonly availability: AvailabilityClock = new AvailabilityClock();
  /** What the service was marked as by hand, last. */
  mark: "up" | "down" | undefined;
  readonly #isUp: ServiceMetricsSettings["isUp"];
  readonly #watched = new Map<WatchablePredictor, WatchedPredictor>();

  constructor({ isUp }: ServiceMetricsSettings) {
    this.#isUp = isUp;
  }

  /** Begins to watch. A predictor that is watched twice is observed once, until both have ended it. */
  watch(predictor: WatchablePredictor, series: ModelSeries, observer: (event: MetricsEvent) => void): void {
    const watched = this.#watched.get(predictor);
    if (watched !== undefined) {
      watched.watchers += 1;
      return;
    }
    // Quick and synchronous, and what it did not hear of would be missing for ever.
    const endObservation = predictor.observe(observer, { name: "service-metrics", maxPending: Infinity });
    const health = healthOf(predictor);
    const observers = health === undefined ? new Map() : observerCountsOf(health);
    this.#watched.set(predictor, { predictor, series, endObservation, observers, watchers: 1 });
  }

  /** Whether any watched predictor belongs to a series. */
  isWatched(series: ModelSeries): boolean {
    return [...this.#watched.values()].some((watched) => watched.series === series);
  }

  /** Ends one watch. */
  unwatch(predictor: WatchablePredictor): void {
    const watched = this.#watched.get(predictor);
    if (watched === undefined) return;
    watched.watchers -= 1;
    if (watched.watchers > 0) return;
    watched.endObservation();
    this.#watched.delete(predictor);
  }

  /** Ends all watches. */
  unwatchAll(): void {
    for (const { endObservation } of this.#watched.values()) endObservation();
    this.#watched.clear();
  }

  /** Looks at the health of each, and tells it to the availability clocks. */
  sample(allSeries: readonly ModelSeries[], now: number): Map<ModelSeries, SeriesHealth> {
    const healthBySeries = new Map<ModelSeries, SeriesHealth>();
    for (const watched of this.#watched.values()) {
      const before = healthBySeries.get(watched.series) ?? unwatchedHealth;
      healthBySeries.set(watched.series, this.#addHealth(before, watched));
    }
    const isModelUp = new Map<string, boolean>();
    for (const series of allSeries) {
      const state = this.#stateOf(series, healthBySeries.get(series));
      series.availability.set(state, now);
      if (state === "unknown") continue;
      isModelUp.set(series.model, state === "up" || isModelUp.get(series.model) === true);
    }
    this.availability.set(this.#serviceState([...isModelUp.values()]), now);
    return healthBySeries;
  }

  #addHealth(sum: SeriesHealth, watched: WatchedPredictor): SeriesHealth {
    const health = healthOf(watched.predictor);
    if (health === undefined) return { ...sum, predictors: sum.predictors + 1 };
    const observers = observerCountsOf(health);
    watched.series.observers.addChange(watched.observers, observers);
    watched.observers = observers;
    return {
      predictors: sum.predictors + 1,
      up: sum.up + (this.#isUp(health) ? 1 : 0),
      queued: sum.queued + health.queued,
      running: sum.running + health.running,
    };
  }

  #stateOf({ mark }: ModelSeries, health: SeriesHealth | undefined): AvailabilityState {
    if (health === undefined && mark === undefined) return "unknown";
    if (this.mark === "down" || mark === "down") return "down";
    return health === undefined || health.up > 0 ? "up" : "down";
  }

  #serviceState(areModelsUp: readonly boolean[]): AvailabilityState {
    if (this.mark === "down") return "down";
    if (areModelsUp.length === 0) return this.mark ?? "unknown";
    return areModelsUp.every(Boolean) ? "up" : "down";
  }
}

/** The health of a series without predictors. */
export const unwatchedHealth: SeriesHealth = Object.freeze({ predictors: 0, up: 0, queued: 0, running: 0 });

interface WatchedPredictor {
  readonly predictor: WatchablePredictor;
  readonly series: ModelSeries;
  readonly endObservation: () => void;
  /** What its observers had thrown and not been told when it was looked at last. */
  observers: ObserverCountsByName;
  /** How many calls of `watch` have not been ended. */
  watchers: number;
}

/** `undefined` for a predictor that cannot even tell its health, which is not up. */
function healthOf(predictor: WatchablePredictor): ReturnType<WatchablePredictor["health"]> | undefined {
  try {
    return predictor.health();
  } catch {
    return undefined;
  }
}
