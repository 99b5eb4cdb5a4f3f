import { InvalidOptionsError } from "@mlops/core";

import { readJsonLines, type TextSource } from "../ndjson/read-json-lines.ts";
import type { AuditEntry } from "./audit-entry.ts";

export { type AuditDifference, type AuditReplay, replayAudit } from "./replay-audit.ts";
export type { TextSource } from "../ndjson/read-json-lines.ts";

/**
 * An audit log as newline-delimited JSON: one line for each entry, with its line break.
 *
 * @example
 * ```ts
 * await writeFile("audit.ndjson", exportAudit(rollout.audit()));
 * ```
 */
export async function* exportAudit(
  entries: AsyncIterable<AuditEntry> | Iterable<AuditEntry>,
): AsyncGenerator<string> {
  for await (const entry of entries) yield `${JSON.stringify(entry)}\n`;
}

/**
 * Reads what {@link exportAudit} wrote. Whether it was changed since is told by `verifyAudit`.
 *
 * @throws InvalidOptionsError `INVALID_OPTIONS` with the line that is no entry.
 */
export async function* readAudit(source: TextSource): AsyncGenerator<AuditEntry> {
  for await (const { line, value } of readJsonLines(source)) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, "hash")) {
      throw new InvalidOptionsError({ option: "source", problem: `has no audit entry in line ${line}` });
    }
    yield value as AuditEntry; // Its hashes hold it to its form.
  }
}
