import { InvalidOptionsError } from "@mlops/core";

import type { PostgresLike } from "./postgres-store.ts";

/** Where a store's tables are. */
export interface PostgresTableOptions {
  /** The schema that they are in; it has to be there. Default the connection's own, mostly `public`. */
  readonly schema?: string | undefined;
  /** What their names begin with: lower-case letters, digits and `_`, at most 40. Default `mlops_rollout`. */
  readonly prefix?: string | undefined;
}

/** The tables' names, quoted. */
export interface PostgresTables {
  readonly states: string;
  readonly audit: string;
  readonly evidence: string;
}

/**
 * Makes the tables of a store where they are not there; it may be called again, and by many replicas
 * at once. Call it where your migrations run, with a role that may create tables; the store itself
 * needs `SELECT`, `INSERT` and `UPDATE` on the first and the third, `DELETE` on the third, and on the
 * audit table only `SELECT` and `INSERT`: then the database, too, keeps anybody from changing it.
 *
 * @throws InvalidOptionsError `INVALID_OPTIONS` for a name that cannot be one.
 */
export async function createPostgresTables(
  client: PostgresLike,
  options: PostgresTableOptions = {},
): Promise<void> {
  const { states, audit, evidence } = namesOf(options);
  // Several statements in one text are one transaction; the lock keeps replicas that start together apart.
  await client.query(`
    SELECT pg_advisory_xact_lock(hashtextextended('${states.replaceAll("'", "''")}', 0));
    CREATE TABLE IF NOT EXISTS ${states} (
      rollout text PRIMARY KEY,
      revision bigint NOT NULL,
      epoch bigint NOT NULL,
      state json NOT NULL,
      head_sequence bigint,
      head_hash text
    );
    CREATE TABLE IF NOT EXISTS ${audit} (
      rollout text NOT NULL,
      sequence bigint NOT NULL,
      entry json NOT NULL,
      PRIMARY KEY (rollout, sequence)
    );
    CREATE TABLE IF NOT EXISTS ${evidence} (
      rollout text NOT NULL,
      replica text NOT NULL,
      stage_revision bigint NOT NULL,
      evidence json NOT NULL,
      left_at timestamptz NOT NULL,
      PRIMARY KEY (rollout, replica)
    );
  `);
}

/** The names of the tables, checked and quoted. */
export function namesOf({ schema, prefix = "mlops_rollout" }: PostgresTableOptions): PostgresTables {
  if (schema !== undefined) checkIdentifier("schema", schema);
  checkIdentifier("prefix", prefix);
  const place = schema === undefined ? "" : `"${schema}".`;
  const nameOf = (what: string): string => `${place}"${prefix}_${what}"`;
  return { states: nameOf("states"), audit: nameOf("audit"), evidence: nameOf("evidence") };
}

function checkIdentifier(option: string, name: string): void {
  if (/^[a-z_][a-z0-9_]{0,39}$/.test(name)) return;
  const problem = `is ${JSON.stringify(name)}; it may have lower-case letters, digits and "_", at most 40, and begins with no digit`;
  throw new InvalidOptionsError({ option, problem });
}
