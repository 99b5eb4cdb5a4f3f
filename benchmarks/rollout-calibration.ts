// `pnpm bench:rollout-calibration`: how often guardrails are wrong, and what a bad version costs, beside other tools' rules.
import { parseArgs } from "node:util";

import { runDriftingLatency } from "./rollout-calibration/drifting-latency.ts";
import { grid, runCell } from "./rollout-calibration/null-grid.ts";
import { playPolicy, playRule } from "./rollout-calibration/play.ts";
import {
  findBrokenPromises,
  formatRolloutCalibration,
  type RuleResult,
} from "./rollout-calibration/report.ts";
import { runSplit } from "./rollout-calibration/split.ts";
import { policies, rules, scenarios } from "./rollout-calibration/scenarios.ts";
import { createProgress } from "./lib/progress.ts";
import { writeSection } from "./lib/sections.ts";

const usage = `pnpm bench:rollout-calibration [--quick] [--seed N]

  --quick   a run of seconds, to standard output, to see whether everything works; its figures mean nothing
  --seed N  a whole number; default 1
`;

const { values } = parseArgs({
  // pnpm hands its own separator on.
  args: process.argv.slice(2).filter((argument) => argument !== "--"),
  options: {
    quick: { type: "boolean", default: false },
    seed: { type: "string", default: "1" },
    help: { type: "boolean", default: false },
  },
});
if (values.help) process.stdout.write(usage);
else await main(values.quick, Number(values.seed));

async function main(isQuick: boolean, seed: number): Promise<void> {
  const progress = createProgress();
  const traces = isQuick ? 1 : 100;
  const cellRuns = isQuick ? 20 : 2_000;
  const results: RuleResult[] = [];
  for (const scenario of scenarios) {
    for (const { name, policy } of policies) {
      const played = [];
      for (let run = 0; run < traces; run += 1) played.push(await playPolicy(policy, scenario, seed + run));
      results.push({ scenario: scenario.name, rule: name, played });
    }
    for (const rule of rules) {
      const played = Array.from({ length: traces }, (_, run) => playRule(rule, scenario, seed + run));
      results.push({ scenario: scenario.name, rule: rule.name, played });
    }
    progress(`played: ${scenario.name}`);
  }
  const cells = isQuick ? grid.slice(0, 2) : grid;
  const found = {
    rules: results,
    grid: cells.map((cell, index) => runCell(cell, cellRuns, 1_000 * seed + index)),
    drift: await runDriftingLatency(isQuick ? 1 : 50, seed),
    split: runSplit(isQuick ? 10 : 1_000, seed),
  };
  progress("the rest");
  const report = formatRolloutCalibration(found, [
    `${traces} traces, ${cellRuns.toLocaleString("en")} runs a cell, seed ${seed}, Node ${process.versions.node}.`,
    "In brackets the 95 % Clopper-Pearson interval; times and requests are medians, with the 95th percentile.",
  ]);
  if (isQuick) process.stdout.write(report);
  else await writeSection(new URL("CALIBRATION.md", import.meta.url), "rollouts", report);
  const broken = findBrokenPromises(found);
  if (broken.length === 0 || isQuick) return;
  process.stderr.write(`What is stated does not hold:\n${broken.join("\n")}\n`);
  process.exitCode = 1;
}
