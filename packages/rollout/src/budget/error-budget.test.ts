import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { defaultAlerts, errorBudget, type ErrorBudgetOptions } from "./error-budget.ts";
import type { BudgetGate, BudgetVerdict } from "./budget-gate.ts";

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const start = 20_000 * day;

/** `failures` of `requests` at a time. */
function count(gate: BudgetGate, at: number, requests: number, failures: number): void {
  for (let index = 0; index < requests; index += 1) {
    gate.observe(index < failures ? "failure" : "success", 10, at);
  }
}

function judge(gate: BudgetGate, now: number): BudgetVerdict {
  return gate.judge([JSON.parse(JSON.stringify(gate.counts()))], now);
}

const burning = ({ windows }: BudgetVerdict): number[] =>
  windows.filter(({ isBurning }) => isBurning).map(({ longMs }) => longMs / hour);

describe("the factors", () => {
  // Sloth's internal/alert/windows for 28 and 30 days; those of 30 days are the workbook's.
  test.each([
    [30, [14.4, 6, 3, 1]],
    [28, [13.44, 5.6, 2.8, 0.933]],
  ])("of %i days are those of Sloth", (days, factors) => {
    const { windows } = judge(errorBudget({ objective: 0.999, periodMs: days * day }), start);
    expect(windows.map(({ factor }) => Number(factor.toFixed(3)))).toEqual(factors);
  });

  test("each short window is a twelfth of its long one", () => {
    expect(defaultAlerts.map(({ longMs, shortMs }) => longMs / shortMs)).toEqual([12, 12, 12, 12]);
  });
});

describe("a pair of windows", () => {
  const now = start + 3 * day;

  /** Even traffic of three days, and a share of failures in its last hours. */
  function afterOutage(lastMs: number, share: number, quietMs = 0): BudgetVerdict {
    const gate = errorBudget({ objective: 0.999 });
    for (let at = start; at < now; at += minute) {
      const isBad = at >= now - lastMs && at < now - quietMs;
      count(gate, at, 100, isBad ? Math.round(100 * share) : 0);
    }
    return judge(gate, now - 1);
  }

  test("alarms where the short and the long one both burn too fast", () => {
    expect(burning(afterOutage(hour, 0.02))).toEqual([1]);
    expect(afterOutage(hour, 0.02)).toMatchObject({
      isLeft: false,
      reason: expect.stringMatching(
        /^the budget of 99\.9 % burns 19\.7 times as fast .* over 1 h and 20 times over 5 min/,
      ),
    });
  });

  test("does not where only the short one does, for a moment", () => {
    const verdict = afterOutage(2 * minute, 0.1);
    expect(verdict.windows[0]!.shortBurn).toBeGreaterThan(14.4);
    expect(burning(verdict)).toEqual([]);
    expect(verdict.isLeft).toBe(true);
  });

  test("does not where only the long one does, as it is over", () => {
    const verdict = afterOutage(hour, 0.03, 10 * minute);
    expect(verdict.windows[0]!.longBurn).toBeGreaterThan(14.4);
    expect(verdict.windows[0]!.isBurning).toBe(false);
  });

  test("a slow burn is found by the longer ones alone", () => {
    expect(burning(afterOutage(2 * day, 0.01))).toEqual([6, 24, 72]);
  });

  test("at exactly the factor it does not alarm", () => {
    // 14.4 times 0.1 % is 144 of 10,000; 1 - 0.999 is a little more than 0.001.
    for (const [failures, isBurning] of [
      [144, false],
      [145, true],
    ] as const) {
      const gate = errorBudget({ objective: 0.999, alerts: [defaultAlerts[0]!] });
      count(gate, start, 10_000, failures);
      expect(judge(gate, start).windows[0]!.isBurning, String(failures)).toBe(isBurning);
    }
  });

  test("and not by what 1 - 0.9 lacks to 0.1", () => {
    const alerts = [{ longMs: 3 * day, shortMs: 6 * hour, budget: 0.1 }];
    const gate = errorBudget({ objective: 0.9, alerts });
    count(gate, start, 100, 10);
    expect(judge(gate, start).windows[0]).toMatchObject({ factor: 1, isBurning: false });
  });

  test("few failures are no rate", () => {
    const gate = errorBudget({ objective: 0.999 });
    count(gate, start, 20, 4);
    expect(judge(gate, start)).toMatchObject({ isLeft: true, failures: 4 });
    count(gate, start, 1, 1);
    expect(judge(gate, start)).toMatchObject({ isLeft: false, failures: 5 });
  });
});

describe("the budget of the period", () => {
  const alerts = [{ longMs: hour, shortMs: hour, budget: 1 }];

  test("is used up by what burned before, though nothing burns now", () => {
    const gate = errorBudget({ objective: 0.99, periodMs: 10 * day, alerts });
    for (let at = start; at < start + 10 * day; at += 10 * minute) {
      count(gate, at, 100, at < start + 2 * day ? 6 : 0);
    }
    const verdict = judge(gate, start + 10 * day - 1);
    expect(verdict.consumed).toBeCloseTo(1.2, 1);
    expect(verdict).toMatchObject({ isLeft: false, reason: expect.stringContaining("used up") });
    expect(burning(verdict)).toEqual([]);
    // Two days on, those failures are out of the period.
    expect(judge(gate, start + 12.5 * day)).toMatchObject({ isLeft: true, failures: 0 });
  });

  test("a service of one day has used a tenth of ten days at most", () => {
    const gate = errorBudget({ objective: 0.99, periodMs: 10 * day, alerts });
    for (let at = start; at < start + day; at += 10 * minute) count(gate, at, 100, 1);
    expect(judge(gate, start + day - 1).consumed).toBeCloseTo(0.1, 2);
  });

  test("before any traffic it is whole", () => {
    expect(judge(errorBudget({ objective: 0.99 }), start)).toMatchObject({
      isLeft: true,
      consumed: 0,
      reason: "no request has been counted yet",
    });
  });
});

describe("counts", () => {
  const observations = fc.array(
    fc.record({
      at: fc.integer({ min: start, max: start + 40 * day }),
      fails: fc.boolean(),
      replica: fc.nat(2),
    }),
    { maxLength: 200 },
  );

  test("of replicas together are those of one that had seen all", () => {
    fc.assert(
      fc.property(observations, fc.nat(4), (all, hours) => {
        const inOrder = [...all].sort((a, b) => a.at - b.at);
        const now = (inOrder.at(-1)?.at ?? start) + hours * hour;
        const [one, ...replicas] = Array.from({ length: 4 }, () => errorBudget({ objective: 0.9 }));
        for (const { at, fails, replica } of inOrder) {
          for (const gate of [one!, replicas[replica]!]) gate.observe(fails ? "failure" : "success", 1, at);
        }
        const merged = one!.judge(
          replicas.map((gate) => gate.counts()),
          now,
        );
        const alone = one!.judge([one!.counts()], now);
        expect(merged).toEqual(alone);
        // And what the last hour holds is the truth of it, but for the minute that a bucket is long.
        const { requests } = alone.windows[0]!;
        const within = (ms: number): number => all.filter(({ at }) => at > now - ms).length;
        expect(requests).toBeGreaterThanOrEqual(within(hour));
        expect(requests).toBeLessThanOrEqual(within(hour + minute));
      }),
      { seed: 5, numRuns: 100 },
    );
  });

  test("stay small, however long they are counted", () => {
    const gate = errorBudget({ objective: 0.999 });
    for (let at = start; at < start + 90 * day; at += 7 * minute) gate.observe("success", 1, at);
    expect(JSON.stringify(gate.counts()).length).toBeLessThan(12_000);
  });

  test("a replica whose clock is ahead hides nothing of the others", () => {
    const [honest, ahead] = [errorBudget({ objective: 0.999 }), errorBudget({ objective: 0.999 })];
    count(honest, start, 1_000, 100);
    for (let minutes = 0; minutes < 90; minutes += 1)
      count(ahead, start + 400 * day + minutes * minute, 10, 0);
    const { windows, requests } = honest.judge([honest.counts(), ahead.counts()], start);
    expect(windows.map(({ failures }) => failures)).toEqual([100, 100, 100, 100]);
    expect(requests).toBeGreaterThan(1_000);
  });

  test("a clock that ran ahead and was set back hides nothing of what is counted then", () => {
    const gate = errorBudget({ objective: 0.999 });
    for (let minutes = 0; minutes < 90; minutes += 1)
      count(gate, start + 400 * day + minutes * minute, 10, 0);
    for (let minutes = 0; minutes < 60; minutes += 1) count(gate, start + minutes * minute, 10, 1);
    const { windows, isLeft } = judge(gate, start + hour - 1);
    expect(windows.map(({ failures }) => failures)).toEqual([60, 60, 60, 60]);
    expect(isLeft).toBe(false);
  });

  test("a request that took too long is a failure, and so is one that took no time that is a number", () => {
    const gate = errorBudget({ objective: 0.9, latencyLimitMs: 100 });
    for (const totalMs of [100, 101, NaN]) gate.observe("success", totalMs, start);
    gate.observe("success", 1, NaN);
    expect(judge(gate, start)).toMatchObject({ requests: 3, failures: 2 });
  });
});

test.each<[string, ErrorBudgetOptions]>([
  ["errorBudget.objective", { objective: 1 }],
  ["errorBudget.objective", { objective: NaN }],
  ["errorBudget.alerts", { objective: 0.9, alerts: [] }],
  ["errorBudget.alerts", { objective: 0.9, alerts: [{ longMs: 1, shortMs: 2, budget: 0.1 }] }],
  ["errorBudget.periodMs", { objective: 0.9, periodMs: -1 }],
])("refuses %s", (option, options) => {
  expect(() => errorBudget(options)).toThrow(expect.objectContaining({ code: "INVALID_OPTIONS", option }));
});
