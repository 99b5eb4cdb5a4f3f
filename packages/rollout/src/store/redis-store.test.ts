import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { Redis } from "ioredis";
import { createClient } from "redis";
import { afterAll, beforeAll, describe, test } from "vitest";

import { describeWith, requirement } from "../../../../scripts/test/requirement.ts";
import { describeStore } from "../testing/describe-store.ts";
import { createRedisStore } from "./redis-store.ts";
import { expectToSurviveRestarts } from "./restarted-server.fixtures.ts";

describeWith(requirement("redis"), "a store in Redis", ({ path }) => {
  const folder = mkdtempSync(join(tmpdir(), "rollout-redis-"));
  const socket = join(folder, "redis.sock");
  let server: ChildProcess;
  let nodeRedis: ReturnType<typeof createClient>;
  let ioRedis: Redis;

  async function start(): Promise<void> {
    // Every write is on the disk before it is answered.
    const durable = ["--appendonly", "yes", "--appendfsync", "always", "--save", ""];
    server = spawn(path, ["--port", "0", "--unixsocket", socket, "--dir", folder, ...durable]);
    for await (const chunk of server.stdout!) if (/ready to accept connections/i.test(String(chunk))) break;
    server.stdout!.resume();
  }

  beforeAll(async () => {
    await start();
    nodeRedis = createClient({ socket: { path: socket, tls: false, reconnectStrategy: 20 } });
    nodeRedis.on("error", () => {});
    ioRedis = new Redis(socket, { lazyConnect: true, retryStrategy: () => 20 });
    ioRedis.on("error", () => {});
    await Promise.all([nodeRedis.connect(), ioRedis.connect()]);
  });

  afterAll(async () => {
    nodeRedis.destroy();
    ioRedis.disconnect();
    server.kill();
    if (server.exitCode === null) await once(server, "exit");
    rmSync(folder, { recursive: true, force: true });
  });

  describeStore("by redis", () => createRedisStore(nodeRedis), { describe, test });
  describeStore("by ioredis", () => createRedisStore(ioRedis), { describe, test });

  test("keeps one history when Redis is killed and started again while replicas write", async () => {
    await expectToSurviveRestarts([createRedisStore(nodeRedis), createRedisStore(ioRedis)], async () => {
      server.kill("SIGKILL");
      await once(server, "exit");
      await start();
    });
  });
});
