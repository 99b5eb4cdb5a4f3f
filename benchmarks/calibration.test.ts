import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";

import { describe, expect, test } from "vitest";

import { temporaryFolder } from "../scripts/test/temporary-folder.ts";
import { families } from "./calibration/families.ts";
import { runNullCell } from "./calibration/null-runs.ts";
import { runPower } from "./calibration/power-runs.ts";
import { createPlan } from "./calibration/plan.ts";
import { falseAlarms, findBroken, type NullOutcome } from "./calibration/summarize.ts";

test("a quick run writes the report, the same with any number of threads", { timeout: 120_000 }, async () => {
  const script = join(import.meta.dirname, "calibration.ts");
  const reports: string[] = [];
  for (const threads of ["1", "2"]) {
    const output = join(temporaryFolder(), "CALIBRATION.md");
    const command = [
      "--conditions=@mlops/source",
      script,
      "--quick",
      "--threads",
      threads,
      "--output",
      output,
    ];
    await promisify(execFile)(process.execPath, command);
    reports.push(readFileSync(output, "utf8"));
  }
  expect(reports[0]).toBe(reports[1]);
  expect(reports[0]).toMatch(/\| shift by 0\.5 σ \| 100 /);
});

test("the plan has every cell once, and no seed twice", () => {
  const jobs = createPlan({ isQuick: false, seed: 1 });
  const seeds = jobs.map((job) => (job.kind === "null" ? job.cell.seed : job.options.seed));
  expect(new Set(seeds).size).toBe(jobs.length);
  expect(jobs.filter(({ kind }) => kind === "null")).toHaveLength(3 * 5 * 4);
});

describe("the rate, on a few sizes", () => {
  const outcomes = families.flatMap((family, index) =>
    [50, 1_000].map((windowRows): NullOutcome => {
      const cell = {
        referenceRows: 500,
        windowRows,
        simulated: 300,
        simulatedForOthers: 40,
        seed: 100 * index + windowRows,
      };
      return { job: { kind: "null", family: family.name, cell }, result: runNullCell({ family, ...cell }) };
    }),
  );

  test("is held by our verdict", () => {
    expect(findBroken(outcomes)).toEqual([]);
    expect(falseAlarms(outcomes, "drift", 1).alarms).toBeGreaterThan(0);
  });

  test("is missed by a verdict that alarms twice as often", () => {
    const doubled = outcomes.map((outcome): NullOutcome => {
      const ours = { ...outcome.result.ours, 1: { alarms: 45, runs: 300 } };
      return { ...outcome, result: { ...outcome.result, ours } };
    });
    expect(findBroken(doubled)).not.toEqual([]);
  });
});

test("half a standard deviation in one of 20 columns is found", () => {
  const found = runPower({ rounds: 6, roundsForOthers: 1, seed: 8 });
  expect(found["shift by 0.5 σ"]!["drift"]).toEqual({ alarms: 6, runs: 6 });
  expect(found["shift by 0.5 σ"]!["evidently"]).toEqual({ alarms: 0, runs: 1 });
});
