import { expect, test } from "vitest";

import { runProgram } from "../worker/worker.fixtures.ts";
import type { SessionsReport } from "./many-sessions.fixtures.ts";

const program = new URL("many-sessions.fixtures.ts", import.meta.url);
const megabyte = 1_000_000;

async function grownBytes(execution: string, sessions: number, ending: "close" | "keep"): Promise<number> {
  const { stdout } = await runProgram(program, execution, String(sessions), ending);
  return (JSON.parse(stdout) as SessionsReport).grownBytes;
}

test("50 sessions of a model of 10 MB, loaded and closed on this thread, leave less than 50 MB", async () => {
  expect(await grownBytes("inline", 50, "close")).toBeLessThan(50 * megabyte);
});

test("the same measure sees sessions that are kept", async () => {
  expect(await grownBytes("inline", 8, "keep")).toBeGreaterThan(70 * megabyte);
});

test("6 sessions of a model of 10 MB, loaded and closed in workers, leave less than 50 MB", async () => {
  expect(await grownBytes("worker", 6, "close")).toBeLessThan(50 * megabyte);
});
