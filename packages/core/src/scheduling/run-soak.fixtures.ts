import { execFile } from "node:child_process";
import { promisify } from "node:util";

import { expect } from "vitest";

import type { SoakReport } from "./overload-soak.fixtures.ts";

/** What {@link brokenLaws} asks for. */
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

/** The laws of an overloaded predictor that a report breaks, each with its figures. */
export function brokenLaws(report: SoakReport, { goodput, growthMb }: SoakBounds): string[] {
  const { outcomes, submitted, capacityPerSecond, peakPerSecond, offeredPerSecond, goodPerSecond } = report;
  const allowed = ["DEADLINE_EXCEEDED", "OVERLOADED", "good", "late"];
  const unexpected = Object.keys(outcomes).filter((outcome) => !allowed.includes(outcome));
  const answers = Object.values(outcomes).reduce((sum, count) => sum + count, 0);
  const laws: Record<string, boolean> = {
    [`no request ends by ${unexpected.join()}`]: unexpected.length === 0,
    [`${submitted} requests have as many answers: ${answers}`]: answers === submitted,
    [`no rejection is unhandled: ${report.unhandledRejections}`]: report.unhandledRejections === 0,
    [`at most 512 rows wait: ${report.maxQueued}`]: report.maxQueued <= 512,
    [`most are refused at once: ${outcomes["OVERLOADED"]}`]: outcomes["OVERLOADED"]! > submitted / 2,
    [`the peak is half of what full batches give: ${peakPerSecond} of ${capacityPerSecond}`]:
      capacityPerSecond === undefined || peakPerSecond >= capacityPerSecond / 2,
    [`three times the peak is offered, also by a client that is kept waiting: ${offeredPerSecond} of ${peakPerSecond}`]:
      offeredPerSecond > 3 * peakPerSecond,
    [`the memory grows by less than ${growthMb} MB: ${report.secondHalfGrowthMb}`]:
      report.secondHalfGrowthMb < growthMb,
    [`${goodput} of the peak is answered in time: ${goodPerSecond} of ${peakPerSecond}`]:
      goodPerSecond >= goodput * peakPerSecond,
  };
  return Object.keys(laws).filter((law) => laws[law] !== true);
}
