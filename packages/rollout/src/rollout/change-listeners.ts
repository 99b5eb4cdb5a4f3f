import type { RolloutState } from "../engine/state.ts";
import { type RolloutChange, typeOfChange } from "./change.ts";
import type { RolloutStatus } from "./status.ts";

/** Who wants to hear of newer states. */
export class ChangeListeners {
  readonly #listeners: Set<(change: RolloutChange) => void> = new Set();

  /** Gives what takes it off again. */
  add(listener: (change: RolloutChange) => void): () => void {
    // The same function may listen twice.
    const own = (change: RolloutChange): void => listener(change);
    this.#listeners.add(own);
    return () => void this.#listeners.delete(own);
  }

  tell(before: RolloutState, state: RolloutState, describe: (state: RolloutState) => RolloutStatus): void {
    if (this.#listeners.size === 0) return;
    const change = { type: typeOfChange(before, state), state, status: describe(state) };
    for (const listener of this.#listeners) {
      try {
        listener(change);
      } catch {
        // A listener's trouble is never the rollout's.
      }
    }
  }
}
