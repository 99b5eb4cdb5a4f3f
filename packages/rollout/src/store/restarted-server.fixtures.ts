import { expect } from "vitest";

import type { AuditEntry } from "../audit/audit-entry.ts";
import { verifyAudit } from "../audit/verify-audit.ts";
import { RolloutController } from "../controller/rollout-controller.ts";
import { definePolicy } from "../policy/define-policy.ts";
import type { RolloutStore } from "./store.ts";

/** Two replicas write while their store's server is restarted three times: what they were told was written is there, in one history. */
export async function expectToSurviveRestarts(
  stores: readonly [RolloutStore, RolloutStore],
  restart: () => Promise<void>,
): Promise<void> {
  const policy = definePolicy({ seed: "restart", unguarded: true, stages: [{ weight: 0.5, holdMs: null }] });
  const replicas = stores.map(
    (store, index) =>
      new RolloutController({
        rollout: "restart",
        replica: `replica-${index}`,
        store,
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
      // What conflicts with the other replica, or does not reach the server, is tried again.
      await replica
        .command({ type, actor: "bob", reason: "again" })
        .catch(() => replica.refresh().catch(() => {}));
      written = Math.max(written, replica.state.revision);
      if (replica.state.revision === before) await new Promise((resolve) => setTimeout(resolve, 5));
    }
  };
  const writers = replicas.map(write);
  for (let round = 0; round < 3; round += 1) {
    await new Promise((resolve) => setTimeout(resolve, 150));
    await restart();
  }
  const before = written;
  await expect.poll(() => written, { timeout: 10_000 }).toBeGreaterThan(before);
  isOver = true;
  await Promise.all(writers);

  const { state } = await stores[0].read("restart");
  expect(state!.revision, "nothing that was answered is lost").toBeGreaterThanOrEqual(written);
  const entries: AuditEntry[] = [];
  for await (const entry of stores[1].readAudit("restart")) entries.push(entry);
  expect(await verifyAudit(entries)).toMatchObject({ isValid: true });
  expect(entries.map(({ revision }) => revision)).toEqual(entries.map((_, index) => index + 1));
  expect(entries.length).toBeGreaterThan(20);
}
