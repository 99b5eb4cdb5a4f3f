// `pnpm bench`: the device-price server against Flask with onnxruntime, on the same model.
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

import { openModelPackage } from "@mlops/core";

import { formatReport } from "./device-price/format-report.ts";
import { measure } from "./device-price/measure.ts";
import { createScenarios } from "./device-price/scenarios.ts";
import {
  flask,
  flaskAsItComes,
  ownName,
  ownServer,
  ownServerWithoutKeepAlive,
  peerName,
} from "./device-price/subjects.ts";
import { toRows } from "./device-price/to-rows.ts";
import { describeMachine } from "./lib/machine.ts";
import { createProgress } from "./lib/progress.ts";
import { exitOnSignals } from "./lib/server-process.ts";
import { writeRows } from "./lib/write-rows.ts";
import { findPython, servingPeers } from "./peers/python.ts";

const usage = `pnpm bench [--quick] [--json FILE] [--rounds N] [--model FOLDER] [--no-install | --no-peers]

  --quick         a run of seconds, to see whether everything works; its figures mean nothing
  --json FILE     write the rows as JSON, too
  --rounds N      how often everything is measured; default 7, quick 1
  --model FOLDER  the model package; default examples/device-price/model
  --no-install    leave Flask out where it is not installed
  --no-peers      measure our server alone
`;

/** What the paper's authors measured with Flask on their own machine, for context. */
const paper = "The paper's own Flask, elsewhere: 100 requests, mean 244 ms, max 1,248 ms, 39.65 requests/s.";

exitOnSignals();
try {
  await main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    // pnpm hands its own separator on: `pnpm bench -- --quick`.
    args: process.argv.slice(2).filter((argument) => argument !== "--"),
    options: {
      quick: { type: "boolean", default: false },
      json: { type: "string" },
      rounds: { type: "string" },
      model: { type: "string" },
      "no-install": { type: "boolean", default: false },
      "no-peers": { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    process.stdout.write(usage);
    return;
  }
  const { quick, json, model } = values;
  const rounds = readRounds(values.rounds ?? (quick ? "1" : "7"));
  const modelFolder = model ?? fileURLToPath(new URL("../examples/device-price/model/", import.meta.url));
  const progress = createProgress();

  const modelPackage = await openModelPackage(modelFolder);
  const python = values["no-peers"]
    ? ({ available: false, reason: "--no-peers was given" } as const)
    : await findPython({ needs: servingPeers, install: !values["no-install"], progress });
  const own = [ownServer(modelFolder), ownServerWithoutKeepAlive(modelFolder)];
  const peers = python.available ? [flask(python, modelFolder), flaskAsItComes(python, modelFolder)] : [];
  if (!python.available) progress(`Flask is not measured: ${python.reason}`);

  const scenarios = createScenarios({ quick });
  const all = [...own, ...peers];
  const measurements = await measure({ modelPackage, subjects: all, scenarios, rounds, progress });

  const subjects = all.map(({ name }) => name);
  const rows = toRows(measurements, { scenarios, subjects, own: ownName, peer: peerName });
  const about = [
    `${modelPackage.manifest.name} ${modelPackage.manifest.version}, median of ${rounds} rounds.`,
    `${describeMachine()}${python.available ? `; ${python.description}` : "; no Flask"}.`,
    paper,
  ];
  process.stdout.write(
    `${about.join("\n")}\n\n${formatReport(measurements, rows, { scenarios, subjects })}\n`,
  );
  if (json !== undefined) await writeRows(json, rows);
}

function readRounds(text: string): number {
  const rounds = Number(text);
  if (Number.isInteger(rounds) && rounds >= 1) return rounds;
  throw new Error(`--rounds is ${text}; it has to be a whole number of at least 1.`);
}
