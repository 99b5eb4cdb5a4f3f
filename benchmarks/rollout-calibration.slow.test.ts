import { describe, expect, test } from "vitest";

import { runDriftingLatency } from "./rollout-calibration/drifting-latency.ts";
import { grid, runCell } from "./rollout-calibration/null-grid.ts";
import { type Played, playPolicy } from "./rollout-calibration/play.ts";
import { findBrokenPromises } from "./rollout-calibration/report.ts";
import { runSplit } from "./rollout-calibration/split.ts";
import { policies, scenarios } from "./rollout-calibration/scenarios.ts";

const drift = { runs: 1, own: 0, pooled: 0 };
const split = { runs: 1, uniformity: 1, alarms: 0, pooled: 0, found: 1 };

// Simulated like the tables in CALIBRATION.md, from other seeds.

test("the output distribution holds its rate in every cell, and finds what is there", () => {
  const found = grid.map((cell, index) => runCell(cell, 500, 50_000 + index));
  expect(findBrokenPromises({ grid: found, rules: [], drift, split })).toEqual([]);
  const large = found.filter(({ cell }) => cell.requests >= 1_000);
  const missed = large.filter(({ runs, beyond }) => beyond / runs < 0.95).map(({ cell }) => cell);
  expect(missed).toEqual([]);
});

test("latency that drifts for both raises no alarm", async () => {
  const { runs, own, pooled } = await runDriftingLatency(30, 99);
  expect(own).toBe(0);
  expect(pooled / runs).toBeGreaterThan(0.9);
});

test("a clean ramp is split as planned, and one that loses keys is found", () => {
  expect(findBrokenPromises({ grid: [], rules: [], drift, split: runSplit(400, 99) })).toEqual([]);
});

describe("on traces of 90 minutes", () => {
  const [{ policy, name }] = policies as [(typeof policies)[number]];
  test.each(scenarios)("$name", async (scenario) => {
    const played: Played[] = [];
    for (let run = 0; run < 40; run += 1) played.push(await playPolicy(policy, scenario, 9_000 + run));
    const rules = [{ scenario: scenario.name, rule: name, played }];
    expect(findBrokenPromises({ grid: [], rules, drift, split })).toEqual([]);
    const back = played.filter(({ outcome }) => outcome === "rolled-back").length;
    const least = scenario.name.startsWith("healthy") ? 0 : 0.9;
    expect(back / played.length).toBeGreaterThanOrEqual(least);
  });
});
