/** How the observers of one name fare. */
export interface ObserverHealth {
  readonly name: string;
  /** How many observe under this name, now. */
  readonly observing: number;
  /** Events on their hands, now: those that wait for them, and those whose promise has not settled. */
  readonly pending: number;
  /** How often they threw or rejected. */
  readonly errors: number;
  /** Events that they did not hear of, because as many as they allow were on their hands. */
  readonly drops: number;
}

/** The counts of the observers of one name, of those too that observe no more. */
export interface ObserverCounts {
  readonly name: string;
  observing: number;
  pending: number;
  errors: number;
  drops: number;
}

/** Counts by name. However many names come and go, it keeps at most {@link maxNames} of them, and one for the rest. */
export class ObserverAccount {
  readonly #byName = new Map<string, ObserverCounts>();

  /** The counts that an observer of this name is to keep. */
  open(name: string): ObserverCounts {
    const counts = this.#byName.get(name) ?? this.#create(name);
    counts.observing += 1;
    return counts;
  }

  /** How each name fares, in the order in which they came. */
  read(): ObserverHealth[] {
    return Array.from(this.#byName.values(), (counts) => ({ ...counts }));
  }

  #create(name: string): ObserverCounts {
    if (this.#byName.size >= maxNames) this.#forgetBlameless();
    const kept = this.#byName.size < maxNames ? name : restName;
    const counts = this.#byName.get(kept) ?? { name: kept, observing: 0, pending: 0, errors: 0, drops: 0 };
    this.#byName.set(kept, counts);
    return counts;
  }

  /** Makes room: nothing is lost with those who are gone and have nothing to their account. */
  #forgetBlameless(): void {
    for (const [name, { observing, pending, errors, drops }] of this.#byName) {
      if (observing + pending + errors + drops === 0) this.#byName.delete(name);
    }
  }
}

/** The health of several accounts together: names that occur in more than one are added up. */
export function mergeObserverHealth(accounts: readonly (readonly ObserverHealth[])[]): ObserverHealth[] {
  const byName = new Map<string, ObserverCounts>();
  for (const { name, observing, pending, errors, drops } of accounts.flat()) {
    const sum = byName.get(name) ?? { name, observing: 0, pending: 0, errors: 0, drops: 0 };
    sum.observing += observing;
    sum.pending += pending;
    sum.errors += errors;
    sum.drops += drops;
    byName.set(name, sum);
  }
  return [...byName.values()];
}

const maxNames = 32;
/** The name under which those are counted that came when there were {@link maxNames} others. */
const restName = "other";
