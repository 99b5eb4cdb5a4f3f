import { expect, test } from "vitest";

import { readMainThreadTasks, type TraceEvent } from "./main-thread-tasks.ts";

const main = { pid: 1, tid: 2 };
const task = (dur: number, tdur: number): TraceEvent => ({
  ...main,
  name: "ThreadControllerImpl::RunTask",
  ph: "X",
  dur,
  tdur,
});
const named: TraceEvent = { ...main, name: "thread_name", ph: "M", args: { name: "CrRendererMain" } };

test("tasks of the main thread are counted by the clock and in processor time", () => {
  const other = { ...task(900_000, 900_000), tid: 3 };
  expect(readMainThreadTasks([named, other, task(80_000, 4000), task(1000, 1000)])).toEqual({
    count: 2,
    longestMs: 80,
    longestComputingMs: 4,
    long: 1,
    longComputing: 0,
  });
});

test("a task without its processor time counts with all of its time", () => {
  const { tdur: _, ...untimed } = task(70_000, 0);
  expect(readMainThreadTasks([named, task(1000, 1000), untimed])).toMatchObject({
    longestComputingMs: 70,
    longComputing: 1,
  });
});

test("a trace without tasks, or without processor times, is no measurement", () => {
  expect(() => readMainThreadTasks([named])).toThrow("no task");
  const { tdur: _, ...untimed } = task(1, 1);
  expect(() => readMainThreadTasks([named, untimed])).toThrow("no processor times");
});
