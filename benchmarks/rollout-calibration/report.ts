import { binomialInterval, percentile } from "@mlops/stats";

import type { DriftResult } from "./drifting-latency.ts";
import { alpha, type GridResult, klLimit } from "./null-grid.ts";
import type { Played } from "./play.ts";
import { cleanKeys, lossyKeys, splitAlpha, splitLoss, type SplitResult, splitWeights } from "./split.ts";
import { requestsPerSecond, traceSeconds } from "./trace.ts";

/** How a rule did in a scenario. */
export interface RuleResult {
  readonly scenario: string;
  readonly rule: string;
  readonly played: readonly Played[];
}

/** All that was simulated. */
export interface RolloutCalibration {
  readonly grid: readonly GridResult[];
  readonly rules: readonly RuleResult[];
  readonly drift: DriftResult;
  readonly split: SplitResult;
}

/** What does not hold, a line each. A rate is broken where it is above its bound beyond chance. */
export function findBrokenPromises({ grid, rules, drift, split }: RolloutCalibration): string[] {
  const broken: string[] = [];
  const hold = (name: string, successes: number, trials: number, stated = alpha): void => {
    const { lower } = binomialInterval({ successes, trials }, { confidence: 0.999 });
    if (lower > stated)
      broken.push(`${name}: ${successes} of ${trials} alarms, and ${100 * stated} % are stated`);
  };
  for (const { cell, runs, own, atLimit } of grid) {
    const name = `output distribution, ${cell.shape} ${cell.bins}, ${cell.requests} requests`;
    hold(name, own, runs);
    hold(`${name}, at the limit`, atLimit, runs);
  }
  for (const { scenario, rule, played } of rules) {
    if (!rule.startsWith("@mlops")) continue;
    const rolledBack = countOf(played, "rolled-back");
    if (scenario.startsWith("healthy")) hold(`${rule}, a healthy candidate`, rolledBack, played.length);
    else if (countOf(played, "completed") > 0.05 * played.length) {
      broken.push(`${rule}, ${scenario}: ${countOf(played, "completed")} of ${played.length} were promoted`);
    }
  }
  hold("drifting latency", drift.own, drift.runs);
  hold("the split of a clean ramp", split.alarms, split.runs, splitAlpha);
  if (split.uniformity < 0.001) {
    broken.push(`the split of a clean ramp: its p-values are not uniform (p ${split.uniformity})`);
  }
  if (split.found < 0.9 * split.runs) {
    broken.push(`the split of a ramp that loses keys: ${split.found} of ${split.runs} were found`);
  }
  return broken;
}

/** The section of the report, as Markdown. */
export function formatRolloutCalibration(found: RolloutCalibration, about: readonly string[]): string {
  const { grid, rules, drift, split } = found;
  const scenarios = [...new Set(rules.map(({ scenario }) => scenario))];
  return [
    "## Rollouts",
    "",
    "How often guardrails of `@mlops/rollout` roll a healthy version back, and what a bad one costs. Written by",
    "`pnpm bench:rollout-calibration`; seeded, so that a second run gives the same figures.",
    "",
    ...about.map((line) => `- ${line}`),
    "",
    "### Regressions, beside the rules of other tools",
    "",
    `Each rule decides on the same traces: ${requestsPerSecond} requests a second for ${traceSeconds / 60} minutes, each with what both versions would have`,
    "answered. The limits are the same for all: a p95 of 500 ms and 2 % errors; the stable version has 480 ms and",
    "1 %. Steps, intervals and numbers of failures are those of each tool's guide (sources in",
    "[rollout-calibration/rules](rollout-calibration/rules)). Only ours looks at outputs. Affected are the requests",
    "that the candidate answered: until it was rolled back, or to the end of the trace where it was not.",
    "",
    "Read the tables together: a rule that rolls back most healthy versions is quick with bad ones, too. Ours promotes",
    "only what is within its limits for certain, so a candidate just within them stays undecided until enough requests",
    "have come, and one per cent of little traffic takes its time to tell anything.",
    "",
    ...scenarios.flatMap((scenario) => [`#### ${title(scenario)}`, "", ...ruleTable(rules, scenario), ""]),
    "### The output distribution where nothing has changed",
    "",
    `How often "the KL divergence is above ${klLimit}" is said of two samples of one distribution. **Bare**: of the shares as`,
    "counted; **smoothed**: with half a request added to each cell; both looked at once. **Ours**: the guardrail's `fail`,",
    `at any of ten looks, stated as at most ${100 * alpha} %; **at the limit**: where the candidate is exactly there, and a \`fail\` is`,
    "still wrong; **KL 0.4**: where it is right. Percent.",
    "",
    ...gridTable(grid),
    "",
    "Ours says `no-data` below ten requests a cell, which is why it finds nothing there.",
    "",
    "### Latency that drifts for both versions",
    "",
    "The candidate is the stable version, and everybody's latency doubles while its weight grows from 1 to 50 %. Compared",
    `over the whole rollout, the means differ in ${drift.pooled} of ${drift.runs} rollouts (z-test, 5 %), as the candidate's requests are`,
    `later ones. Our guardrail compares within a stage, where both have their requests in the same minutes, and rolled`,
    `back ${drift.own} of ${drift.runs}.`,
    "",
    ...splitSection(split),
    "",
  ].join("\n");
}

/** The check of the split, on clean ramps and on ones that lose keys. */
function splitSection({ runs, uniformity, alarms, pooled, found }: SplitResult): string[] {
  const all = runs.toLocaleString("en");
  const steps = splitWeights.map((weight) => `${100 * weight} %`).join(", ");
  return [
    "### The split of keys on a ramp",
    "",
    `A candidate's weight goes through ${steps}, with ${cleanKeys.toLocaleString("en")} keys in each step, and the split is looked at`,
    `ten times a step. A chi-squared test by the last weights calls ${pooled.toLocaleString("en")} of ${all} clean ramps a mismatch. Ours expects what`,
    `each step's weight says: its p-values are uniform (p ${Number(uniformity.toPrecision(2))} for ten cells), and its e-value, which may be looked at`,
    `again and again, alarmed in ${alarms} of ${all} at the stated ${100 * splitAlpha} %. Where ${100 * splitLoss} % of the candidate's keys are lost, it finds`,
    `it in ${found.toLocaleString("en")} of ${all} ramps of ${lossyKeys.toLocaleString("en")} keys a step.`,
  ];
}

function ruleTable(rules: readonly RuleResult[], scenario: string): string[] {
  const isHealthy = scenario.startsWith("healthy");
  const rows = rules
    .filter((result) => result.scenario === scenario)
    .map(({ rule, played }) => {
      const back = played.filter(({ outcome }) => outcome === "rolled-back");
      return [
        rule,
        share(back.length, played.length),
        share(countOf(played, "completed"), played.length),
        share(countOf(played, "running"), played.length),
        spread(back.map(({ seconds }) => seconds / 60)),
        isHealthy
          ? spread(decided(played).map(({ seconds }) => seconds / 60))
          : spread(played.map(({ affected }) => affected)),
      ];
    });
  const last = isHealthy ? "minutes in all" : "affected requests";
  return table(["rule", "rolled back", "promoted", "undecided", "minutes to rollback", last], rows);
}

function gridTable(grid: readonly GridResult[]): string[] {
  const percent = (count: number, runs: number): string => `${Number(((100 * count) / runs).toPrecision(2))}`;
  const rows = grid.map(({ cell, runs, bare, smoothed, own, atLimit, beyond }) => [
    cell.shape,
    String(cell.bins),
    cell.requests.toLocaleString("en"),
    ...[bare, smoothed, own, atLimit, beyond].map((count) => percent(count, runs)),
  ]);
  return table(["shape", "cells", "requests", "bare", "smoothed", "ours", "at the limit", "KL 0.4"], rows);
}

function decided(played: readonly Played[]): Played[] {
  return played.filter(({ outcome }) => outcome === "completed");
}

function countOf(played: readonly Played[], outcome: Played["outcome"]): number {
  return played.filter((one) => one.outcome === outcome).length;
}

/** `12 % [7, 20]`: with its 95 % Clopper-Pearson interval. */
function share(successes: number, trials: number): string {
  const { lower, upper } = binomialInterval({ successes, trials });
  const percent = (value: number): string => String(Number((100 * value).toPrecision(2)));
  return `${percent(successes / trials)} % [${percent(lower)}, ${percent(upper)}]`;
}

/** `4 (p95 9)`: the median, and the 95th percentile. */
function spread(values: readonly number[]): string {
  if (values.length === 0) return "–";
  const short = (value: number): string =>
    value >= 100 ? Math.round(value).toLocaleString("en") : String(Number(value.toPrecision(2)));
  return `${short(percentile(values, 50))} (p95 ${short(percentile(values, 95))})`;
}

function title(scenario: string): string {
  return scenario.startsWith("healthy") ? `No regression: ${scenario}` : `A regression: ${scenario}`;
}

/** With columns of one width, as the formatter has them. */
function table(titles: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const widths = titles.map((text, index) =>
    Math.max(text.length, 3, ...rows.map((row) => row[index]!.length)),
  );
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, index) => cell.padEnd(widths[index]!)).join(" | ")} |`;
  return [line(titles), line(widths.map((width) => "-".repeat(width))), ...rows.map(line)];
}
