import { InvalidOptionsError } from "../errors/invalid-options-error.ts";
import { MemoryBudgetError } from "../errors/memory-budget-error.ts";

/** A model that takes part in a {@link MemoryBudget}. */
export interface MemoryUser {
  /** Its name, for errors. */
  readonly model: string;
  /** Bytes that are accounted to it. */
  readonly bytes: number;
  /** Whether it has requests. */
  readonly isBusy: boolean;
  /** Milliseconds since the Unix epoch. */
  readonly lastUsedAt: number;
  /** Lets it finish what it has, and frees it. Requests that come then wait for it to be loaded again. */
  unload(): Promise<void>;
}

/** The bytes that several models share. Who has not been used for longest makes room. */
export class MemoryBudget {
  readonly limitBytes: number;
  #usedBytes = 0;
  readonly #users = new Set<MemoryUser>();
  #lastTurn: Promise<unknown> = Promise.resolve();

  /** @throws InvalidOptionsError `INVALID_OPTIONS` when the limit is not above 0. */
  constructor(limitBytes: number = Infinity) {
    if (!(limitBytes > 0)) {
      throw new InvalidOptionsError({
        option: "memoryBudgetBytes",
        problem: `is ${String(limitBytes)}; it has to be a number of bytes above 0`,
      });
    }
    this.limitBytes = limitBytes;
  }

  /** Bytes that are in use or held for a model that is being loaded. */
  get usedBytes(): number {
    return this.#usedBytes;
  }

  add(user: MemoryUser): void {
    this.#users.add(user);
  }

  remove(user: MemoryUser): void {
    this.#users.delete(user);
  }

  /**
   * Does `load` when nobody else loads, where there is a limit: two that each hold a part of the
   * room and wait for the rest would wait for ever.
   */
  inTurn<Value>(load: () => Promise<Value>): Promise<Value> {
    if (this.limitBytes === Infinity) return load();
    const turn = this.#lastTurn.then(load);
    this.#lastTurn = turn.catch(() => {});
    return turn;
  }

  /**
   * Accounts `bytes` more to `user`, once others have made room. Only in turn.
   *
   * @param keep - A model that must not go for it: the one that it is to replace.
   * @throws MemoryBudgetError `MEMORY_BUDGET_EXCEEDED` when there is not so much however many others go.
   */
  async take(user: MemoryUser, bytes: number, keep: MemoryUser | undefined): Promise<void> {
    while (this.#usedBytes + bytes > this.limitBytes) {
      const victim = this.#leastRecentlyUsed(user, keep);
      if (victim === undefined) throw this.tooSmall(user, bytes, keep);
      await victim.unload();
    }
    this.#usedBytes += bytes;
  }

  /** As `take`, at any time and without waiting for anybody: whoever has requests stays. */
  async tryTake(user: MemoryUser, bytes: number): Promise<void> {
    while (this.#usedBytes + bytes > this.limitBytes) {
      const victim = this.#leastRecentlyUsed(user, undefined);
      if (victim === undefined || victim.isBusy) throw this.tooSmall(user, bytes, undefined);
      await victim.unload();
    }
    this.#usedBytes += bytes;
  }

  give(bytes: number): void {
    this.#usedBytes -= bytes;
  }

  /** The error of a model that does not fit. */
  tooSmall(user: MemoryUser, bytes: number, keep: MemoryUser | undefined): MemoryBudgetError {
    return new MemoryBudgetError({
      model: user.model,
      neededBytes: user.bytes + bytes,
      besideBytes: keep?.bytes ?? 0,
      memoryBudgetBytes: this.limitBytes,
    });
  }

  /** One without requests before one with, and then who was last used first. */
  #leastRecentlyUsed(...kept: readonly (MemoryUser | undefined)[]): MemoryUser | undefined {
    let least: MemoryUser | undefined;
    for (const user of this.#users) {
      if (user.bytes === 0 || kept.includes(user)) continue;
      if (least === undefined || isBefore(user, least)) least = user;
    }
    return least;
  }
}

function isBefore(one: MemoryUser, other: MemoryUser): boolean {
  if (one.isBusy !== other.isBusy) return other.isBusy;
  return one.lastUsedAt < other.lastUsedAt;
}
