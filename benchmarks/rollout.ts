// `pnpm bench:rollout`: what a rollout costs a request.
import { parseArgs } from "node:util";

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
import { orderOfRound } from "./lib/rounds.ts";
import { formatRows } from "./lib/row-table.ts";
import { createRow, type Row } from "./lib/row.ts";
import { writeRows } from "./lib/write-rows.ts";

const usage = `pnpm bench:rollout [--quick] [--json FILE]

  --quick         a run of a second, to see whether everything works; its figures mean nothing
  --json FILE     write the rows as JSON, too
`;

/** Keys of one pass. */
const keyCount = 1_000;

const { values: options } = parseArgs({
  args: process.argv.slice(2).filter((argument) => argument !== "--"),
  options: {
    quick: { type: "boolean", default: false },
    json: { type: "string" },
    help: { type: "boolean" },
  },
});
if (options.help === true) process.stdout.write(usage);
else await main(options.quick);

interface Subject {
  readonly name: string;
  /** Runs it once for each key. */
  readonly run: () => unknown;
}

async function createSubjects(): Promise<Subject[]> {
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
  return [
    {
      name: "routing decision",
      run: () => {
        let canaries = 0;
        for (const key of keys) canaries += router.route(key) === 0 ? 1 : 0;
        return canaries;
      },
    },
    {
      name: "GrowthBook's hash, version 2",
      run: () => {
        let canaries = 0;
        for (const key of keys) canaries += growthBookNumber(key, "benchmark", 2) < 0.1 ? 1 : 0;
        return canaries;
      },
    },
    { name: "predictor", run: () => ask(direct) },
    { name: "predictor in a rollout with three guardrails", run: () => ask(rollout) },
  ];
}

async function main(isQuick: boolean): Promise<void> {
  const rounds = isQuick ? 1 : 9;
  const passes = isQuick ? 5 : 500;
  const subjects = await createSubjects();
  const times = new Map<string, number[]>(subjects.map(({ name }) => [name, []]));
  for (let round = -1; round < rounds; round += 1) {
    for (const { name, run } of orderOfRound(subjects, Math.max(round, 0))) {
      const start = process.cpuUsage();
      for (let pass = 0; pass < passes; pass += 1) await run();
      const { user, system } = process.cpuUsage(start);
      // The first round warms up. Microseconds for passes of a thousand: nanoseconds for one.
      if (round >= 0) times.get(name)!.push((user + system) / passes);
    }
  }
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
  if (options.json !== undefined) await writeRows(options.json, rows);
}
