import type { Artifact, ReadOptions } from "../artifact/artifact.ts";
import type { Session } from "../backend/session.ts";
import type { MemoryBudget, MemoryUser } from "./memory-budget.ts";

/** The memory of one session: what was read for it, or what it says of itself. */
export interface SessionMemory {
  /** The artifact to load the session from. What is read is handed out once there is room for it. */
  meter(artifact: Artifact): Artifact;
  /** Takes the session's own word, where it has one. */
  settle(session: Pick<Session, "memoryBytes">): Promise<void>;
  /** The session is gone. A second call does nothing. */
  release(): void;
}

/** The memory of one model, in all its sessions. */
export class MemoryAccount {
  readonly #budget: MemoryBudget;
  readonly #user: MemoryUser;
  #bytes = 0;
  /** Room that was made before anything was read. */
  #heldBytes = 0;
  /** What closes the account of each session. */
  readonly #claims = new Set<() => void>();
  #growths = 0;
  #takesTurn = false;
  #keep: MemoryUser | undefined;

  constructor(budget: MemoryBudget, user: MemoryUser) {
    this.#budget = budget;
    this.#user = user;
  }

  /** Bytes of all sessions, and what is held for them. */
  get bytes(): number {
    return this.#bytes + this.#heldBytes;
  }

  /** Whether a session is on its way that is to be there beside the first ones. */
  get isGrowing(): boolean {
    return this.#growths > 0;
  }

  /**
   * Does `load` when it is its turn, with room for `expectedBytes`.
   *
   * @param keep - The model that it replaces, which must not go for it.
   */
  load<Value>(
    expectedBytes: number,
    keep: MemoryUser | undefined,
    load: () => Promise<Value>,
  ): Promise<Value> {
    return this.#budget.inTurn(async () => {
      this.#takesTurn = true;
      this.#keep = keep;
      try {
        await this.#budget.take(this.#user, expectedBytes, keep);
        this.#heldBytes = expectedBytes;
        return await load();
      } finally {
        this.#budget.give(this.#heldBytes);
        this.#heldBytes = 0;
        this.#takesTurn = false;
        this.#keep = undefined;
      }
    });
  }

  /** Opens the account of one more session. */
  claim(): SessionMemory {
    let bytes = 0;
    let isReleased = false;
    const release = (): void => {
      if (isReleased) return;
      isReleased = true;
      this.#claims.delete(release);
      this.#bytes -= bytes;
      this.#budget.give(bytes);
    };
    this.#claims.add(release);
    const change = async (byBytes: number): Promise<void> => {
      if (isReleased) return;
      await this.#change(byBytes);
      bytes += byBytes;
    };
    return {
      meter: (artifact) => this.#meter(artifact, change),
      settle: async ({ memoryBytes = bytes }) => change(memoryBytes - bytes),
      release,
    };
  }

  /** The model is gone, with all its sessions. */
  releaseAll(): void {
    for (const release of Array.from(this.#claims)) release();
  }

  async #change(byBytes: number): Promise<void> {
    const held = Math.max(Math.min(this.#heldBytes, byBytes), 0);
    this.#heldBytes -= held;
    this.#bytes += held;
    const more = byBytes - held;
    if (more > 0 && this.#takesTurn) await this.#budget.take(this.#user, more, this.#keep);
    else if (more > 0) await this.#grow(more);
    else this.#budget.give(-more);
    this.#bytes += more;
  }

  async #grow(bytes: number): Promise<void> {
    this.#growths += 1;
    try {
      await this.#budget.tryTake(this.#user, bytes);
    } finally {
      this.#growths -= 1;
    }
  }

  #meter(artifact: Artifact, add: (bytes: number) => Promise<void>): Artifact {
    return {
      location: artifact.location,
      read: async ({ onProgress, ...options }: ReadOptions = {}) => {
        const bytes = await artifact.read({
          ...options,
          onProgress: (progress) => {
            const { totalBytes = progress.loadedBytes } = progress;
            // What cannot fit is not read to its end.
            if (totalBytes > this.#budget.limitBytes)
              throw this.#budget.tooSmall(this.#user, totalBytes, this.#keep);
            onProgress?.(progress);
          },
        });
        await add(bytes.byteLength);
        return bytes;
      },
      sibling: (path) => this.#meter(artifact.sibling(path), add),
    };
  }
}
