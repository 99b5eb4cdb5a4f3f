import type { OnnxInferenceSession, OnnxResults, OnnxValueMetadata } from "./runtime.ts";
import type { Lock } from "./thread-lock.ts";

/** A session that runs and is released under a lock. */
export class ExclusiveSession implements OnnxInferenceSession {
  readonly inputMetadata: readonly OnnxValueMetadata[];
  readonly outputMetadata: readonly OnnxValueMetadata[];
  readonly #session: OnnxInferenceSession;
  readonly #lock: Lock;

  constructor(session: OnnxInferenceSession, lock: Lock) {
    this.inputMetadata = session.inputMetadata;
    this.outputMetadata = session.outputMetadata;
    this.#session = session;
    this.#lock = lock;
  }

  run(feeds: Readonly<Record<string, never>>, fetches: readonly string[]): Promise<OnnxResults> {
    return this.#lock.run(() => this.#session.run(feeds, fetches));
  }

  release(): Promise<void> {
    return this.#lock.run(() => this.#session.release());
  }
}
