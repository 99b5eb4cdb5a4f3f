import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "ioredis";
import { createClient } from "redis";
import { afterAll, beforeAll, expect, test } from "vitest";
import { describeWith, requirement } from "../../../../scripts/test/requirement.ts";
import { profile } from "../profile/create-profile.ts";
import { createDriftMonitor } from "./create-drift-monitor.ts";
import { createRedisDriftStore } from "./redis-drift-store.ts";
import { drawRows } from "./streams.fixtures.ts";

describeWith(requirement("redis"), "createRedisDriftStore", ({ path }) => {
  const folder = join(tmpdir(), `mlops-drift-redis-${process.pid}`);
  const socket = join(folder, "redis.sock");
  const nodeRedis = createClient({ socket: { path: socket, tls: false } });
  const ioRedis = new Redis(socket, { lazyConnect: true });
  let server: ChildProcess;

  beforeAll(async () => {
    mkdirSync(folder, { recursive: true });
    server = spawn(path, ["--port", "0", "--unixsocket", socket, "--save", "", "--dir", folder]);
    await serverSays(server, /[Rr]eady to accept connections/);
    await Promise.all([nodeRedis.connect(), ioRedis.connect()]);
  });

  afterAll(async () => {
    nodeRedis.destroy();
    ioRedis.disconnect();
    server.kill();
    if (server.exitCode === null) await once(server, "exit");
    rmSync(folder, { recursive: true, force: true });
  });

  const clients = [
    ["redis", nodeRedis],
    ["ioredis", ioRedis],
  ] as const;

  test.each(clients)("keeps values and counts by the client %s", async (name, client) => {
    const store = createRedisDriftStore(client);
    expect(await store.get(`${name}:a`)).toBeUndefined();
    await store.set(`${name}:a`, "é\n", { ttlMs: 60_000.5 });
    expect(await store.get(`${name}:a`)).toBe("é\n");
    const sums = await Promise.all(Array.from({ length: 20 }, () => store.increment(`${name}:n`)));
    expect(sums.sort((left, right) => left - right)).toEqual(
      Array.from({ length: 20 }, (_, index) => index + 1),
    );
    expect(await ioRedis.pttl(`${name}:n`)).toBe(-1);
    await store.increment(`${name}:n`, { ttlMs: 60_000 });
    for (const key of [`${name}:a`, `${name}:n`]) {
      expect(await ioRedis.pttl(key)).toBeGreaterThan(0);
      expect(await ioRedis.pttl(key)).toBeLessThanOrEqual(60_001);
    }
  });

  test("replicas with either client say together what one process says that saw all", async () => {
    let now = 50_000;
    const reference = profile(drawRows(2_000, 1));
    const options = { reference, now: () => now };
    const one = createDriftMonitor({ ...options, window: { ms: 1_000 } });
    const replicas = clients.map(([, client]) => ({
      store: createRedisDriftStore(client),
      monitor: createDriftMonitor({ ...options, window: { ms: 1_000, shared: true } }),
    }));
    for (const [index, row] of drawRows(600, 3, 0.5).entries()) {
      one.add(row);
      replicas[index % 2]!.monitor.add(row);
    }
    now += 1_000;
    for (const { monitor, store } of replicas) await monitor.publish(store, "drift");
    const [{ monitor, store }] = replicas as [(typeof replicas)[0]];
    expect(await monitor.collect(store, "drift")).toEqual(one.verdict());
  });
});

test("what is no client is refused", () => {
  // @ts-expect-error - an empty object is no client
  expect(() => createRedisDriftStore({})).toThrow(/The option client is no Redis client/);
});

/** Waits for a line of the server's log; fails with the log if it ends before. */
function serverSays(server: ChildProcess, line: RegExp): Promise<void> {
  return new Promise((resolve, reject) => {
    let log = "";
    server.stdout?.on("data", (chunk: Buffer) => {
      log += chunk.toString();
      if (line.test(log)) resolve();
    });
    server.once("error", reject);
    server.once("exit", (code) => reject(new Error(`redis-server ended with ${code}: ${log}`)));
  });
}
