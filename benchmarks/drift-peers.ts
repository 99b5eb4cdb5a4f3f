// `pnpm bench:drift-peers`: the Kolmogorov-Smirnov test beside SciPy's, a drift report beside Evidently's.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { detectDrift } from "@mlops/drift";
import { toHtml } from "@mlops/drift/report";
import { createKsReference, createRandom, ksTwoSample } from "@mlops/stats";

import type { Goal } from "./lib/goal.ts";
import { describeMachine } from "./lib/machine.ts";
import { median } from "./lib/median.ts";
import { createProgress } from "./lib/progress.ts";
import { type QuickOptions, readQuickOptions } from "./lib/quick-options.ts";
import { formatRows } from "./lib/row-table.ts";
import { createRow, type Row } from "./lib/row.ts";
import { writeRows } from "./lib/write-rows.ts";
import { type PythonTasks, startPythonTasks } from "./peers/python-tasks.ts";
import { driftPeers, findPython } from "./peers/python.ts";

const columnCount = 20;

type Columns = Readonly<Record<string, Float64Array>>;

/** The data of both sides; every second column has moved by a tenth of its spread. */
interface Sides {
  readonly reference: Columns;
  readonly current: Columns;
}

/** What is measured: a task of ours, and the peer's. */
interface Comparison {
  readonly name: string;
  readonly goal: Goal;
  readonly against: string;
  readonly peer: string;
  readonly run: () => number;
}

const options = readQuickOptions("bench:drift-peers");
if (options !== undefined) await main(options);

async function main({ quick: isQuick, json }: QuickOptions): Promise<void> {
  const progress = createProgress();
  const rowCount = isQuick ? 5_000 : 1_000_000;
  const rounds = isQuick ? 1 : 3;
  const sides = createSides(rowCount);
  const comparisons = createComparisons(sides);
  const python = await findPython({ needs: driftPeers, install: !isQuick, progress });
  if (!python.available) progress(`The peers are not measured: ${python.reason}`);
  const folder = await mkdtemp(join(tmpdir(), "drift-peers-"));
  let rows: Row[];
  try {
    const peers = python.available ? await startPeers(python.executable, folder, sides) : undefined;
    rows = [];
    for (const comparison of comparisons) {
      progress(`${comparison.name} …`);
      rows.push(await compare(comparison, peers, rounds));
    }
    peers?.close();
  } finally {
    await rm(folder, { recursive: true });
  }
  const about = [
    `${rowCount} rows on either side, ${columnCount} columns in the report.`,
    `Median of ${rounds} rounds, in processor time.`,
    `${describeMachine()}${python.available ? `; ${python.description}` : ""}.`,
  ].join(" ");
  process.stdout.write(`${about}\n\n${formatRows(rows)}\n`);
  if (json !== undefined) await writeRows(json, rows);
}

function createSides(rowCount: number): Sides {
  const random = createRandom(1);
  const side = (shift: number): Columns =>
    Object.fromEntries(
      Array.from({ length: columnCount }, (_, column) => [
        `column ${column}`,
        Float64Array.from({ length: rowCount }, () => random.normal(column % 2 === 0 ? 0 : shift, 1)),
      ]),
    );
  return { reference: side(0), current: side(0.1) };
}

function createComparisons({ reference, current }: Sides): Comparison[] {
  const [first, second] = [reference["column 0"]!, current["column 0"]!];
  const frozen = createKsReference(first);
  return [
    {
      name: "KS of two samples",
      goal: "<= 0.25",
      against: "SciPy ks_2samp",
      peer: "ks",
      run: () => ksTwoSample(first, second).statistic,
    },
    {
      name: "KS against a frozen reference",
      goal: "<= 0.1667",
      against: "SciPy ks_2samp",
      peer: "ks",
      run: () => frozen.test(second).statistic,
    },
    {
      name: "drift report",
      goal: "<= 0.1",
      against: "Evidently DataDriftPreset",
      peer: "report",
      run: () => toHtml(detectDrift(reference, current)).length,
    },
  ];
}

async function startPeers(executable: string, folder: string, sides: Sides): Promise<PythonTasks> {
  for (const [name, columns] of Object.entries<Columns>({ ...sides })) {
    const bytes = Object.values(columns).map((values) => new Uint8Array(values.buffer));
    await writeFile(join(folder, `${name}.f64`), Buffer.concat(bytes));
  }
  return startPythonTasks(executable, "drift_peers.py", [folder, String(columnCount)]);
}

/** Takes turns, after one round to warm up. */
async function compare(
  { name, goal, against, peer, run }: Comparison,
  peers: PythonTasks | undefined,
  rounds: number,
): Promise<Row> {
  const ours: number[] = [];
  const ratios: number[] = [];
  for (let round = 0; round <= rounds; round += 1) {
    const start = process.cpuUsage();
    const result = run();
    const { user, system } = process.cpuUsage(start);
    const theirs = await peers?.run(peer);
    // Both have computed the same number.
    if (peer === "ks" && theirs !== undefined && Math.abs(theirs.result - result) > 1e-12)
      throw new Error(`The statistics differ: ${result} and ${theirs.result}.`);
    if (round === 0) continue;
    ours.push((user + system) / 1_000);
    if (theirs !== undefined) ratios.push((user + system) / 1_000_000 / theirs.seconds);
  }
  return createRow({
    name: `${name}, against ${against}`,
    value: median(ours),
    unit: "ms",
    against,
    goal,
    ...(ratios.length > 0 && {
      ratio: median(ratios),
      ratioRange: [Math.min(...ratios), Math.max(...ratios)] as const,
    }),
  });
}
