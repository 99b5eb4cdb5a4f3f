import type { AuditEntry, AuditHead } from "../audit/audit-entry.ts";
import type { RolloutState } from "../engine/state.ts";

/**
 * Where the state of rollouts lives: the one thing that replicas share. A store holds several
 * rollouts, by name.
 *
 * An implementation passes `describeStore` of `@mlops/rollout/testing`.
 */
export interface RolloutStore {
  /** What is stored, and what time it is for all who share the store. */
  read(rollout: string, options?: StoreOptions): Promise<StoredRollout>;

  /**
   * Writes the next state and the audit entry that tells of it, both or neither, if the stored
   * revision is still `expectedRevision` (0 where nothing is stored).
   *
   * @returns Whether it was written. `false`: somebody else was first; read again.
   */
  compareAndSet(rollout: string, change: StateChange, options?: StoreOptions): Promise<boolean>;

  /** The audit entries, in order, from the one with this sequence number on. Default from the first. */
  readAudit(
    rollout: string,
    options?: StoreOptions & { readonly from?: number | undefined },
  ): AsyncIterable<AuditEntry>;

  /**
   * Leaves what one replica has counted in a stage where the others find it. It takes the place of
   * what the replica left before.
   */
  putEvidence(rollout: string, evidence: ReplicaEvidence, options?: StoreOptions): Promise<void>;

  /** What all replicas have left for a stage; nothing of other stages. */
  readEvidence(rollout: string, stageRevision: number, options?: StoreOptions): Promise<ReplicaEvidence[]>;

  /**
   * Calls `listener` soon after another state was written. Absent: replicas have to ask.
   *
   * @returns What ends it.
   */
  subscribe?(rollout: string, listener: () => void): () => void;

  /** Frees what it holds of its own. What it was given stays open. */
  close(): Promise<void>;
}

/** Options of every call. */
export interface StoreOptions {
  /** Gives the call up. A write may have been made all the same. */
  readonly signal?: AbortSignal | undefined;
}

/** What {@link RolloutStore.read} gives. */
export interface StoredRollout {
  /** `undefined` where nothing is stored. */
  readonly state: RolloutState | undefined;
  /** The last audit entry; `undefined` where there is none. */
  readonly head: AuditHead | undefined;
  /**
   * Milliseconds since the Unix epoch, by the clock that all replicas share where the store has
   * one. Decisions go by it, so that no replica's own clock moves a rollout.
   */
  readonly now: number;
}

/** What {@link RolloutStore.compareAndSet} writes. */
export interface StateChange {
  readonly expectedRevision: number;
  /** Its revision is above `expectedRevision`. */
  readonly state: RolloutState;
  /** What the audit log says of it; absent where nothing of note happened. */
  readonly entry?: AuditEntry | undefined;
}

/** What one replica has counted in one stage. */
export interface ReplicaEvidence {
  /** The replica's name, which no other has. */
  readonly replica: string;
  readonly stageRevision: number;
  /** By guardrail: JSON, in the guardrail's own form. */
  readonly guardrails: Readonly<Record<string, unknown>>;
}
