/** What a {@link ByteLru} has done so far, and holds now. */
export interface ByteLruStats {
  readonly entries: number;
  /** What the entries count for together; never above the bound. */
  readonly bytes: number;
  /** Entries that left to make room. */
  readonly evictions: number;
  /** Entries that were found too old. */
  readonly expirations: number;
}

interface Entry<Value> {
  readonly value: Value;
  readonly bytes: number;
  readonly expiresAt: number;
}

/** Values by key, as many as fit into a number of bytes: the one that was used least recently leaves first. */
export class ByteLru<Value> {
  readonly #maxBytes: number;
  /** In the order of their last use. */
  readonly #entries = new Map<string, Entry<Value>>();
  #bytes = 0;
  #evictions = 0;
  #expirations = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get stats(): ByteLruStats {
    return {
      entries: this.#entries.size,
      bytes: this.#bytes,
      evictions: this.#evictions,
      expirations: this.#expirations,
    };
  }

  /** The value in a box, as it may itself be `undefined`; no box where there is none that lives at `now`. */
  get(key: string, now: number): { readonly value: Value } | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    this.#remove(key, entry);
    if (entry.expiresAt <= now) {
      this.#expirations += 1;
      return undefined;
    }
    this.#add(key, entry);
    return entry;
  }

  /** Keeps a value, unless it is larger than the whole. */
  set(key: string, value: Value, bytes: number, expiresAt: number): void {
    const replaced = this.#entries.get(key);
    if (replaced !== undefined) this.#remove(key, replaced);
    if (bytes > this.#maxBytes) return;
    for (const [oldest, entry] of this.#entries) {
      if (this.#bytes + bytes <= this.#maxBytes) break;
      this.#remove(oldest, entry);
      this.#evictions += 1;
    }
    this.#add(key, { value, bytes, expiresAt });
  }

  clear(): void {
    this.#entries.clear();
    this.#bytes = 0;
  }

  #add(key: string, entry: Entry<Value>): void {
    this.#entries.set(key, entry);
    this.#bytes += entry.bytes;
  }

  #remove(key: string, entry: Entry<Value>): void {
    this.#entries.delete(key);
    this.#bytes -= entry.bytes;
  }
}
