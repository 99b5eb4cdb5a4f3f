import { mergeProfiles } from "../profile/merge-profiles.ts";
import { parseProfile, profileToJson } from "../profile/profile-json.ts";
import type { Profile } from "../profile/profile.ts";
import { checkSameCells } from "../profile/same-cells.ts";
import type { DriftStore } from "./drift-store.ts";
import type { DriftMonitorState } from "./monitor-state.ts";

/** A window's counters in one process. */
export interface CountedWindow {
  readonly from: number;
  readonly profile: Profile;
}

/**
 * Each replica keeps its counters of a window under a number of its own, and writes them anew each time:
 * nothing is counted twice, however often it is published, and what a replica counted before it
 * died stays.
 */
export class ReplicaCounters {
  readonly #slots = new Map<string, DriftMonitorState["slots"][number]>();
  #last: Promise<void> = Promise.resolve();

  constructor(slots: DriftMonitorState["slots"] = []) {
    for (const slot of slots) this.#slots.set(windowKey(slot.key, slot.from), slot);
  }

  /** Writes the windows, one publication after the other. */
  publish(store: DriftStore, key: string, windows: readonly CountedWindow[], ttlMs: number): Promise<void> {
    // Two at once would take two numbers for one process.
    const publication = this.#last.then(() => this.#write(store, key, windows, ttlMs));
    this.#last = publication.catch(() => undefined);
    return publication;
  }

  toJson(): DriftMonitorState["slots"] {
    return [...this.#slots.values()];
  }

  async #write(
    store: DriftStore,
    key: string,
    windows: readonly CountedWindow[],
    ttlMs: number,
  ): Promise<void> {
    const earliest = Math.min(...windows.map(({ from }) => from));
    for (const [at, slot] of this.#slots) {
      if (slot.key === key && slot.from < earliest) this.#slots.delete(at);
    }
    for (const { from, profile } of windows) {
      const at = windowKey(key, from);
      let slot = this.#slots.get(at)?.slot;
      if (slot === undefined) {
        slot = await store.increment(`${at}:replicas`, { ttlMs });
        this.#slots.set(at, { key, from, slot });
      }
      await store.set(`${at}:${slot}`, JSON.stringify(profileToJson(profile)), { ttlMs });
    }
  }
}

/**
 * All replicas' counters of a window, added up; `undefined` where none was published.
 *
 * @throws InvalidProfileError `INVALID_PROFILE` for what is no profile.
 * @throws IncompatibleProfilesError `INCOMPATIBLE_PROFILES` for one of another reference.
 */
export async function collectWindow(
  store: DriftStore,
  key: string,
  from: number,
  reference: Profile,
): Promise<Profile | undefined> {
  const at = windowKey(key, from);
  const replicas = Number((await store.get(`${at}:replicas`)) ?? 0);
  const profiles: Profile[] = [];
  for (let slot = 1; slot <= replicas; slot += 1) {
    const text = await store.get(`${at}:${slot}`);
    // A replica that took a number, and has not written yet.
    if (text !== null && text !== undefined) profiles.push(parseProfile(text));
  }
  const [first, ...others] = profiles;
  if (first === undefined) return undefined;
  for (const profile of profiles) checkSameCells(reference, profile);
  return mergeProfiles(first, ...others);
}

/** How often the replicas have looked together, this time included. */
export function nextLook(store: DriftStore, key: string): Promise<number> {
  return store.increment(`${key}:looks`);
}

function windowKey(key: string, from: number): string {
  return `${key}:${from}`;
}
