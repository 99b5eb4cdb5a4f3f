import type { AuditEntry } from "../audit/audit-entry.ts";
import type { RolloutState } from "../engine/state.ts";
import { StoreFailureError } from "../errors/store-failure-error.ts";
import { checkName } from "./check-name.ts";
import { namesOf, type PostgresTableOptions } from "./postgres-tables.ts";
import type { ReplicaEvidence, RolloutStore } from "./store.ts";

export { createPostgresTables, type PostgresTableOptions } from "./postgres-tables.ts";

/** A `Pool` or a connected `Client` of the package `pg`, as far as it is called. */
export interface PostgresLike {
  query(text: string, values?: unknown[]): Promise<{ readonly rows: readonly unknown[] }>;
}

/** Options of {@link createPostgresStore}. */
export interface PostgresStoreOptions extends PostgresTableOptions {
  /** How long a replica's evidence of a stage that is over is kept, in milliseconds. Default a day. */
  readonly evidenceTtlMs?: number | undefined;
}

/** Entries that are read at a time. */
const auditPage = 100;

/**
 * A store in PostgreSQL, version 11 or later, for replicas anywhere. One statement makes each write:
 * it takes the row only at the expected revision, and adds the audit entry only where it took it, so
 * that a writer who is late changes nothing. Time is the database's own.
 *
 * It has to reach the primary; what a standby says may be old. With `synchronous_commit` off, or an
 * asynchronous standby that takes over, the last decisions may be lost, which the replicas then make
 * again. Make the tables first, by {@link createPostgresTables}.
 *
 * @param client - A `Pool` of `pg`, or a client that reconnects. It stays yours to close.
 * @throws InvalidOptionsError `INVALID_OPTIONS` for a schema or prefix that cannot be a name.
 */
export function createPostgresStore(
  client: PostgresLike,
  { evidenceTtlMs = 86_400_000, ...tables }: PostgresStoreOptions = {},
): RolloutStore {
  const { states, audit, evidence: evidences } = namesOf(tables);

  const run = async <Row>(
    what: string,
    text: string,
    values: unknown[],
    signal?: AbortSignal,
  ): Promise<readonly Row[]> => {
    signal?.throwIfAborted();
    try {
      return (await client.query(text, values)).rows as readonly Row[]; // As the statement selects them.
    } catch (cause) {
      const problem = isCode(cause, undefinedTable)
        ? `has no table ${states}; call createPostgresTables once, with the same schema and prefix`
        : `could not ${what}`;
      throw new StoreFailureError({ store: "postgres", problem, cause });
    }
  };

  return {
    async read(rollout, { signal } = {}) {
      checkName("rollout", rollout);
      const [row] = await run<StateRow>(
        "read the state",
        `SELECT floor(extract(epoch FROM clock_timestamp()) * 1000)::text AS now,
                stored.state::text AS state, stored.head_sequence::text AS sequence, stored.head_hash AS hash
         FROM (SELECT 1) AS always LEFT JOIN ${states} AS stored ON stored.rollout = $1`,
        [rollout],
        signal,
      );
      const { now, state, sequence, hash } = row!; // The left join gives one row.
      return {
        state: state === null ? undefined : (JSON.parse(state) as RolloutState),
        head: sequence === null || hash === null ? undefined : { sequence: Number(sequence), hash },
        now: Number(now),
      };
    },

    async compareAndSet(rollout, { expectedRevision, state, entry }, { signal } = {}) {
      checkName("rollout", rollout);
      const values = [
        rollout,
        expectedRevision,
        state.revision,
        state.epoch,
        JSON.stringify(state),
        entry?.sequence ?? null,
        entry?.hash ?? null,
        entry === undefined ? null : JSON.stringify(entry),
      ];
      try {
        const written = await run(
          "write the state",
          `WITH written AS (
             INSERT INTO ${states} AS stored (rollout, revision, epoch, state, head_sequence, head_hash)
             SELECT $1::text, $3::bigint, $4::bigint, $5::json, $6::bigint, $7::text
             WHERE $2::bigint = 0 OR EXISTS (SELECT FROM ${states} WHERE rollout = $1::text)
             ON CONFLICT (rollout) DO UPDATE SET
               revision = excluded.revision,
               epoch = excluded.epoch,
               state = excluded.state,
               head_sequence = coalesce(excluded.head_sequence, stored.head_sequence),
               head_hash = coalesce(excluded.head_hash, stored.head_hash)
             WHERE stored.revision = $2::bigint
               AND stored.revision < excluded.revision AND stored.epoch <= excluded.epoch
             RETURNING rollout
           ), told AS (
             INSERT INTO ${audit} (rollout, sequence, entry)
             SELECT rollout, $6::bigint, $8::json FROM written WHERE $6::bigint IS NOT NULL
           )
           SELECT rollout FROM written`,
          values,
          signal,
        );
        return written.length === 1;
      } catch (error) {
        // Where transactions are serializable by default, the database itself says who was late.
        if (error instanceof StoreFailureError && isCode(error.cause, serializationFailure)) return false;
        throw error;
      }
    },

    async *readAudit(rollout, { from = 1, signal } = {}) {
      checkName("rollout", rollout);
      for (let next = from; ; next += auditPage) {
        const page = await run<{ readonly entry: string }>(
          "read the audit log",
          `SELECT entry::text AS entry FROM ${audit}
           WHERE rollout = $1 AND sequence >= $2 AND sequence < $3 ORDER BY sequence`,
          [rollout, next, next + auditPage],
          signal,
        );
        for (const { entry } of page) yield JSON.parse(entry) as AuditEntry;
        if (page.length < auditPage) return;
      }
    },

    async putEvidence(rollout, evidence, { signal } = {}) {
      checkName("rollout", rollout);
      checkName("replica", evidence.replica);
      await run(
        "write evidence",
        `WITH old AS (
           DELETE FROM ${evidences}
           WHERE rollout = $1 AND replica <> $2 AND stage_revision < $3
             AND left_at < clock_timestamp() - $5::float8 * interval '1 millisecond'
         )
         INSERT INTO ${evidences} AS stored (rollout, replica, stage_revision, evidence, left_at)
         VALUES ($1, $2, $3, $4, clock_timestamp())
         ON CONFLICT (rollout, replica) DO UPDATE SET
           stage_revision = excluded.stage_revision, evidence = excluded.evidence, left_at = excluded.left_at
         WHERE stored.stage_revision <= excluded.stage_revision`,
        [rollout, evidence.replica, evidence.stageRevision, JSON.stringify(evidence), evidenceTtlMs],
        signal,
      );
    },

    async readEvidence(rollout, stageRevision, { signal } = {}) {
      checkName("rollout", rollout);
      const found = await run<{ readonly evidence: string }>(
        "read evidence",
        `SELECT evidence::text AS evidence FROM ${evidences} WHERE rollout = $1 AND stage_revision = $2`,
        [rollout, stageRevision],
        signal,
      );
      return found.map(({ evidence }) => JSON.parse(evidence) as ReplicaEvidence);
    },

    async close() {},
  };
}

/** What {@link RolloutStore.read} selects; numbers as text, since a bigint is more than a number. */
interface StateRow {
  readonly now: string;
  readonly state: string | null;
  readonly sequence: string | null;
  readonly hash: string | null;
}

// https://www.postgresql.org/docs/current/errcodes-appendix.html
const undefinedTable = "42P01";
const serializationFailure = "40001";

function isCode(cause: unknown, code: string): boolean {
  return typeof cause === "object" && cause !== null && Reflect.get(cause, "code") === code;
}
