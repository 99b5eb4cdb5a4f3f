import type { RolloutEvent } from "../engine/event.ts";
import type { RolloutState } from "../engine/state.ts";
import type { Transition } from "../engine/step.ts";
import { digestOf } from "./canonical-json.ts";

/** One change of a rollout, as it is kept for ever. Each holds the hash of the one before: none can be changed or left out unseen. */
export interface AuditEntry {
  /** 1 for the first entry of a rollout, and one more for each. */
  readonly sequence: number;
  /** When, in milliseconds since the Unix epoch. */
  readonly at: number;
  readonly rollout: string;
  /** What changed. */
  readonly type: Transition["type"];
  /** Who or what changed it. */
  readonly actor: string;
  /** Why, in words. */
  readonly reason: string;
  /** The revision that it led to. */
  readonly revision: number;
  readonly epoch: number;
  /** The stable version and the candidate after it; `null` for none. */
  readonly stable: string | null;
  readonly candidate: string | null;
  /** The digest of the policy under which it happened; `null` for none. */
  readonly policyDigest: string | null;
  /** The state that it was decided in. */
  readonly before: RolloutState;
  /** What it was decided from: applied to `before`, it leads to the state of `stateDigest` again. */
  readonly event: RolloutEvent;
  /** The digest of the state that it led to. */
  readonly stateDigest: string;
  /** The `hash` of the entry before; of the first, 64 zeros. */
  readonly previousHash: string;
  /** The SHA-256 of all the above, as canonical JSON. */
  readonly hash: string;
}

/** What stands before the first entry. */
export const genesisHash: string = "0".repeat(64);

/** Where a rollout's audit log ends. */
export interface AuditHead {
  readonly sequence: number;
  readonly hash: string;
}

/** What {@link createAuditEntry} is made of. */
export interface AuditRecord {
  readonly rollout: string;
  readonly before: RolloutState;
  readonly after: RolloutState;
  readonly event: RolloutEvent;
  readonly transition: Transition;
  /** The last entry before it; `undefined` for none. */
  readonly head: AuditHead | undefined;
}

/** The entry for a change. */
export async function createAuditEntry(record: AuditRecord): Promise<AuditEntry> {
  const { rollout, before, after, event, transition, head } = record;
  const policy = after.run?.policy ?? before.run?.policy;
  const content = {
    sequence: (head?.sequence ?? 0) + 1,
    at: after.clock,
    rollout,
    type: transition.type,
    actor: transition.actor,
    reason: transition.reason,
    revision: after.revision,
    epoch: after.epoch,
    stable: after.stable,
    candidate: after.run?.candidate ?? null,
    policyDigest: policy === undefined ? null : await digestOf(policy),
    before,
    event,
    stateDigest: await digestOf(after),
    previousHash: head?.hash ?? genesisHash,
  };
  return { ...content, hash: await digestOf(content) };
}

/** The hash that an entry ought to have. */
export async function hashOf(entry: AuditEntry): Promise<string> {
  return digestOf({ ...entry, hash: undefined });
}
