import type { AuditEntry } from "../audit/audit-entry.ts";
import type { RolloutState } from "../engine/state.ts";
import { StoreFailureError } from "../errors/store-failure-error.ts";
import { checkName } from "./check-name.ts";
import type { ReplicaEvidence, RolloutStore } from "./store.ts";

/** A client of the package `redis`, as far as it is called. */
export interface NodeRedisLike {
  sendCommand(words: string[]): Promise<unknown>;
}

/** A client of the package `ioredis`, as far as it is called. */
export interface IoRedisLike {
  call(command: string, ...words: string[]): Promise<unknown>;
}

/** Options of {@link createRedisStore}. */
export interface RedisStoreOptions {
  /** What its keys begin with. Default `mlops:rollout:`. */
  readonly prefix?: string | undefined;
  /** How long a replica's evidence is kept after it was left, in milliseconds. Default a day. */
  readonly evidenceTtlMs?: number | undefined;
}

/**
 * Reads the state, the last audit entry and Redis' own time: the clock that all replicas share.
 * KEYS: state, audit.
 */
const readScript = `
local time = redis.call('TIME')
return { redis.call('GET', KEYS[1]), redis.call('LINDEX', KEYS[2], -1), time[1], time[2] }
`;

/**
 * Writes the state and the entry, both or neither, where the revision is the expected one.
 * KEYS: state, audit, revision. ARGV: expected revision, next revision, state, entry or nothing.
 */
const writeScript = `
if (redis.call('GET', KEYS[3]) or '0') ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[3])
if ARGV[4] ~= '' then redis.call('RPUSH', KEYS[2], ARGV[4]) end
redis.call('SET', KEYS[3], ARGV[2])
return 1
`;

/** Entries that are read at a time. */
const auditPage = 100;

/**
 * A store in Redis, for replicas anywhere. One script makes each write, so that it happens whole or
 * not at all; time is Redis' own.
 *
 * It lasts as long as Redis does: with `appendonly yes` and `appendfsync always` what was
 * written survives a crash, otherwise the last second may be lost, and with it a decision, which the
 * replicas then make again.
 *
 * @param client - A connected client of `redis` or `ioredis`. It stays yours to close.
 */
export function createRedisStore(
  client: NodeRedisLike | IoRedisLike,
  { prefix = "mlops:rollout:", evidenceTtlMs = 86_400_000 }: RedisStoreOptions = {},
): RolloutStore {
  const run = async (words: readonly string[], signal?: AbortSignal): Promise<unknown> => {
    signal?.throwIfAborted();
    try {
      return await send(client, words);
    } catch (cause) {
      throw new StoreFailureError({ store: "redis", problem: `did not answer ${words[0]}`, cause });
    }
  };
  // In braces, so that a cluster keeps them on one node.
  const keysOf = (rollout: string): Record<"state" | "audit" | "revision" | "evidence", string> => {
    checkName("rollout", rollout);
    const base = `${prefix}{${rollout}}`;
    return {
      state: base,
      audit: `${base}:audit`,
      revision: `${base}:revision`,
      evidence: `${base}:evidence`,
    };
  };

  return {
    async read(rollout, { signal } = {}) {
      const { state, audit } = keysOf(rollout);
      const reply = await run(["EVAL", readScript, "2", state, audit], signal);
      const [stored, last, seconds, microseconds] = reply as [string | null, string | null, string, string]; // The script's.
      const entry = last === null ? undefined : (JSON.parse(last) as AuditEntry);
      return {
        state: stored === null ? undefined : (JSON.parse(stored) as RolloutState),
        head: entry && { sequence: entry.sequence, hash: entry.hash },
        now: Number(seconds) * 1_000 + Math.floor(Number(microseconds) / 1_000),
      };
    },

    async compareAndSet(rollout, { expectedRevision, state, entry }, { signal } = {}) {
      const keys = keysOf(rollout);
      const reply = await run(
        ["EVAL", writeScript, "3", keys.state, keys.audit, keys.revision].concat(
          [String(expectedRevision), String(state.revision), JSON.stringify(state)],
          entry === undefined ? "" : JSON.stringify(entry),
        ),
        signal,
      );
      return Number(reply) === 1;
    },

    async *readAudit(rollout, { from = 1, signal } = {}) {
      const { audit } = keysOf(rollout);
      for (let start = from - 1; ; start += auditPage) {
        const reply = await run(["LRANGE", audit, String(start), String(start + auditPage - 1)], signal);
        const page = reply as string[]; // A list of what was pushed.
        for (const text of page) yield JSON.parse(text) as AuditEntry;
        if (page.length < auditPage) return;
      }
    },

    async putEvidence(rollout, evidence, { signal } = {}) {
      checkName("replica", evidence.replica);
      const key = `${keysOf(rollout).evidence}:${evidence.stageRevision}`;
      await run(["HSET", key, evidence.replica, JSON.stringify(evidence)], signal);
      await run(["PEXPIRE", key, String(evidenceTtlMs)], signal);
    },

    async readEvidence(rollout, stageRevision, { signal } = {}) {
      const reply = await run(["HVALS", `${keysOf(rollout).evidence}:${stageRevision}`], signal);
      return (reply as string[]).map((text) => JSON.parse(text) as ReplicaEvidence);
    },

    async close() {},
  };
}

async function send(client: NodeRedisLike | IoRedisLike, words: readonly string[]): Promise<unknown> {
  if ("sendCommand" in client && !("call" in client)) return client.sendCommand([...words]);
  // Clients of ioredis have both, and take a command of their own kind in the other.
  const [command = "", ...rest] = words;
  return (client as IoRedisLike).call(command, ...rest); // The other of the two.
}
