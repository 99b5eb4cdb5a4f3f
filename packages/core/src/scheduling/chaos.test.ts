import { execFile } from "node:child_process";
import { promisify } from "node:util";

import { expect, test } from "vitest";

import type { ChaosReport, ChaosSubject } from "./chaos.fixtures.ts";

// The law: each request has one answer, its own or a typed error that something gave cause for,
// while requests are poisoned, aborted and late at random, workers end, and close() comes in the
// middle; and then the process ends by itself.

const subjects: ChaosSubject[] = [
  "fake",
  "onnx inline",
  "onnx auto",
  "onnx worker",
  "onnx process",
  "dying worker",
  "dying process",
  "crashing process",
];

test.each(subjects)("one answer per request in chaos: %s", { timeout: 60_000 }, async (subject) => {
  const { submitted, outcomes, workers, violations } = await runChaos(subject, 2_000, 1);
  expect(violations).toEqual([]);
  expect(Object.values(outcomes).reduce((sum, count) => sum + count, 0)).toBe(submitted);
  for (const outcome of ["own", "ABORTED", "DEADLINE_EXCEEDED", "BACKEND_FAILED", "CLOSED"]) {
    expect(outcomes, "all of it has happened").toHaveProperty(outcome);
  }
  expect(workers > 3, "workers were lost and replaced").toBe(/^(dying|crashing)/.test(subject));
  expect("WORKER_LOST" in outcomes, "runs were lost").toBe(subject === "crashing process");
});

/** Runs chaos.fixtures.ts; one that hangs is killed, and fails as one that exits with another code than 0. */
async function runChaos(subject: ChaosSubject, durationMs: number, seed: number): Promise<ChaosReport> {
  const script = new URL("chaos.fixtures.ts", import.meta.url);
  const { stdout, stderr } = await promisify(execFile)(
    process.execPath,
    ["--conditions=@mlops/source", script.pathname, subject, String(durationMs), String(seed)],
    { env: { ...process.env, NODE_OPTIONS: "" }, timeout: 50_000, killSignal: "SIGKILL" },
  );
  expect(stderr).toBe("");
  return JSON.parse(stdout) as ChaosReport;
}
