import { normalQuantile } from "@mlops/stats";

import type { StateRecord } from "../detector.ts";
import { ReferenceRanks } from "./reference-ranks.ts";
import type { Statistic } from "./statistic.ts";

/** What is computed of the ranks. */
export interface ScoreChart {
  reset(): void;
  /** @param place - Uniform in (0, 1) without a change. */
  next(place: number): number;
  save(): StateRecord;
  load(state: StateRecord): void;
}

/** A chart of the places that values have in their reference. */
export class RankedStatistic implements Statistic {
  readonly errorRate: undefined;
  readonly #ranks: ReferenceRanks;
  readonly #chart: ScoreChart;

  constructor(chart: ScoreChart, seed: number) {
    this.#chart = chart;
    this.#ranks = new ReferenceRanks(seed);
  }

  reset(): void {
    this.#ranks.reset();
    this.#chart.reset();
  }

  restart(): void {
    this.#ranks.restart();
    this.#chart.reset();
  }

  next(value: number): number {
    const place = this.#ranks.place(value);
    return Number.isNaN(place) ? Number.NaN : this.#chart.next(place);
  }

  save(): StateRecord {
    return { ranks: this.#ranks.save(), chart: this.#chart.save() };
  }

  load({ ranks, chart }: StateRecord): void {
    this.#ranks.load(toRecord(ranks, "ranks"));
    this.#chart.load(toRecord(chart, "chart"));
  }
}

/** The place as a standard normal number: a normal stream standardised, without ever knowing its scale. */
export function normalScore(place: number): number {
  return normalQuantile(place);
}

function toRecord(value: StateRecord[string] | undefined, field: string): StateRecord {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new TypeError(`${field} is no object`);
  }
  // The only objects left are records.
  return value as StateRecord;
}
