import { isLabel } from "./is-label.ts";
import { ModelSeries } from "./model-series.ts";
import { Outcomes } from "./outcomes.ts";
import type { ServiceMetricsSettings } from "./service-metrics-options.ts";

/** The series by model and version: a bounded number, and one more for all the rest. */
export class SeriesTable {
  readonly outcomes: Outcomes = new Outcomes();
  readonly #settings: ServiceMetricsSettings;
  readonly #byModel = new Map<string, Map<string, ModelSeries>>();
  readonly #all: ModelSeries[] = [];
  #overflow: ModelSeries | undefined;
  #last: ModelSeries | undefined;

  constructor(settings: ServiceMetricsSettings) {
    this.#settings = settings;
  }

  /** Every series, in the order in which they came. */
  get all(): readonly ModelSeries[] {
    return this.#all;
  }

  /** The series of a model's version: its own, a new one while there is room, or that of the rest. */
  get(model: string, version: string): ModelSeries {
    const last = this.#last;
    if (last !== undefined && last.model === model && last.version === version) return last;
    const series = this.#byModel.get(model)?.get(version) ?? this.#add(model, version);
    this.#last = series;
    return series;
  }

  /** Makes room for another. Only what is no more watched should be forgotten. */
  delete(series: ModelSeries): void {
    const index = this.#all.indexOf(series);
    if (index === -1) return;
    this.#all.splice(index, 1);
    if (this.#overflow === series) this.#overflow = undefined;
    if (this.#last === series) this.#last = undefined;
    const versions = this.#byModel.get(series.model);
    versions?.delete(series.version);
    if (versions?.size === 0) this.#byModel.delete(series.model);
  }

  #add(model: string, version: string): ModelSeries {
    const ownSeries = this.#all.length - (this.#overflow === undefined ? 0 : 1);
    const hasRoom = ownSeries < this.#settings.maxSeries;
    const isOwn = hasRoom && isLabel(model) && isLabel(version);
    // A model that is really called so is one of the rest.
    if (!isOwn || (model === overflowLabel && version === overflowLabel)) return this.#rest();
    const series = this.#create(model, version);
    const versions = this.#byModel.get(model) ?? new Map<string, ModelSeries>();
    this.#byModel.set(model, versions.set(version, series));
    return series;
  }

  #rest(): ModelSeries {
    this.#overflow ??= this.#create(overflowLabel, overflowLabel);
    return this.#overflow;
  }

  #create(model: string, version: string): ModelSeries {
    const startedAt = this.#settings.environment.now();
    const series = new ModelSeries(model, version, startedAt, this.outcomes, this.#settings);
    this.#all.push(series);
    return series;
  }
}

/** The model and the version of what has no series of its own. */
const overflowLabel = "other";
