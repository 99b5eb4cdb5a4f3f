import { step } from "../engine/step.ts";
import { type AuditEntry, genesisHash, hashOf } from "./audit-entry.ts";
import { digestOf } from "./canonical-json.ts";

/** What {@link verifyAudit} found. */
export type AuditVerification =
  | { readonly isValid: true; readonly entries: number; readonly hash: string }
  | { readonly isValid: false; readonly entries: number; readonly problem: AuditProblem };

/** The first thing that is wrong with an audit log. */
export interface AuditProblem {
  /** The entry's `sequence`, or the one that it ought to have. */
  readonly sequence: number;
  /**
   * - `missing`: an entry before it was left out, or its place was changed.
   * - `changed`: its content is not what its hash says.
   * - `unlinked`: it does not follow from the entry before it.
   * - `not-reproducible`: its event does not lead to its outcome.
   */
  readonly kind: "missing" | "changed" | "unlinked" | "not-reproducible";
}

/**
 * Reads an audit log and holds it to its hashes: that no entry was changed, added or left out in
 * the middle. Whether some are missing at the end is told by the `hash` of the last one, kept
 * elsewhere. With `replay`, each decision is also made again from what it was made from.
 */
export async function verifyAudit(
  entries: AsyncIterable<AuditEntry> | Iterable<AuditEntry>,
  { replay = true }: { readonly replay?: boolean | undefined } = {},
): Promise<AuditVerification> {
  let count = 0;
  let previousHash = genesisHash;
  for await (const entry of entries) {
    const kind = await findProblem(entry, count + 1, previousHash, replay);
    if (kind !== undefined) return { isValid: false, entries: count, problem: { sequence: count + 1, kind } };
    count += 1;
    previousHash = entry.hash;
  }
  return { isValid: true, entries: count, hash: previousHash };
}

async function findProblem(
  entry: AuditEntry,
  sequence: number,
  previousHash: string,
  replay: boolean,
): Promise<AuditProblem["kind"] | undefined> {
  if (entry.sequence !== sequence) return "missing";
  if ((await hashOf(entry)) !== entry.hash) return "changed";
  if (entry.previousHash !== previousHash) return "unlinked";
  return replay && !(await leadsToItsOutcome(entry)) ? "not-reproducible" : undefined;
}

async function leadsToItsOutcome({ before, event, at, stateDigest }: AuditEntry): Promise<boolean> {
  try {
    return (await digestOf(step(before, event, at).state)) === stateDigest;
  } catch {
    // What cannot be applied at all was not applied then.
    return false;
  }
}
