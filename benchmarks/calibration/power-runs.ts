import { createProfileBuilder, detectDrift, profile } from "@mlops/drift";
import { detectLike, type ParityTool } from "@mlops/drift/parity";
import { createRandom, type Random } from "@mlops/stats";

import { rivals, type Share } from "./null-runs.ts";

const referenceRows = 5_000;
const windowRows = 1_000;
const unchangedColumns = 19;

/** Something that happens to the last of 20 columns. */
interface Scenario {
  readonly name: string;
  reference(random: Random): unknown;
  current(random: Random): unknown;
}

const normal = (random: Random): number => random.normal();
const category = (random: Random): string => "abcde"[random.integer(5)]!;

/** What can happen to a column, each at a size that a person would want to hear of. */
const scenarios: readonly Scenario[] = [
  { name: "nothing", reference: normal, current: normal },
  { name: "shift by 0.5 σ", reference: normal, current: (random) => random.normal(0.5) },
  { name: "shift by 0.2 σ", reference: normal, current: (random) => random.normal(0.2) },
  { name: "scale × 1.5", reference: normal, current: (random) => random.normal(0, 1.5) },
  {
    name: "shape: two humps, same mean and variance",
    reference: normal,
    current: (random) => (random() < 0.5 ? -1 : 1) * 0.9 + random.normal(0, Math.sqrt(1 - 0.81)),
  },
  {
    name: "missing, 1 % to 5 %",
    reference: (random) => (random() < 0.01 ? null : random.normal()),
    current: (random) => (random() < 0.05 ? null : random.normal()),
  },
  {
    name: "a new category in 3 % of rows",
    reference: category,
    current: (random) => (random() < 0.03 ? "new" : category(random)),
  },
];

/** How many rounds, and from which seed. */
export interface PowerOptions {
  readonly rounds: number;
  /** In how many of them the other tools' rules are applied as well. */
  readonly roundsForOthers: number;
  readonly seed: number;
}

/** How often a change was found, by scenario and tool; ours is `drift`. */
export type PowerResult = Readonly<Record<string, Readonly<Record<string, Share>>>>;

/** One column of 20 changes, at 1,000 rows against 5,000; also two columns that come to depend on each other. */
export function runPower({ rounds, roundsForOthers, seed }: PowerOptions): PowerResult {
  const random = createRandom(seed);
  const result: Record<string, Record<string, { alarms: number; runs: number }>> = {};
  const count = (scenario: string, tool: string, isDrift: boolean): void => {
    const share = ((result[scenario] ??= {})[tool] ??= { alarms: 0, runs: 0 });
    share.runs += 1;
    if (isDrift) share.alarms += 1;
  };
  for (let round = 0; round < rounds; round += 1) {
    const unchanged = Array.from({ length: unchangedColumns }, () => ({
      before: draw(referenceRows, () => random.normal()),
      after: draw(windowRows, () => random.normal()),
    }));
    const before = Object.fromEntries(unchanged.map((column, index) => [`x${index}`, column.before]));
    const after = Object.fromEntries(unchanged.map((column, index) => [`x${index}`, column.after]));
    const base = profile(before);
    const builder = createProfileBuilder({ reference: base });
    builder.addAll(after);
    const baseCurrent = builder.build();
    const hasOthers = round < roundsForOthers;
    const baseAlarms = new Map(hasOthers ? rivals.map((tool) => [tool, alarmsOf(tool, before, after)]) : []);
    for (const changed of changesOf(random)) {
      const reference = profile(changed.before);
      const counting = createProfileBuilder({ reference });
      counting.addAll(changed.after);
      const verdict = detectDrift(
        { ...base, columns: [...base.columns, ...reference.columns] },
        { ...baseCurrent, columns: [...baseCurrent.columns, ...counting.build().columns] },
      );
      count(changed.name, "drift", verdict.status === "drift");
      if (!hasOthers) continue;
      for (const tool of rivals) {
        const alarms = baseAlarms.get(tool)! + alarmsOf(tool, changed.before, changed.after);
        const columns = unchangedColumns + Object.keys(changed.before).length;
        count(changed.name, tool, tool === "evidently" ? alarms / columns >= 0.5 : alarms > 0);
      }
    }
  }
  return result;
}

interface Change {
  readonly name: string;
  readonly before: Readonly<Record<string, ArrayLike<unknown>>>;
  readonly after: Readonly<Record<string, ArrayLike<unknown>>>;
}

function changesOf(random: Random): Change[] {
  const single = scenarios.map((scenario): Change => ({
    name: scenario.name,
    before: { y: Array.from({ length: referenceRows }, () => scenario.reference(random)) },
    after: { y: Array.from({ length: windowRows }, () => scenario.current(random)) },
  }));
  const first = draw(windowRows, () => random.normal());
  const correlated: Change = {
    name: "correlation of two columns, 0 to 0.8",
    before: {
      y: draw(referenceRows, () => random.normal()),
      z: draw(referenceRows, () => random.normal()),
    },
    after: { y: first, z: first.map((value) => 0.8 * value + random.normal(0, 0.6)) },
  };
  return [...single, correlated];
}

function draw(rows: number, next: () => number): Float64Array {
  return Float64Array.from({ length: rows }, next);
}

function alarmsOf(tool: ParityTool, before: Change["before"], after: Change["after"]): number {
  return detectLike(tool, before, after).columns.filter(({ isDrift }) => isDrift).length;
}
