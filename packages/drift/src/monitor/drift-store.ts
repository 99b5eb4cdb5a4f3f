/**
 * A key-value store that replicas share. All three have to be atomic for each key, as they are in Redis.
 */
export interface DriftStore {
  /** The value; `undefined` or `null` where there is none. */
  get(key: string): Promise<string | null | undefined>;
  /** Sets a value that may be forgotten after `ttlMs` milliseconds. */
  set(key: string, value: string, options: { readonly ttlMs: number }): Promise<unknown>;
  /** Adds 1 to a whole number, 0 at first, and gives the sum. It may be forgotten after `ttlMs`, if given. */
  increment(key: string, options?: { readonly ttlMs?: number }): Promise<number>;
}

/** A store for monitors of one process, and for tests. */
export class MemoryDriftStore implements DriftStore {
  readonly #entries = new Map<string, { readonly value: string; readonly until: number }>();
  readonly #now: () => number;

  constructor({ now = Date.now }: { readonly now?: () => number } = {}) {
    this.#now = now;
  }

  get(key: string): Promise<string | undefined> {
    return Promise.resolve(this.#read(key));
  }

  set(key: string, value: string, { ttlMs }: { readonly ttlMs: number }): Promise<void> {
    this.#forget();
    this.#entries.set(key, { value, until: this.#now() + ttlMs });
    return Promise.resolve();
  }

  increment(key: string, { ttlMs = Infinity }: { readonly ttlMs?: number } = {}): Promise<number> {
    const sum = Number(this.#read(key) ?? 0) + 1;
    this.#entries.set(key, { value: String(sum), until: this.#now() + ttlMs });
    return Promise.resolve(sum);
  }

  #read(key: string): string | undefined {
    const entry = this.#entries.get(key);
    return entry !== undefined && entry.until > this.#now() ? entry.value : undefined;
  }

  #forget(): void {
    for (const [key, { until }] of this.#entries) if (until <= this.#now()) this.#entries.delete(key);
  }
}
