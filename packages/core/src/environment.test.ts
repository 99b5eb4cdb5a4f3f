import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

import { systemEnvironment } from "./environment.ts";

describe("systemEnvironment", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test("calls back once, after the delay", () => {
    const callback = vi.fn<() => void>();
    systemEnvironment.setTimer(callback, 100);
    vi.advanceTimersByTime(99);
    expect(callback).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1000);
    expect(callback).toHaveBeenCalledOnce();
  });

  test("does not call back when it was cancelled", () => {
    const callback = vi.fn<() => void>();
    systemEnvironment.setTimer(callback, 100)();
    expect(vi.getTimerCount()).toBe(0);
    vi.advanceTimersByTime(1000);
    expect(callback).not.toHaveBeenCalled();
  });

  test.each([2 ** 31, 2 ** 40, Infinity])(
    "does not hand the host a delay of %d, on which it would fire at once",
    (delayMs) => {
      const setTimeout = vi.spyOn(globalThis, "setTimeout");
      systemEnvironment.setTimer(() => {}, delayMs)();
      expect(setTimeout).toHaveBeenCalledWith(expect.any(Function), 2 ** 31 - 1);
    },
  );

  test("defers past everything that waits for an answer", async () => {
    const order: string[] = [];
    systemEnvironment.defer(() => order.push("deferred"));
    order.push("now");
    await Promise.resolve().then(() => order.push("promise"));
    vi.runAllTimers();
    expect(order).toEqual(["now", "promise", "deferred"]);
  });
});

test("systemEnvironment counts milliseconds since the Unix epoch, and never back", () => {
  const readings = Array.from({ length: 1000 }, () => systemEnvironment.now());
  expect(readings).toEqual(readings.toSorted((a, b) => a - b));
  expect(readings[0]).toBeGreaterThan(Date.UTC(2024, 0));
});
