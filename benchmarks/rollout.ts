// `pnpm bench:rollout`: what a rollout costs a request.
import { definePredictor } from "@mlops/core";
import {
  canary,
  createMemoryStore,
  createRollout,
  errorRate,
  growthBookNumber,
  latency,
  outputDistribution,
  Router,
} from "@mlops/rollout";

import { describeMachine } from "./lib/machine.ts";
import { median } from "./lib/median.ts";
import { formatRows } from "./lib/row-table.ts";
import { measureProcessorTime, type TimedSubject } from "./lib/processor-time.ts";
import { type QuickOptions, readQuickOptions } from "./lib/quick-options.ts";
import { createRow, type Row } from "./lib/row.ts";
import { writeRows } from "./lib/write-rows.ts";

/** Keys of one pass. */
const keyCount = 1_000;

const options = readQuickOptions("bench:rollout");
if (options !== undefined) await main(options);

async function createSubjects(passes: number): Promise<TimedSubject[]> {
  const keys = Array.from({ length: keyCount }, (_, user) => `user-${user}`);
  const router = new Router({
    seed: "benchmark",
    variants: [
      { variant: "canary", weight: 0.1 },
      { variant: "stable", weight: 0.9 },
    ],
  });
  const predict = (input: number): { readonly label: string } => ({
    label: input % 2 === 0 ? "even" : "odd",
  });
  const direct = definePredictor({ name: "parity", version: "1", predict });
  const rollout = createRollout({
    name: "parity",
    versions: { "1": direct, "2": definePredictor({ name: "parity", version: "2", predict }) },
    stable: "1",
    store: createMemoryStore(),
    pollMs: 0,
  });
  const policy = canary({
    seed: "benchmark",
    guardrails: [
      latency({ percentile: 95, limitMs: 500 }),
      errorRate({ tolerance: 0.01 }),
      outputDistribution({ cells: { by: "class", field: "label" } }),
    ],
  });
  await rollout.start("2", policy, { actor: "benchmark" });
  const ask = async (predictor: typeof direct): Promise<void> => {
    for (let index = 0; index < keyCount; index += 1) await predictor.predict(index, { key: keys[index] });
  };
  /** Nanoseconds for one, of passes over all keys. */
  const subject = (name: string, pass: () => unknown): TimedSubject => ({
    name,
    count: passes * keyCount,
    scale: 1_000,
    async run() {
      for (let index = 0; index < passes; index += 1) await pass();
    },
  });
  return [
    subject("routing decision", () => {
      let canaries = 0;
      for (const key of keys) canaries += router.route(key) === 0 ? 1 : 0;
      return canaries;
    }),
    subject("GrowthBook's hash, version 2", () => {
      let canaries = 0;
      for (const key of keys) canaries += growthBookNumber(key, "benchmark", 2) < 0.1 ? 1 : 0;
      return canaries;
    }),
    subject("predictor", () => ask(direct)),
    subject("predictor in a rollout with three guardrails", () => ask(rollout)),
  ];
}

async function main({ quick: isQuick, json }: QuickOptions): Promise<void> {
  const rounds = isQuick ? 1 : 9;
  const passes = isQuick ? 5 : 500;
  const times = await measureProcessorTime(await createSubjects(passes), rounds);
  const timesOf = (name: string): number[] => times.get(name)!;
  const rowOf = (name: string, unit: string, own: number[], against?: string): Row =>
    createRow({
      name: against === undefined ? name : `${name}, against ${against}`,
      value: median(own),
      unit,
      against,
      ratio:
        against === undefined ? undefined : median(own.map((time, round) => time / timesOf(against)[round]!)),
    });
  const wrapped = timesOf("predictor in a rollout with three guardrails");
  const added = wrapped.map((time, round) => time - timesOf("predictor")[round]!);
  const rows = [
    rowOf("routing decision", "ns", timesOf("routing decision"), "GrowthBook's hash, version 2"),
    rowOf("predictor", "ns/request", timesOf("predictor")),
    rowOf("predictor in a rollout with three guardrails", "ns/request", wrapped, "predictor"),
    rowOf("what the rollout adds", "ns/request", added),
  ];
  process.stdout.write(
    `Median of ${rounds} rounds, in processor time. ${describeMachine()}.\n\n${formatRows(rows)}\n`,
  );
  if (json !== undefined) await writeRows(json, rows);
}
