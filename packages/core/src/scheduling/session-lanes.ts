import type { Session } from "../backend/session.ts";
import type { Lane, Lanes } from "./lane.ts";

/**
 * One session: one batch at a time, or, where it supports parallel runs, any number of them.
 */
export class SessionLanes implements Lanes {
  onFree: () => void = () => {};
  onStuck: (error: unknown) => void = () => {};
  readonly #session: Session;
  /** Lanes that are not in use; there are no more than ever ran at once. */
  readonly #free: Lane[] = [];
  #taken = 0;

  constructor(session: Session) {
    this.#session = session;
  }

  readonly size = 1;

  get freeCount(): number {
    return this.#session.supportsParallelRuns || this.#taken === 0 ? 1 : 0;
  }

  take(): Lane | undefined {
    if (this.freeCount === 0) return undefined;
    this.#taken += 1;
    return this.#free.pop() ?? { session: this.#session, kind: "inline", memory: new Map() };
  }

  free(lane: Lane): void {
    this.#taken -= 1;
    this.#free.push(lane);
    this.onFree();
  }

  async release(): Promise<void> {
    await this.#session.release();
  }
}
