import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

import { createRandom } from "@mlops/stats";
import { expect } from "vitest";

import type { AuditEntry } from "../audit/audit-entry.ts";
import { verifyAudit } from "../audit/verify-audit.ts";
import { createFileStore } from "./file-store.ts";

/** Kills one of two writers, `times` times, each at a random moment; what they had been told was written has to be there. */
export async function expectToSurviveKills(folder: string, times: number): Promise<void> {
  const random = createRandom(1);
  const rollout = "killed";
  const store = createFileStore({ folder });
  let reported = 0;
  for (let round = 0; round < times; round += 1) {
    const writers = ["a", "b"].map((name) => startWriter(folder, rollout, `${name}-${round}`));
    await Promise.all(writers.map(({ ready }) => ready));
    await new Promise((resolve) => setTimeout(resolve, random() * 30));
    for (const writer of writers) reported = Math.max(reported, await writer.kill());
    const { state } = await store.read(rollout);
    expect(state?.revision ?? 0, "nothing that was written is lost").toBeGreaterThanOrEqual(reported);
  }
  const entries: AuditEntry[] = [];
  for await (const entry of store.readAudit(rollout)) entries.push(entry);
  expect(await verifyAudit(entries), "one history, which holds").toMatchObject({ isValid: true });
  expect(entries.map(({ revision }) => revision)).toEqual(entries.map((_, index) => index + 1));
  expect(entries.length).toBeGreaterThan(times);
}

function startWriter(folder: string, rollout: string, name: string) {
  const script = new URL("file-writer.fixtures.ts", import.meta.url).pathname;
  const child = spawn(process.execPath, ["--conditions=@mlops/source", script, folder, rollout, name], {
    env: { ...process.env, NODE_OPTIONS: "" },
    stdio: ["ignore", "pipe", "inherit"],
  });
  let last = 0;
  let setReady: () => void;
  const ready = new Promise<void>((resolve) => (setReady = resolve));
  const lines = createInterface({ input: child.stdout });
  lines.on("line", (line) => (line === "ready" ? setReady() : (last = Number(line))));
  const ended = new Promise<void>((resolve) => lines.once("close", resolve));
  return {
    ready,
    /** The last revision that it said it had seen written. */
    async kill(): Promise<number> {
      child.kill("SIGKILL");
      await ended;
      return last;
    },
  };
}
