import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { Redis } from "ioredis";
import { createClient } from "redis";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { describeWith, requirement } from "../../../../scripts/test/requirement.ts";
import type { AuditEntry } from "../audit/audit-entry.ts";
import { verifyAudit } from "../audit/verify-audit.ts";
import { RolloutController } from "../controller/rollout-controller.ts";
import { definePolicy } from "../policy/define-policy.ts";
import { describeStore } from "../testing/describe-store.ts";
import { createRedisStore } from "./redis-store.ts";

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
    const policy = definePolicy({
      seed: "restart",
      unguarded: true,
      stages: [{ weight: 0.5, holdMs: null }],
    });
    const replicas = [nodeRedis, ioRedis].map(
      (client, index) =>
        new RolloutController({
          rollout: "restart",
          replica: `replica-${index}`,
          store: createRedisStore(client),
          guardrails: [],
          stable: "1",
        }),
    );
    await replicas[0]!.start("2", policy, "ada");
    let isOver = false;
    let written = 0;
    const write = async (replica: RolloutController): Promise<void> => {
      while (!isOver) {
        const type = replica.state.run?.phase === "paused" ? "resume" : "pause";
        const before = replica.state.revision;
        // What conflicts with the other replica, or does not reach Redis, is tried again.
        await replica
          .command({ type, actor: "bob", reason: "again" })
          .catch(() => replica.refresh().catch(() => {}));
        written = Math.max(written, replica.state.revision);
        if (replica.state.revision === before) await new Promise((resolve) => setTimeout(resolve, 5));
      }
    };
    const writers = replicas.map(write);
    for (let restart = 0; restart < 3; restart += 1) {
      await new Promise((resolve) => setTimeout(resolve, 150));
      server.kill("SIGKILL");
      await once(server, "exit");
      await start();
    }
    await new Promise((resolve) => setTimeout(resolve, 300));
    isOver = true;
    await Promise.all(writers);

    const { state } = await createRedisStore(nodeRedis).read("restart");
    expect(state!.revision, "nothing that was answered is lost").toBeGreaterThanOrEqual(written);
    const entries: AuditEntry[] = [];
    for await (const entry of createRedisStore(ioRedis).readAudit("restart")) entries.push(entry);
    expect(await verifyAudit(entries)).toMatchObject({ isValid: true });
    expect(entries.map(({ revision }) => revision)).toEqual(entries.map((_, index) => index + 1));
    expect(entries.length).toBeGreaterThan(20);
  });
});
