// `pnpm bench:drift-monitor`: what it costs to watch a stream, beside counting it in a histogram.
import {
  createDriftMonitor,
  detectDrift,
  type DriftMonitor,
  type MonitorWindow,
  profile,
} from "@mlops/drift";
import { createRandom, kolmogorovDistance, SlidingCells } from "@mlops/stats";

import type { Goal } from "./lib/goal.ts";
import { describeMachine } from "./lib/machine.ts";
import { median } from "./lib/median.ts";
import { measureProcessorTime, type TimedSubject } from "./lib/processor-time.ts";
import { type QuickOptions, readQuickOptions } from "./lib/quick-options.ts";
import { createRow, type Row } from "./lib/row.ts";
import { formatRows } from "./lib/row-table.ts";
import { writeRows } from "./lib/write-rows.ts";

/** What is measured. */
interface Subject extends TimedSubject {
  /** What one of the counted things is: an event's feature, a verdict. */
  readonly unit: string;
}

const options = readQuickOptions("bench:drift-monitor");
if (options !== undefined) await main(options);

async function main({ quick: isQuick, json }: QuickOptions): Promise<void> {
  const rounds = isQuick ? 1 : 7;
  const subjects = [
    ...eventSubjects(isQuick ? 200 : 5_000, 100),
    ...lookSubjects(isQuick ? 500 : 20_000),
    ...verdictSubjects(isQuick ? 20 : 1_000),
  ];
  const times = await measureProcessorTime(subjects, rounds);
  const rowOf = (name: string, against?: string, goal?: Goal): Row => {
    const ratios = times
      .get(name)!
      .map((time, round) => time / (times.get(against ?? name)?.[round] ?? time));
    return createRow({
      name: against === undefined ? name : `${name}, against ${against}`,
      value: median(times.get(name)!),
      unit: subjects.find((subject) => subject.name === name)!.unit,
      against,
      ratio: against === undefined ? undefined : median(ratios),
      ratioRange: against === undefined ? undefined : [Math.min(...ratios), Math.max(...ratios)],
      goal,
    });
  };
  const rows = [
    rowOf("plain histogram of equal widths"),
    rowOf("plain histogram by binary search"),
    rowOf("monitor, windows of rows", "plain histogram of equal widths"),
    rowOf("monitor, windows of rows", "plain histogram by binary search", "<= 5"),
    rowOf("monitor, windows of time", "monitor, windows of rows"),
    rowOf("monitor, sliding", "monitor, windows of rows"),
    rowOf("sliding distance, counted anew", undefined),
    rowOf("sliding distance, kept", "sliding distance, counted anew", "<= 0.05"),
    rowOf("verdict on a window of rows"),
    rowOf("verdict on a sliding window", "verdict on a window of rows", "<= 0.2"),
  ];
  const about = `Median of ${rounds} rounds, in processor time. ${describeMachine()}.`;
  process.stdout.write(`${about}\n\n${formatRows(rows)}\n`);
  if (json !== undefined) await writeRows(json, rows);
}

/** Events with many numbers each; no window is complete, so that counting alone is measured. */
function eventSubjects(events: number, features: number): Subject[] {
  const random = createRandom(1);
  const names = Array.from({ length: features }, (_, index) => `x${index}`);
  const draw = (): Record<string, number> =>
    Object.fromEntries(names.map((name) => [name, random.normal(100, 15)]));
  const reference = profile(Array.from({ length: 3_000 }, draw));
  const rows = Array.from({ length: events }, draw);
  const subject = (name: string, run: () => void): Subject => ({
    name,
    run,
    unit: "ns/event/feature",
    count: events * features,
    scale: 1_000,
  });
  const watched = (name: string, window: MonitorWindow): Subject => {
    const monitor = createDriftMonitor({ reference, window, now: () => 0 });
    return subject(name, () => feed(monitor, rows));
  };
  const edges = Float64Array.from({ length: 1_023 }, (_, index) => 40 + (index * 120) / 1_023);
  const histograms = new Map(names.map((name) => [name, new Float64Array(1_024)]));
  const counting = (name: string, cellOf: (value: number) => number): Subject =>
    subject(name, () => {
      for (const row of rows) {
        for (const [feature, counts] of histograms) {
          const value = row[feature];
          // What everybody has to look at.
          if (value === undefined || !Number.isFinite(value)) continue;
          counts[cellOf(value)]! += 1;
        }
      }
    });
  return [
    counting("plain histogram of equal widths", (value) =>
      Math.min(Math.max(Math.floor(((value - 40) / 120) * 1_024), 0), 1_023),
    ),
    counting("plain histogram by binary search", (value) => {
      let low = 0;
      let high = edges.length;
      while (low < high) {
        const middle = (low + high) >> 1;
        if (edges[middle]! < value) low = middle + 1;
        else high = middle;
      }
      return low;
    }),
    watched("monitor, windows of rows", { rows: Number.MAX_SAFE_INTEGER }),
    watched("monitor, windows of time", { ms: 1_000 }),
    watched("monitor, sliding", { rows: 1_000, sliding: true, every: Number.MAX_SAFE_INTEGER }),
  ];
}

function feed(monitor: DriftMonitor, rows: readonly Record<string, number>[]): void {
  for (const row of rows) monitor.add(row);
}

/** The distance of a sliding window, after each row. */
function lookSubjects(steps: number): Subject[] {
  const random = createRandom(2);
  const reference = new Float64Array(1_024).fill(20);
  const cells = Uint16Array.from({ length: steps }, () => random.integer(1_024));
  const windowSize = 1_000;
  const subject = (name: string, run: () => void): Subject => ({
    name,
    run,
    unit: "µs/row",
    count: steps,
    scale: 1,
  });
  return [
    subject("sliding distance, kept", () => {
      const sliding = new SlidingCells({ reference, windowSize });
      for (const cell of cells) {
        sliding.add(cell);
        if (sliding.kolmogorovDistance > 1) throw new Error("A distance is above 1.");
      }
    }),
    subject("sliding distance, counted anew", () => {
      const counts = new Float64Array(1_024);
      for (let step = 0; step < steps; step += 1) {
        counts[cells[step]!]! += 1;
        if (step >= windowSize) counts[cells[step - windowSize]!]! -= 1;
        if (kolmogorovDistance(reference, counts) > 1) throw new Error("A distance is above 1.");
      }
    }),
  ];
}

/** Verdicts on a thousand numbers. */
function verdictSubjects(features: number): Subject[] {
  const random = createRandom(3);
  const [column] = profile({ x: Float64Array.from({ length: 5_000 }, () => random.normal()) }).columns;
  const reference = {
    ...profile({ x: Float64Array.from({ length: 5_000 }, () => random.normal()) }),
    columns: Array.from({ length: features }, (_, index) => ({ ...column!, name: `x${index}` })),
  };
  const current = {
    ...profile({ x: [0] }),
    rows: 5_000,
    weight: 5_000,
    squaredWeight: 5_000,
    columns: reference.columns,
  };
  const window = { rows: 100, sliding: true, every: 1 } as const;
  const monitor = createDriftMonitor({ reference, window });
  const row = Object.fromEntries(reference.columns.map(({ name }) => [name, 0.1]));
  for (let index = 0; index < 99; index += 1) monitor.add(row);
  const subject = (name: string, run: () => void): Subject => ({
    name,
    run,
    unit: "µs/column",
    count: features,
    scale: 1,
  });
  return [
    subject("verdict on a window of rows", () => {
      if (detectDrift(reference, current).columns.length !== features)
        throw new Error("A column is missing.");
    }),
    // With the row that it takes.
    subject("verdict on a sliding window", () => {
      monitor.add(row);
      if (monitor.verdict().result?.columns.length !== features) throw new Error("A column is missing.");
    }),
  ];
}
