import type { Environment } from "../environment.ts";
import { InvalidOptionsError } from "../errors/invalid-options-error.ts";
import type { PredictOptions } from "../predictor/predictor.ts";
import type { ByteLru } from "./byte-lru.ts";
import { SharedRun } from "./shared-run.ts";

/** What a kind of request needs to be cached. */
export interface AnswerCacheParts<Answer> {
  /** Where the answers are kept, those of other kinds too. */
  readonly store: ByteLru<unknown>;
  /** What the keys of this kind begin with, and no others. */
  readonly prefix: string;
  readonly ttlMs: number;
  readonly environment: Environment;
  readonly sizeOf: (answer: Answer) => number | Promise<number>;
  readonly copy: (answer: Answer) => Answer | Promise<Answer>;
  /** Counted up as requests come. */
  readonly counts: RequestCounts;
}

/** How requests were answered. */
export interface RequestCounts {
  hits: number;
  joins: number;
  misses: number;
  uncacheable: number;
}

/** Bytes counted for an entry besides its key and its answer. */
const entryBytes = 128;

/** One kind of request, answered from the store, from a run that is under way, or by a new run. */
export class AnswerCache<Answer> {
  readonly #parts: AnswerCacheParts<Answer>;
  readonly #runs = new Map<string, SharedRun<Answer>>();

  constructor(parts: AnswerCacheParts<Answer>) {
    this.#parts = parts;
  }

  async answer<Options extends PredictOptions>(
    inputKey: string | undefined,
    run: (options: Options) => Promise<Answer>,
    options: Options,
  ): Promise<Answer> {
    const { store, prefix, environment, copy, counts } = this.#parts;
    if (inputKey === undefined) {
      counts.uncacheable += 1;
      return run(options);
    }
    options.signal?.throwIfAborted();
    const key = prefix + inputKey;
    const hit = store.get(key, environment.now());
    if (hit !== undefined) {
      counts.hits += 1;
      // Only this cache writes under its prefix.
      return copy(hit.value as Answer);
    }
    let shared = this.#runs.get(key);
    if (shared === undefined) {
      counts.misses += 1;
      shared = this.#start(key, async (signal) => run({ ...options, signal, deadline: undefined }));
    } else {
      counts.joins += 1;
    }
    return copy(await shared.join(options.signal));
  }

  #start(key: string, run: (signal: AbortSignal) => Promise<Answer>): SharedRun<Answer> {
    const forget = (): void => {
      if (this.#runs.get(key) === shared) this.#runs.delete(key);
    };
    const shared = new SharedRun<Answer>(async (signal) => {
      try {
        const answer = await run(signal);
        await this.#keep(key, answer);
        return answer;
      } finally {
        forget();
      }
    }, forget);
    this.#runs.set(key, shared);
    return shared;
  }

  async #keep(key: string, answer: Answer): Promise<void> {
    const { store, ttlMs, environment, sizeOf } = this.#parts;
    const bytes = await sizeOf(answer);
    if (typeof bytes !== "number" || !(bytes >= 0)) {
      throw new InvalidOptionsError({
        option: "sizeOf",
        problem: `gave ${String(bytes)}; it has to give a number of bytes of at least 0`,
      });
    }
    store.set(key, answer, bytes + 2 * key.length + entryBytes, environment.now() + ttlMs);
  }
}
