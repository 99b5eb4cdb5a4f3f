// `pnpm bench:drift-profile`: what it costs to profile a value, and to merge profiles.
import { DDSketch } from "@datadog/sketches-js";
import {
  createProfileBuilder,
  mergeProfiles,
  parseProfile,
  type Profile,
  profile,
  profileToJson,
} from "@mlops/drift";
import { createRandom, KllSketch, QuantileCells, SlidingCells } from "@mlops/stats";

import { formatRows } from "./lib/row-table.ts";
import type { Goal } from "./lib/goal.ts";
import { describeMachine } from "./lib/machine.ts";
import { median } from "./lib/median.ts";
import { measureProcessorTime, type TimedSubject } from "./lib/processor-time.ts";
import { type QuickOptions, readQuickOptions } from "./lib/quick-options.ts";
import { createRow, type Row } from "./lib/row.ts";
import { writeRows } from "./lib/write-rows.ts";

/** What is measured. */
interface Subject extends TimedSubject {
  /** What one of the counted things is: a value, a merge. */
  readonly unit: string;
}

const options = readQuickOptions("bench:drift-profile");
if (options !== undefined) await main(options);

async function main({ quick: isQuick, json }: QuickOptions): Promise<void> {
  const rounds = isQuick ? 1 : 9;
  const subjects = [...valueSubjects(isQuick ? 20_000 : 1_000_000), ...mergeSubjects(isQuick ? 20 : 1_000)];
  const times = await measureProcessorTime(subjects, rounds);
  const valueOf = (name: string): number => median(times.get(name)!);
  const ratioOf = (name: string, against: string): number =>
    median(times.get(name)!.map((time, round) => time / times.get(against)![round]!));
  const rowOf = (name: string, against?: string, goal?: Goal): Row => {
    const { unit } = subjects.find((subject) => subject.name === name)!;
    const title = against === undefined ? name : `${name}, against ${against}`;
    const ratio = against === undefined ? undefined : ratioOf(name, against);
    return createRow({ name: title, value: valueOf(name), unit, against, ratio, goal });
  };
  const reference = profile({ x: normalValues(isQuick ? 20_000 : 1_000_000) });
  const rows = [
    rowOf("profile, typed array", undefined, "<= 20"),
    rowOf("profile, typed array", "DDSketch, one by one", "<= 1"),
    rowOf("profile, plain array"),
    rowOf("profile, row by row"),
    rowOf("cells alone", "DDSketch, one by one", "<= 0.75"),
    rowOf("cells alone", "KLL, one by one", "<= 0.5"),
    rowOf("KLL, one by one"),
    rowOf("DDSketch, one by one"),
    rowOf("sliding window, insert and read"),
    rowOf("merge of profiles of 100 columns", undefined, "<= 50"),
    createRow({
      name: "JSON of a numeric column",
      value: JSON.stringify(profileToJson(reference)).length / 1024,
      unit: "KB",
      goal: "<= 6",
    }),
  ];
  const about = `Median of ${rounds} rounds, in processor time. ${describeMachine()}.`;
  process.stdout.write(`${about}\n\n${formatRows(rows)}\n`);
  if (json !== undefined) await writeRows(json, rows);
}

function normalValues(count: number): Float64Array {
  const random = createRandom(1);
  return Float64Array.from({ length: count }, () => random.normal(100, 15));
}

function valueSubjects(count: number): Subject[] {
  const values = normalValues(count);
  const plain = [...values];
  const reference = profile({ x: values });
  const cells = QuantileCells.learn(values);
  const counts = new Float64Array(cells.cellCount);
  const referenceCounts = new Float64Array(cells.cellCount);
  cells.countInto(referenceCounts, values);
  const subject = (name: string, run: () => void): Subject => ({
    name,
    run,
    unit: "ns/value",
    count,
    scale: 1_000,
  });
  return [
    subject("profile, typed array", () => {
      createProfileBuilder({ reference }).addAll({ x: values });
    }),
    subject("profile, plain array", () => {
      createProfileBuilder({ reference }).addAll({ x: plain });
    }),
    subject("profile, row by row", () => {
      const builder = createProfileBuilder({ reference });
      for (const x of plain) builder.add({ x });
    }),
    subject("cells alone", () => {
      cells.countInto(counts, values);
    }),
    subject("KLL, one by one", () => {
      const sketch = new KllSketch({ k: 1024 });
      for (const value of values) sketch.add(value);
    }),
    subject("DDSketch, one by one", () => {
      const sketch = new DDSketch({ relativeAccuracy: 0.01 });
      for (const value of values) sketch.accept(value);
    }),
    subject("sliding window, insert and read", () => {
      const sliding = new SlidingCells({ reference: referenceCounts, windowSize: 1_000 });
      for (const value of values) {
        sliding.add(cells.indexOf(value));
        if (sliding.kolmogorovDistance > 1) throw new Error("A distance is above 1.");
      }
    }),
  ];
}

function mergeSubjects(partCount: number): Subject[] {
  const random = createRandom(2);
  const columns = Array.from(
    { length: 100 },
    (_, column) =>
      [
        `column ${column}`,
        Float64Array.from({ length: 5_000 }, () => random.normal(column, column + 1)),
      ] as const,
  );
  const reference = profile(Object.fromEntries(columns));
  const parts = Array.from({ length: partCount }, (): Profile => {
    const start = random.integer(4_800);
    const builder = createProfileBuilder({ reference });
    builder.addAll(
      Object.fromEntries(columns.map(([name, values]) => [name, values.subarray(start, start + 200)])),
    );
    return builder.build();
  });
  // Read once from JSON, as they come from replicas.
  const [first, ...rest] = [parseProfile(JSON.stringify(profileToJson(parts[0]!))), ...parts.slice(1)];
  return [
    {
      name: "merge of profiles of 100 columns",
      unit: "ms/1000 profiles",
      count: partCount,
      scale: 1,
      run: () => {
        const { rows } = mergeProfiles(first!, ...rest);
        if (rows !== 200 * partCount) throw new Error(`The merged profile has ${rows} rows.`);
      },
    },
  ];
}
