// `pnpm bench:strategies`: what each strategy costs, in time, in bad answers and in processor time.
import { definePredictor } from "@mlops/core";
import {
  blueGreen,
  canary,
  createMemoryStore,
  createRollout,
  direct,
  errorRate,
  latency,
  type RolloutPolicy,
  shadow,
} from "@mlops/rollout";
import { abTest, createAssignments, shareOf } from "@mlops/rollout/experiments";
import { simulate } from "@mlops/rollout/simulation";

import { describeMachine } from "./lib/machine.ts";
import { median } from "./lib/median.ts";
import { measureProcessorTime, type TimedSubject } from "./lib/processor-time.ts";
import { readQuickOptions } from "./lib/quick-options.ts";
import { createRow, type Row } from "./lib/row.ts";
import { writeSection } from "./lib/sections.ts";
import { writeRows } from "./lib/write-rows.ts";

const guardrails = [latency({ percentile: 95, limitMs: 500 }), errorRate({ limit: 0.02 })];
const hourMs = 3_600_000;
const base = { seed: "costs", guardrails };

/** The strategies of the comparison, and how many predictions a request takes and how many versions are loaded. */
const strategies: readonly {
  readonly name: string;
  readonly policy: RolloutPolicy;
  readonly predictions: number;
  readonly versions: number;
}[] = [
  { name: "direct", policy: direct({ seed: "costs" }), predictions: 1, versions: 1 },
  { name: "shadow", policy: shadow({ ...base, approvals: 0 }), predictions: 2, versions: 2 },
  { name: "blue-green", policy: blueGreen(base), predictions: 1, versions: 2 },
  { name: "canary", policy: canary(base), predictions: 1, versions: 2 },
  {
    name: "A/B, half and half",
    policy: abTest({
      ...base,
      variants: { "2": 0.5 },
      metric: shareOf("bought", { attributionMs: hourMs }),
    }),
    predictions: 1,
    versions: 2,
  },
];

const stable = { p95Ms: 300, errorRate: 0.002 };
const bad = { p95Ms: 300, errorRate: 0.05 };

const options = readQuickOptions("bench:strategies");
if (options !== undefined) await main(options.quick, options.json);

async function main(isQuick: boolean, json: string | undefined): Promise<void> {
  const added = await measureAdded(isQuick);
  const rows: Row[] = [];
  const lines = strategies.map(({ name, policy, predictions, versions }) => {
    const traffic = { stable, requestsPerSecond: 20, runs: isQuick ? 1 : 100, maxDurationMs: 4 * hourMs };
    const healthy = simulate(policy, { ...traffic, candidate: stable });
    const broken = simulate(policy, { ...traffic, candidate: bad });
    const { rolledBack, runs, requestsBeforeRollback, durationMs } = broken;
    const isWatched = rolledBack > 0;
    // A version that is only as good wins no test.
    const minutes = healthy.completed === 0 ? undefined : (healthy.durationMs.p50 ?? 0) / 60_000;
    const ns = median(added.get(name)!);
    const row = (what: string, value: number, unit: string): void => {
      rows.push(createRow({ name: `${name}: ${what}`, value, unit }));
    };
    if (minutes !== undefined) row("time of a healthy version", minutes, "min");
    // Where nothing watches there is no end of them.
    if (isWatched) row("affected requests of a bad one", requestsBeforeRollback.p50 ?? 0, "requests");
    row("added to a request", ns, "ns");
    return [
      name,
      name === "direct" ? "0" : minutes === undefined ? "until one is better" : short(minutes),
      isWatched
        ? `${short(requestsBeforeRollback.p50 ?? 0)} (p95 ${short(requestsBeforeRollback.p95 ?? 0)})`
        : "all, until somebody notices",
      isWatched ? `${short((durationMs.p50 ?? 0) / 60_000)} min` : "never by itself",
      isWatched ? `${rolledBack} of ${runs}` : "–",
      `× ${predictions}`,
      `× ${versions}`,
      `${short(ns)} ns`,
    ];
  });
  const titles = [
    "strategy",
    "healthy: minutes",
    "bad: affected requests",
    "bad: time to rollback",
    "found",
    "predictions",
    "models loaded",
    "added to a request",
  ];
  const about = `20 requests a second; the healthy version has 0.2 % errors, the bad one 5 % against a limit of 2 %; medians of 100 simulated rollouts. Processor time: ${describeMachine()}.`;
  const table = `${formatMarkdown(titles, lines)}\n\n${about}`;
  process.stdout.write(`${table}\n`);
  if (json !== undefined) await writeRows(json, rows);
  if (!isQuick) await writeSection(new URL("../docs/strategies.md", import.meta.url), "costs", table);
}

/** Nanoseconds that routing and guardrails add to a request, without what the shadow itself runs. */
async function measureAdded(isQuick: boolean): Promise<Map<string, number[]>> {
  const keys = Array.from({ length: 1_000 }, (_, user) => `user-${user}`);
  const passes = isQuick ? 2 : 200;
  const predict = (input: number): number => input * 2;
  const alone = definePredictor({ name: "double", version: "1", predict });
  const subjects: TimedSubject[] = [];
  const subject = (name: string, predictor: typeof alone): void => {
    subjects.push({
      name,
      count: passes * keys.length,
      scale: 1_000,
      async run() {
        for (let pass = 0; pass < passes; pass += 1) {
          for (const key of keys) await predictor.predict(1, { key });
        }
      },
    });
  };
  subject("alone", alone);
  for (const { name, policy } of strategies) {
    const rollout = createRollout({
      name: "double",
      versions: { "1": alone, "2": definePredictor({ name: "double", version: "2", predict }) },
      stable: "1",
      store: createMemoryStore(),
      assignments: createAssignments(),
      pollMs: 0,
      // Copies are left out: they cost a prediction each, which is the model's own.
      shadow: { maxConcurrent: 0 },
    });
    await rollout.start("2", policy, { actor: "benchmark" });
    subject(name, rollout);
  }
  const times = await measureProcessorTime(subjects, isQuick ? 1 : 9);
  const without = times.get("alone")!;
  return new Map(
    strategies.map(({ name }) => [name, times.get(name)!.map((time, round) => time - without[round]!)]),
  );
}

function short(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString("en") : String(Number(value.toPrecision(2)));
}

function formatMarkdown(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = titles.map((text, index) =>
    Math.max(text.length, 3, ...rows.map((row) => row[index]!.length)),
  );
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, index) => cell.padEnd(widths[index]!)).join(" | ")} |`;
  return [line(titles), line(widths.map((width) => "-".repeat(width))), ...rows.map(line)].join("\n");
}
