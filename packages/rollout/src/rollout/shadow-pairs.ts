/** The answers of both versions to one request. */
export interface ShadowPair {
  /** The stage that they were given in. */
  readonly stageRevision: number;
  readonly output: unknown;
  readonly live: unknown;
}

/** The latest pairs of a shadow's answers and the live ones, by key, until it is told what was right. */
export class ShadowPairs {
  readonly #maxPairs: number;
  readonly #byKey = new Map<string, ShadowPair>();

  constructor(maxPairs: number) {
    this.#maxPairs = maxPairs;
  }

  /** Keeps a pair; a later one of the key takes its place. The oldest makes room. */
  add(key: string, pair: ShadowPair): void {
    this.#byKey.delete(key);
    if (this.#byKey.size >= this.#maxPairs) {
      for (const oldest of this.#byKey.keys()) {
        this.#byKey.delete(oldest);
        break;
      }
    }
    if (this.#maxPairs > 0) this.#byKey.set(key, pair);
  }

  /** A key's pair of this stage, which counts once. */
  take(key: string, stageRevision: number): ShadowPair | undefined {
    const pair = this.#byKey.get(key);
    this.#byKey.delete(key);
    return pair?.stageRevision === stageRevision ? pair : undefined;
  }
}
