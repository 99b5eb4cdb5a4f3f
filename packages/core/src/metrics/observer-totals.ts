import type { ObserverHealth } from "../predictor/observer-account.ts";
import type { PredictorHealth } from "../predictor/predictor.ts";
import { isLabel } from "./is-label.ts";

/** What the observers of one name threw and were not told. */
export interface ObserverCountsSnapshot {
  readonly errors: number;
  readonly drops: number;
}

/** What observers threw and were not told, by name: a bounded number of names, and one for the rest. */
export class ObserverTotals {
  readonly #byName = new Map<string, { errors: number; drops: number }>();

  /** Adds what came between two looks at a predictor. Counts that went down began anew, and add nothing. */
  addChange(before: ObserverCountsByName, after: ObserverCountsByName): void {
    for (const [name, { errors, drops }] of after) {
      const known = before.get(name);
      const total = this.#totalOf(name);
      total.errors += Math.max(errors - (known?.errors ?? 0), 0);
      total.drops += Math.max(drops - (known?.drops ?? 0), 0);
    }
  }

  /** The counts by name. */
  read(): Record<string, ObserverCountsSnapshot> {
    return Object.fromEntries(Array.from(this.#byName, ([name, counts]) => [name, { ...counts }]));
  }

  #totalOf(name: string): { errors: number; drops: number } {
    const isOwn = isLabel(name) && (this.#byName.has(name) || this.#byName.size < maxNames);
    const kept = isOwn ? name : restName;
    const total = this.#byName.get(kept) ?? { errors: 0, drops: 0 };
    this.#byName.set(kept, total);
    return total;
  }
}

/** What the observers of a predictor threw and were not told until now, by name. */
export type ObserverCountsByName = ReadonlyMap<string, Pick<ObserverHealth, "errors" | "drops">>;

/** The counts of a predictor's health; what it does not lay to an observer's account is `unnamed`. */
export function observerCountsOf({ observers = [], observerErrors }: PredictorHealth): ObserverCountsByName {
  const counts = new Map(observers.map((observer) => [observer.name, observer]));
  const named = observers.reduce((total, { errors }) => total + errors, 0);
  if (observerErrors <= named) return counts;
  const { errors = 0, drops = 0 } = counts.get(namelessName) ?? {};
  return new Map<string, Pick<ObserverHealth, "errors" | "drops">>([
    ...counts,
    [namelessName, { errors: errors + observerErrors - named, drops }],
  ]);
}

const maxNames = 32;
const restName = "other";
const namelessName = "unnamed";
