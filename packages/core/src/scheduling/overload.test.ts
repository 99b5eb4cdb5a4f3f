import { expect, test } from "vitest";

import { seededNormal } from "./seeded-normal.fixtures.ts";
import { simulate, type SimulatedLoad } from "./simulated-load.fixtures.ts";

// The law of overload-soak.test.ts on a clock that is moved by hand: whatever is offered, and
// whatever the runs do, what is answered in time stays near what the model can do.

const fixedMs = 4;
const perRowMs = 0.25;
const costMs = (rows: number): number => fixedMs + perRowMs * rows;
/** Rows in a millisecond, in full batches. */
const peak = 64 / costMs(64);
const normal = seededNormal(3);

const within =
  (least: number, most: number): SimulatedLoad["requestOf"] =>
  (random) => ({ deadlineMs: least + random() * (most - least) });

interface Case {
  readonly name: string;
  /** What arrives, as a multiple of the peak. */
  readonly times: number;
  /** What has to be answered in time, as a fraction of the peak. */
  readonly least: number;
  readonly load?: Partial<SimulatedLoad>;
}

const cases: Case[] = [
  { name: "half the peak", times: 0.5, least: 0.47 },
  { name: "nine tenths of the peak", times: 0.9, least: 0.85 },
  { name: "a little too much", times: 1.1, least: 0.95 },
  { name: "twice the peak", times: 2, least: 0.98 },
  { name: "ten times the peak", times: 10, least: 0.98 },
  { name: "two lanes", times: 4, least: 1.95, load: { laneCount: 2 } },
  {
    name: "runs that differ by a sixth",
    times: 10,
    least: 0.93,
    load: { runMs: (rows) => costMs(rows) * Math.max(1 + normal() / 6, 0.5) },
  },
  {
    name: "runs of which each 25th takes ten times as long, which is a quarter of the time",
    times: 10,
    least: 0.95 * (25 / 34),
    load: { runMs: (rows, run) => costMs(rows) * (run % 25 === 0 ? 10 : 1) },
  },
  {
    name: "runs that took five times as long a moment ago",
    times: 10,
    least: 0.97,
    load: { runMs: (rows, run) => costMs(rows) * (run < 10 ? 5 : 1), countFromMs: 1_050 },
  },
  {
    name: "a half that has no deadline",
    times: 10,
    least: 0.97,
    load: { requestOf: (random) => (random() < 0.5 ? {} : within(50, 150)(random)) },
  },
  {
    name: "a tenth that has little time",
    times: 10,
    least: 0.97,
    load: { requestOf: (random) => ({ deadlineMs: random() < 0.1 ? 12 : 100 }) },
  },
  {
    name: "deadlines of one and a half full batches",
    times: 10,
    least: 0.75,
    load: { requestOf: () => ({ deadlineMs: 30 }) },
  },
  {
    // A request waits for half a batch and runs in one: with batches of 14 rows there is just time.
    name: "deadlines of less than a full batch",
    times: 0.5,
    least: 0.45,
    load: { requestOf: () => ({ deadlineMs: 15 }) },
  },
  {
    name: "priorities",
    times: 10,
    least: 0.97,
    load: {
      requestOf: (random) => ({ ...within(50, 150)(random), priority: random() < 0.3 ? "high" : "low" }),
    },
  },
  {
    name: "a run for each request",
    times: 1,
    least: 0.98 / (5 * peak),
    load: { shareRuns: false, runMs: () => 5 },
  },
];

test.each(cases)("goodput at overload: $name", async ({ times, least, load }) => {
  const { goodPerMs, outcomes } = await simulate({
    perMs: times * peak,
    forMs: 1_500,
    countFromMs: 100,
    runMs: costMs,
    requestOf: within(50, 150),
    maxQueueSize: 512,
    ...load,
  });
  expect(goodPerMs / peak).toBeGreaterThanOrEqual(least);
  const known = ["good", "late", "OVERLOADED", "DEADLINE_EXCEEDED"];
  expect(Object.keys(outcomes).filter((outcome) => !known.includes(outcome))).toEqual([]);
});
