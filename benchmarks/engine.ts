// `pnpm bench:engine`: our engine against the bare runtime, on the same models.
import { parseArgs } from "node:util";

import { formatReport } from "./engine/format-report.ts";
import { createLoads } from "./engine/load.ts";
import { measure } from "./engine/measure.ts";
import { benchmarkModels, quickModels } from "./engine/models.ts";
import { subjects as subjectsByName } from "./engine/subjects.ts";
import { toRows } from "./engine/to-rows.ts";
import { describeMachine } from "./lib/machine.ts";
import { createProgress } from "./lib/progress.ts";
import { exitOnSignals } from "./lib/server-process.ts";
import { writeRows } from "./lib/write-rows.ts";

const usage = `pnpm bench:engine [--quick] [--json FILE] [--rounds N] [--models NAMES]

  --quick         a run of seconds with lighter models, to see whether everything works; its figures mean nothing
  --json FILE     write the rows as JSON, too
  --rounds N      how often everything is measured; default 5, quick 1
  --models NAMES  some of the models, such as small,big
`;

exitOnSignals();
try {
  await main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    // pnpm hands its own separator on: `pnpm bench:engine -- --quick`.
    args: process.argv.slice(2).filter((argument) => argument !== "--"),
    options: {
      quick: { type: "boolean", default: false },
      json: { type: "string" },
      rounds: { type: "string" },
      models: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    process.stdout.write(usage);
    return;
  }
  const { quick, json } = values;
  const rounds = readRounds(values.rounds ?? (quick ? "1" : "5"));
  const namedModels = readModels(values.models);
  const models = quick ? quickModels(namedModels) : namedModels;
  const loads = createLoads({ quick });
  const subjects = Object.keys(subjectsByName);

  const measurements = await measure({ models, subjects, loads, rounds, progress: createProgress() });
  const rows = toRows(measurements, { models, loads, subjects });
  const about = [`Median of ${rounds} rounds.`, `${describeMachine()}.`];
  process.stdout.write(
    `${about.join("\n")}\n\n${formatReport(measurements, rows, { models, loads, subjects })}\n`,
  );
  if (json !== undefined) await writeRows(json, rows);
}

function readRounds(text: string): number {
  const rounds = Number(text);
  if (Number.isInteger(rounds) && rounds >= 1) return rounds;
  throw new Error(`--rounds is ${text}; it has to be a whole number of at least 1.`);
}

function readModels(text: string | undefined): typeof benchmarkModels {
  if (text === undefined) return benchmarkModels;
  return text.split(",").map((name) => {
    const model = benchmarkModels.find((candidate) => candidate.name === name);
    if (model !== undefined) return model;
    throw new Error(
      `--models has ${name}; it may have ${benchmarkModels.map((known) => known.name).join(", ")}.`,
    );
  });
}
