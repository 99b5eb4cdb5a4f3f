import { execFile } from "node:child_process";
import { promisify } from "node:util";

import { expect } from "vitest";

import type { SoakReport } from "./overload-soak.fixtures.ts";

/** What {@link expectToHold} asks for. */
export interface SoakBounds {
  /** The least that answers in time may be of the peak. */
  readonly goodput: number;
  /** The most that the memory may grow over the second half, in MB. */
  readonly growthMb: number;
}

/** Runs overload-soak.fixtures.ts as a program; it has to end by itself, with nothing on stderr. */
export async function runSoak(
  subject: "sleeping" | "onnx",
  durationMs: number,
  seed: number,
): Promise<SoakReport> {
  const script = new URL("overload-soak.fixtures.ts", import.meta.url);
  const { stdout, stderr } = await promisify(execFile)(
    process.execPath,
    ["--conditions=@mlops/source", script.pathname, subject, String(durationMs), String(seed)],
    { env: { ...process.env, NODE_OPTIONS: "" }, timeout: 60_000 + 3 * durationMs },
  );
  expect(stderr).toBe("");
  return JSON.parse(stdout) as SoakReport;
}

/** The laws of an overloaded predictor. */
export function expectToHold(report: SoakReport, { goodput, growthMb }: SoakBounds): void {
  const { outcomes, submitted, peakPerSecond, offeredPerSecond, goodPerSecond } = report;
  const allowed = ["DEADLINE_EXCEEDED", "OVERLOADED", "good", "late"];
  expect(Object.keys(outcomes).filter((outcome) => !allowed.includes(outcome))).toEqual([]);
  expect(Object.values(outcomes).reduce((sum, count) => sum + count, 0)).toBe(submitted);
  expect(report.unhandledRejections).toBe(0);
  expect(report.maxQueued).toBeLessThanOrEqual(512);
  expect(outcomes["OVERLOADED"]).toBeGreaterThan(submitted / 2);
  expect(offeredPerSecond / peakPerSecond).toBeGreaterThan(5);
  expect(report.secondHalfGrowthMb).toBeLessThan(growthMb);
  expect(goodPerSecond / peakPerSecond).toBeGreaterThanOrEqual(goodput);
}
