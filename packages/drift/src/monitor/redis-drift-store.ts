import { InvalidDriftOptionsError } from "../errors/invalid-drift-options-error.ts";
import type { DriftStore } from "./drift-store.ts";

/** A client of the package `redis`, as far as it is called. */
export interface NodeRedisLike {
  sendCommand(parts: string[]): Promise<unknown>;
}

/** A client of the package `ioredis`, as far as it is called. */
export interface IoRedisLike {
  call(command: string, ...parts: string[]): Promise<unknown>;
}

/**
 * Redis as a store of replicas' counters, by a connected client of `redis` or `ioredis`. Keys expire by
 * themselves; the client stays the application's to close.
 *
 * @throws InvalidDriftOptionsError `INVALID_DRIFT_OPTIONS` for something else than a client.
 */
export function createRedisDriftStore(client: NodeRedisLike | IoRedisLike): DriftStore {
  const send = senderOf(client);
  return {
    get: async (key) => {
      const value = await send("GET", key);
      return typeof value === "string" ? value : undefined;
    },
    set: (key, value, { ttlMs }) => send("SET", key, value, "PX", wholeMs(ttlMs)),
    increment: async (key, { ttlMs } = {}) => {
      const sum = Number(await send("INCR", key));
      if (ttlMs !== undefined) await send("PEXPIRE", key, wholeMs(ttlMs));
      return sum;
    },
  };
}

function wholeMs(ms: number): string {
  return String(Math.max(Math.ceil(ms), 1));
}

function senderOf(
  client: NodeRedisLike | IoRedisLike,
): (...parts: [string, ...string[]]) => Promise<unknown> {
  // `ioredis` also has a `sendCommand`, which takes something else.
  if ("call" in client && typeof client.call === "function") return (...parts) => client.call(...parts);
  if ("sendCommand" in client && typeof client.sendCommand === "function") {
    return (...parts) => client.sendCommand(parts);
  }
  throw new InvalidDriftOptionsError({
    option: "client",
    problem: "is no Redis client",
    remedy: "Pass a connected client of the package redis or ioredis.",
  });
}
