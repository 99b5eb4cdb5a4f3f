import type { AuditEntry } from "../audit/audit-entry.ts";
import type { RolloutState } from "../engine/state.ts";
import type { ReplicaEvidence, RolloutStore } from "./store.ts";

/** Options of {@link createMemoryStore}. */
export interface MemoryStoreOptions {
  /** What time it is, in milliseconds since the Unix epoch. Default `Date.now`. */
  readonly now?: (() => number) | undefined;
}

interface Held {
  state: RolloutState | undefined;
  readonly audit: AuditEntry[];
  readonly evidence: Map<string, ReplicaEvidence>;
  readonly listeners: Set<() => void>;
}

/** A store in the memory of this process: for one replica, and for tests. What it holds ends with the process. */
export function createMemoryStore({ now = Date.now }: MemoryStoreOptions = {}): RolloutStore {
  const rollouts = new Map<string, Held>();
  const holdOf = (rollout: string): Held => {
    let held = rollouts.get(rollout);
    if (held === undefined) {
      held = { state: undefined, audit: [], evidence: new Map(), listeners: new Set() };
      rollouts.set(rollout, held);
    }
    return held;
  };

  return {
    async read(rollout, options) {
      options?.signal?.throwIfAborted();
      const { state, audit } = holdOf(rollout);
      const last = audit.at(-1);
      return { state, head: last && { sequence: last.sequence, hash: last.hash }, now: now() };
    },

    async compareAndSet(rollout, { expectedRevision, state, entry }, options) {
      options?.signal?.throwIfAborted();
      const held = holdOf(rollout);
      if ((held.state?.revision ?? 0) !== expectedRevision) return false;
      held.state = structuredClone(state);
      if (entry !== undefined) held.audit.push(structuredClone(entry));
      for (const listener of held.listeners) queueMicrotask(listener);
      return true;
    },

    async *readAudit(rollout, { from = 1, signal } = {}) {
      for (const entry of holdOf(rollout).audit.slice()) {
        signal?.throwIfAborted();
        if (entry.sequence >= from) yield structuredClone(entry);
      }
    },

    async putEvidence(rollout, evidence, options) {
      options?.signal?.throwIfAborted();
      holdOf(rollout).evidence.set(evidence.replica, structuredClone(evidence));
    },

    async readEvidence(rollout, stageRevision, options) {
      options?.signal?.throwIfAborted();
      const all = [...holdOf(rollout).evidence.values()];
      return structuredClone(all.filter((evidence) => evidence.stageRevision === stageRevision));
    },

    subscribe(rollout, listener) {
      const { listeners } = holdOf(rollout);
      // The same function may listen twice.
      const own = (): void => listener();
      listeners.add(own);
      return () => listeners.delete(own);
    },

    async close() {
      rollouts.clear();
    },
  };
}
