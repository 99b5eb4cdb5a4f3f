import { expect, test } from "vitest";
import { profile } from "../profile/create-profile.ts";
import { createDriftMonitor } from "./create-drift-monitor.ts";
import type { DriftMonitor } from "./drift-monitor.ts";
import type { MonitorVerdict } from "./monitor-verdict.ts";
import { drawRows } from "./streams.fixtures.ts";

const reference = profile(drawRows(1_000, 1));
const [row] = drawRows(1, 2);

function watch(lateMs: number): {
  readonly monitor: DriftMonitor;
  readonly verdicts: MonitorVerdict[];
  readonly at: (now: number, time?: number) => void;
  readonly goTo: (now: number) => void;
} {
  let clock = 0;
  const verdicts: MonitorVerdict[] = [];
  const monitor = createDriftMonitor({
    reference,
    window: { ms: 100, lateMs },
    now: () => clock,
    onVerdict: (verdict) => verdicts.push(verdict),
  });
  return {
    monitor,
    verdicts,
    at: (now, time) => {
      clock = now;
      monitor.add(row!, time === undefined ? {} : { time });
    },
    goTo: (now) => {
      clock = now;
    },
  };
}

test("a window ends with its last millisecond, by the clock", () => {
  const { monitor, verdicts, at, goTo } = watch(0);
  at(1_000);
  at(1_099);
  expect(monitor.verdict()).toMatchObject({ look: null, rows: 0 });
  goTo(1_100);
  expect(monitor.verdict()).toMatchObject({
    look: 1,
    rows: 2,
    window: { unit: "ms", from: 1_000, to: 1_100 },
  });
  at(1_100);
  expect(verdicts).toHaveLength(1);
});

test("rows come in any order while their window is open, and are counted as late after it", () => {
  const { monitor, verdicts, at, goTo } = watch(50);
  at(1_000, 1_000);
  at(1_120, 1_110);
  at(1_130, 1_099);
  at(1_149, 1_001);
  expect(verdicts).toEqual([]);
  at(1_150, 1_050);
  expect(verdicts.map(({ rows }) => rows)).toEqual([3]);
  expect(monitor.health()).toMatchObject({ rows: 4, lateRows: 1, earlyRows: 0 });
  goTo(1_250);
  expect(monitor.verdict()).toMatchObject({ look: 2, rows: 1 });
});

test("a row of a clock that is ahead is kept for one window, and not further", () => {
  const { monitor, at, goTo } = watch(0);
  at(1_050, 1_120);
  at(1_050, 1_201);
  at(1_050, Number.NaN);
  expect(monitor.health()).toMatchObject({ rows: 1, earlyRows: 1, lateRows: 1 });
  goTo(1_100);
  expect(monitor.verdict().look).toBeNull();
  goTo(1_200);
  expect(monitor.verdict()).toMatchObject({ look: 1, rows: 1, window: { from: 1_100 } });
});

test("windows without rows are no looks, and make the verdict before them out of date", () => {
  const { monitor, verdicts, at, goTo } = watch(0);
  at(1_000);
  goTo(1_150);
  expect(monitor.verdict().look).toBe(1);
  goTo(5_000);
  expect(monitor.verdict()).toMatchObject({
    status: "not-enough-data",
    reason: "The latest complete window of 100 ms has 0 rows.",
    look: null,
    rows: 0,
    window: { from: 4_900 },
  });
  at(5_000);
  goTo(5_100);
  expect(monitor.verdict()).toMatchObject({ look: 2 });
  expect(verdicts).toHaveLength(2);
});

test("only so many windows are open, whatever the times of the rows", () => {
  const { monitor, at } = watch(250);
  for (let time = 0; time < 20_000; time += 7) at(10_000, time);
  const { windows } = monitor.toJson();
  // ⌈250 / 100⌉ + 3
  expect(windows.kind === "time" && windows.open.length).toBeLessThanOrEqual(6);
  expect(windows.kind === "time" && windows.open.map(({ from }) => from)).toEqual([
    9_700, 9_800, 9_900, 10_000, 10_100,
  ]);
});
