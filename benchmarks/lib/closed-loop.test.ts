import { setImmediate } from "node:timers/promises";

import { describe, expect, test } from "vitest";

import { runClosedLoop } from "./closed-loop.ts";

const noProblem = (): undefined => undefined;

describe("runClosedLoop", () => {
  test("sends each request once, in order, and never more at once than there are clients", async () => {
    const sent: number[] = [];
    let running = 0;
    let mostRunning = 0;
    const result = await runClosedLoop({
      concurrency: 4,
      maxRequests: 21,
      maxMs: Infinity,
      async send(index) {
        sent.push(index);
        running += 1;
        mostRunning = Math.max(mostRunning, running);
        await setImmediate();
        running -= 1;
      },
      findProblem: noProblem,
    });
    expect(sent).toEqual(Array.from({ length: 21 }, (_, index) => index));
    expect(mostRunning).toBe(4);
    expect(result.latenciesMs).toHaveLength(21);
    expect(result).toMatchObject({ errors: 0, firstProblem: undefined });
  });

  test("stops when the time is over", async () => {
    const result = await runClosedLoop({
      concurrency: 2,
      maxRequests: Infinity,
      maxMs: 20,
      send: () => setImmediate(),
      findProblem: noProblem,
    });
    expect(result.durationMs).toBeGreaterThanOrEqual(20);
    expect(result.latenciesMs.length).toBeGreaterThan(0);
  });

  test("counts a wrong answer and a rejection as errors, and leaves their latencies out", async () => {
    const result = await runClosedLoop({
      concurrency: 1,
      maxRequests: 6,
      maxMs: Infinity,
      async send(index) {
        if (index === 4) throw new Error("connection reset");
        return index;
      },
      findProblem: (answer) => (answer === 2 ? "2 is wrong" : undefined),
    });
    expect(result.latenciesMs).toHaveLength(4);
    expect(result).toMatchObject({ errors: 2, firstProblem: "2 is wrong" });
  });
});
