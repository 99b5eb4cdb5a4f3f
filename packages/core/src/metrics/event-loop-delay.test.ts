import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { afterEach, expect, test, vi } from "vitest";
import { EventLoopDelayMonitor } from "./event-loop-delay.ts";

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

/** Gives the monitor histograms that it can be told the maximum of, in milliseconds. */
function stubHistograms(): { max: number; resets: number; isEnabled: boolean }[] {
  const histograms: { max: number; resets: number; isEnabled: boolean }[] = [];
  const monitorEventLoopDelay = (): object => {
    const state = { max: 0, resets: 0, isEnabled: false };
    histograms.push(state);
    return {
      get max() {
        return state.max * 1e6;
      },
      percentile: (percentile: number) => (state.max * 1e6 * percentile) / 100,
      enable: () => (state.isEnabled = true),
      disable: () => (state.isEnabled = false),
      reset: () => {
        state.max = 0;
        state.resets += 1;
      },
    };
  };
  vi.stubGlobal("process", { getBuiltinModule: () => ({ monitorEventLoopDelay }) });
  return histograms;
}

test("tells of a blocked loop, in Node", async () => {
  const monitor = EventLoopDelayMonitor.start(60_000, 0)!;
  await new Promise((resolve) => setTimeout(resolve, 50));
  const end = performance.now() + 100;
  while (performance.now() < end);
  await new Promise((resolve) => setTimeout(resolve, 50));
  const delay = monitor.read(1_000)!;
  monitor.stop();
  expect(delay.maxMs).toBeGreaterThan(50);
  expect(delay.p50Ms).toBeLessThanOrEqual(delay.p99Ms);
  expect(delay.p99Ms).toBeLessThanOrEqual(delay.maxMs);
  expect(delay.overMs).toBe(1_000);
});

test("is absent where the host has no such thing", () => {
  for (const process of [
    undefined,
    {},
    { getBuiltinModule: () => undefined },
    { getBuiltinModule: () => ({}) },
    {
      getBuiltinModule: () => ({
        monitorEventLoopDelay: () => {
          throw new Error("not implemented");
        },
      }),
    },
  ]) {
    vi.stubGlobal("process", process);
    expect(EventLoopDelayMonitor.start(60_000, 0)).toBeUndefined();
  }
});

test("tells nothing before the loop has turned, and only what is beyond the 10 ms it waits for", () => {
  const [older] = [stubHistograms(), EventLoopDelayMonitor.start(1_000, 0)!] as const;
  const monitor = EventLoopDelayMonitor.start(1_000, 0)!;
  expect(monitor.read(1)).toBeUndefined();
  older[2]!.max = 30;
  expect(monitor.read(5)).toEqual({ p50Ms: 5, p99Ms: expect.closeTo(19.7, 9), maxMs: 20, overMs: 5 });
  older[2]!.max = 9;
  expect(monitor.read(5)).toMatchObject({ p50Ms: 0, maxMs: 0 });
});

test("every delay is in a reading at least until the window is over, and gone later", () => {
  const histograms = stubHistograms();
  const monitor = EventLoopDelayMonitor.start(1_000, 0)!;
  const delayOf = (ms: number): void => {
    for (const histogram of histograms) histogram.max = Math.max(histogram.max, ms);
  };
  const seen: (number | undefined)[] = [];
  for (let now = 500; now <= 8_000; now += 500) {
    delayOf(now === 2_500 ? 110 : 11);
    seen.push(monitor.read(now)?.maxMs);
  }
  const last = seen.lastIndexOf(100);
  expect(seen.slice(0, 4)).toEqual([1, 1, 1, 1]);
  expect(seen.slice(4, last + 1).every((ms) => ms === 100)).toBe(true);
  expect(500 * (last + 1) - 2_500).toBeGreaterThanOrEqual(1_000);
  expect(seen.at(-1)).toBe(1);
});

test("stops both histograms", () => {
  const histograms = stubHistograms();
  const monitor = EventLoopDelayMonitor.start(1_000, 0)!;
  expect(histograms.map(({ isEnabled }) => isEnabled)).toEqual([true, true]);
  monitor.stop();
  expect(histograms.map(({ isEnabled }) => isEnabled)).toEqual([false, false]);
});

test("does not keep the process alive", async () => {
  const file = new URL("event-loop-delay.ts", import.meta.url).href;
  const program = `import { EventLoopDelayMonitor } from ${JSON.stringify(file)};
    console.log(EventLoopDelayMonitor.start(1_000, 0) !== undefined);`;
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", program], {
    timeout: 20_000,
  });
  expect(stdout.trim()).toBe("true");
});
