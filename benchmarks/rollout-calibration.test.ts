import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";

import { canary, errorRate } from "@mlops/rollout";
import { describe, expect, test } from "vitest";

import { replaceSection, sectionOf } from "./lib/sections.ts";
import { runDriftingLatency } from "./rollout-calibration/drifting-latency.ts";
import { grid, runCell } from "./rollout-calibration/null-grid.ts";
import { playPolicy, playRule, type Scenario } from "./rollout-calibration/play.ts";
import { findBrokenPromises } from "./rollout-calibration/report.ts";
import { argo } from "./rollout-calibration/rules/argo.ts";
import { azure } from "./rollout-calibration/rules/azure.ts";
import { flagger } from "./rollout-calibration/rules/flagger.ts";
import type { RunningRule } from "./rollout-calibration/rules/rule.ts";
import { runSplit } from "./rollout-calibration/split.ts";
import { divergence, tilt } from "./rollout-calibration/tilt.ts";
import type { TracedRequest } from "./rollout-calibration/trace.ts";

test("everything works, in a run that means nothing", { timeout: 120_000 }, async () => {
  const script = join(import.meta.dirname, "rollout-calibration.ts");
  const command = ["--conditions=@mlops/source", script, "--quick"];
  const { stdout } = await promisify(execFile)(process.execPath, command);
  for (const part of ["Argo Rollouts", "Flagger, threshold 1,", "Azure ML", "@mlops/rollout", "| uniform"]) {
    expect(stdout).toContain(part);
  }
});

describe("the rules of other tools", () => {
  /** Ten requests a second, of which the first `failing` fail on the candidate, or none come at all. */
  function play(rule: RunningRule, seconds: number, failing: (second: number) => number): RunningRule {
    const stable = { totalMs: 10, fails: false, label: "a" };
    for (let second = 1; second <= seconds; second += 1) {
      const count = failing(second) < 0 ? 0 : 100;
      for (let index = 0; index < count; index += 1) {
        const request: TracedRequest = {
          place: index / count,
          stable,
          candidate: { ...stable, fails: index % 10 < failing(second) },
        };
        rule.observe(request, request.place < rule.weight);
      }
      rule.endSecond(second);
    }
    return rule;
  }
  const minute = 60;

  test("Argo goes up every ten minutes, and is done after forty", () => {
    const weights = [9, 11, 21, 31, 41].map(
      (minutes) => play(argo.start(), minutes * minute, () => 0).weight,
    );
    expect(weights).toEqual([0.2, 0.4, 0.6, 0.8, 1]);
  });

  test("Argo aborts with the fourth failure, fifteen minutes after the analysis begins", () => {
    expect(play(argo.start(), 25 * minute - 1, () => 5).outcome).toBe("running");
    expect(play(argo.start(), 25 * minute, () => 5)).toMatchObject({ outcome: "rolled-back", weight: 0 });
  });

  test("Argo takes no data for an error, and asks again after ten seconds, and aborts with the fifth in a row", () => {
    expect(play(argo.start(), 10 * minute + 39, () => -1).outcome).toBe("running");
    expect(play(argo.start(), 10 * minute + 40, () => -1).outcome).toBe("rolled-back");
  });

  test("Flagger goes up by 5 % a minute to 50 %, and is done in the tenth", () => {
    expect(play(flagger(10).start(), minute, () => 0).weight).toBeCloseTo(0.1);
    expect(play(flagger(10).start(), 9 * minute, () => 0).weight).toBeCloseTo(0.5);
    expect(play(flagger(10).start(), 10 * minute, () => 0).outcome).toBe("completed");
  });

  test("Flagger holds at a failed check, and goes back a minute after the last that it bears", () => {
    expect(play(flagger(10).start(), 10 * minute, () => 5)).toMatchObject({
      outcome: "running",
      weight: 0.05,
    });
    expect(play(flagger(10).start(), 11 * minute, () => 5).outcome).toBe("rolled-back");
    expect(play(flagger(1).start(), 2 * minute, () => 5).outcome).toBe("rolled-back");
  });

  test("Flagger never forgets a failed check, and takes no data for one", () => {
    const isBad = (second: number): boolean =>
      second <= minute || (second > 3 * minute && second <= 4 * minute);
    expect(play(flagger(2).start(), 5 * minute, (second) => (isBad(second) ? 5 : 0)).outcome).toBe(
      "rolled-back",
    );
    expect(play(flagger(1).start(), 2 * minute, () => -1).outcome).toBe("rolled-back");
  });

  test("Azure never goes back", () => {
    expect(play(azure.start(), 60 * minute, () => 10).weight).toBe(1);
  });
});

test("rules and policies see the same trace", async () => {
  const version = { p95Ms: 100, errorRate: 0, classes: [1] };
  const scenario: Scenario = { name: "same", stable: version, candidate: version };
  const everybody = canary({
    seed: "all",
    guardrails: [errorRate({ limit: 0.5 })],
    steps: [{ weight: 1, holdMs: 0, minimumSamples: 1 }],
  });
  const own = await playPolicy(everybody, scenario, 1);
  expect(own.outcome).toBe("completed");
  const all = playRule({ ...azure, start: () => ({ ...azure.start(), weight: 1 }) }, scenario, 1);
  expect(own.affected).toBe(all.affected);
});

describe("what is stated", () => {
  test("holds on a few cells, and where latency drifts", { timeout: 60_000 }, async () => {
    const cells = grid.filter(({ bins, requests }) => bins === 10 && requests >= 200);
    const found = {
      grid: cells.map((cell, index) => runCell(cell, 100, index)),
      rules: [],
      drift: await runDriftingLatency(3, 7),
      split: runSplit(100, 7),
    };
    expect(findBrokenPromises(found)).toEqual([]);
    expect(found.drift).toEqual({ runs: 3, own: 0, pooled: 3 });
    expect(found.split).toMatchObject({ alarms: 0, pooled: 100, found: 100 });
    expect(Math.max(...found.grid.map(({ beyond }) => beyond)), "KL 0.4 is found").toBeGreaterThan(50);
  });

  test("is missed by a guardrail that alarms twice as often, and by a bad version that is promoted", () => {
    const [cell] = grid;
    const counts = { runs: 500, bare: 0, smoothed: 0, own: 60, atLimit: 0, beyond: 0 };
    const played = Array.from({ length: 20 }, () => ({
      outcome: "completed" as const,
      seconds: 1,
      affected: 1,
    }));
    const found = {
      grid: [{ cell: cell!, ...counts }],
      rules: [{ scenario: "KL 0.4", rule: "@mlops/rollout", played }],
      drift: { runs: 50, own: 30, pooled: 50 },
      split: { runs: 1_000, uniformity: 1e-9, alarms: 20, pooled: 0, found: 100 },
    };
    expect(findBrokenPromises(found)).toHaveLength(6);
  });
});

test("a tilted distribution is as far away as it is to be", () => {
  for (const nats of [0.05, 0.2, 0.4]) {
    const q = [0.4, 0.3, 0.2, 0.1];
    const p = tilt(q, nats);
    expect(p.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1);
    expect(divergence(p, q)).toBeCloseTo(nats);
  }
});

test("a section of a file is replaced, and the rest stays", () => {
  const first = replaceSection("# Title\n\ntext\n", "own", "one");
  expect(first).toBe("# Title\n\ntext\n\n<!-- own -->\n\none\n\n<!-- /own -->\n");
  expect(replaceSection(`${first}more\n`, "own", "two")).toBe(
    "# Title\n\ntext\n\n<!-- own -->\n\ntwo\n\n<!-- /own -->\nmore\n",
  );
  expect(sectionOf(first, "own")).toBe("<!-- own -->\n\none\n\n<!-- /own -->\n");
  expect(sectionOf("text", "own")).toBe("");
});
