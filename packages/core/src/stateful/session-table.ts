import type { Environment } from "../environment.ts";
import { OverloadedError } from "../errors/overloaded-error.ts";
import { StatefulSession } from "./session.ts";
import type { StatefulLimits } from "./stateful-options.ts";

/** What sessions there are, and how those that nobody ended have gone. */
export interface SessionCounts {
  /** Sessions whose state is kept. */
  readonly sessions: number;
  /** Sessions that were forgotten to make room. */
  readonly evictions: number;
  /** Sessions that were found to have been idle for too long. */
  readonly expirations: number;
}

/** What a {@link SessionTable} is told. */
export interface SessionTableOptions extends Pick<
  StatefulLimits,
  "maxSessions" | "idleTimeoutMs" | "whenFull"
> {
  /** The name of the model, for errors. */
  readonly model: string;
  readonly environment: Environment;
}

/** Sessions by key, as many as are allowed. */
export class SessionTable {
  readonly #options: SessionTableOptions;
  /** In the order of their last use. */
  readonly #sessions = new Map<string, StatefulSession>();
  #evictions = 0;
  #expirations = 0;

  constructor(options: SessionTableOptions) {
    this.#options = options;
  }

  get counts(): SessionCounts {
    return { sessions: this.#sessions.size, evictions: this.#evictions, expirations: this.#expirations };
  }

  /**
   * The session of a key, a new one where there is none.
   *
   * @throws OverloadedError `OVERLOADED` when there is no room for a new one.
   */
  open(key: string): StatefulSession {
    const now = this.#options.environment.now();
    const known = this.#sessions.get(key);
    if (known !== undefined && !this.#isExpired(known, now)) {
      this.touch(known);
      return known;
    }
    this.#expire(now);
    if (this.#sessions.size >= this.#options.maxSessions) this.#makeRoom(now);
    const session = new StatefulSession(key, now);
    this.#sessions.set(key, session);
    return session;
  }

  /** Notes that a session has been used just now. */
  touch(session: StatefulSession): void {
    if (this.#sessions.get(session.key) !== session) return;
    session.lastUsedAt = this.#options.environment.now();
    this.#sessions.delete(session.key);
    this.#sessions.set(session.key, session);
  }

  /** Lets go of a session that came to nothing: no step of it has succeeded, and none is left. */
  releaseUnused(session: StatefulSession): void {
    const isUnused = session.states === undefined && session.isIdle;
    if (isUnused && this.#sessions.get(session.key) === session) this.#sessions.delete(session.key);
  }

  /** Forgets the session of a key; whether there was one. Steps that it has got go on with its state. */
  end(key: string): boolean {
    return this.#sessions.delete(key);
  }

  clear(): void {
    this.#sessions.clear();
  }

  #isExpired(session: StatefulSession, now: number): boolean {
    return session.isIdle && now - session.lastUsedAt >= this.#options.idleTimeoutMs;
  }

  #expire(now: number): void {
    for (const session of this.#sessions.values()) {
      if (now - session.lastUsedAt < this.#options.idleTimeoutMs) break;
      if (!this.#isExpired(session, now)) continue;
      this.#sessions.delete(session.key);
      this.#expirations += 1;
    }
  }

  #makeRoom(now: number): void {
    const { model, whenFull, idleTimeoutMs } = this.#options;
    let oldest: StatefulSession | undefined;
    for (const session of this.#sessions.values()) {
      if (!session.isIdle) continue;
      oldest = session;
      break;
    }
    if (whenFull === "evict" && oldest !== undefined) {
      this.#sessions.delete(oldest.key);
      this.#evictions += 1;
      return;
    }
    const expiresAt = oldest === undefined ? Infinity : oldest.lastUsedAt + idleTimeoutMs;
    const retryAfterMs = Number.isFinite(expiresAt) ? expiresAt - now : defaultRetryAfterMs;
    throw new OverloadedError({ model, reason: "sessions-full", retryAfterMs });
  }
}

/** Sessions end when their callers end them, of which nobody knows the time. */
const defaultRetryAfterMs = 1_000;
