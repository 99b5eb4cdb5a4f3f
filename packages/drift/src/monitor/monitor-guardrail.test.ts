import { describe, expect, test } from "vitest";
import { profile } from "../profile/create-profile.ts";
import { createDriftMonitor } from "./create-drift-monitor.ts";
import { drawRows } from "./streams.fixtures.ts";

const reference = profile(drawRows(2_000, 1));

describe("a guardrail", () => {
  test("has no data before the first window", () => {
    const monitor = createDriftMonitor({ reference, window: { rows: 500 } });
    for (const row of drawRows(499, 2)) monitor.add(row);
    expect(monitor.asGuardrail({ name: "input drift" }).judge()).toEqual({
      status: "no-data",
      reason: "input drift: The window has 499 of 500 rows.",
      evidence: { samples: 499 },
    });
  });

  test("passes a stable window with rows enough", () => {
    const monitor = createDriftMonitor({ reference, window: { rows: 500 } });
    for (const row of drawRows(500, 2)) monitor.add(row);
    expect(monitor.asGuardrail({ minimumRows: 500 }).judge()).toMatchObject({
      status: "pass",
      // The column with the smallest p-value: the share of missing visits.
      evidence: { samples: 500, limit: 0.01, unit: "share of rows" },
    });
    expect(monitor.asGuardrail({ minimumRows: 501 }).judge()).toMatchObject({
      status: "inconclusive",
      reason: "drift: 500 rows, and at least 501 are asked for.",
    });
  });

  test("is inconclusive where the window is too small to tell", () => {
    const monitor = createDriftMonitor({ reference, window: { rows: 20 } });
    for (const row of drawRows(20, 2)) monitor.add(row);
    expect(monitor.asGuardrail().judge()).toMatchObject({
      status: "inconclusive",
      evidence: { samples: 20 },
    });
  });

  test("fails for drift, however often it is asked, and for a while after", () => {
    let now = 0;
    const monitor = createDriftMonitor({ reference, window: { rows: 500 }, now: () => now });
    const guardrail = monitor.asGuardrail({ minimumRows: 1_000, holdMs: 1_000 });
    for (const row of drawRows(500, 2, 1)) monitor.add(row);
    const failed = guardrail.judge();
    expect(failed).toMatchObject({ status: "fail", reason: `drift: ${monitor.verdict().reason}` });
    const { estimate, low, high, limit } = failed.evidence;
    expect(estimate).toBeGreaterThan(low!);
    expect(estimate).toBeLessThan(high!);
    expect(low).toBeGreaterThan(limit!);
    for (const row of drawRows(500, 3)) monitor.add(row);
    expect(monitor.verdict().status).not.toBe("drift");
    now = 1_000;
    expect(guardrail.judge()).toEqual(failed);
    now = 1_001;
    expect(guardrail.judge().status).toBe("inconclusive");
  });

  test("has no data where traffic has stopped", () => {
    let now = 0;
    const monitor = createDriftMonitor({ reference, window: { ms: 100 }, now: () => now });
    for (const row of drawRows(500, 2)) monitor.add(row);
    now = 100;
    expect(monitor.asGuardrail().judge().status).toBe("pass");
    now = 250;
    expect(monitor.asGuardrail().judge()).toMatchObject({ status: "no-data", evidence: { samples: 0 } });
  });

  test("is an error where no column can be compared", () => {
    const monitor = createDriftMonitor({
      reference,
      window: { rows: 5 },
      exclude: ["price", "visits", "plan"],
    });
    for (const row of drawRows(5, 2)) monitor.add(row);
    expect(monitor.asGuardrail().judge().status).toBe("error");
  });

  test.each([{ name: "" }, { minimumRows: -1 }, { minimumRows: 1.5 }, { holdMs: Number.NaN }])(
    "refuses the options %j",
    (options) => {
      const monitor = createDriftMonitor({ reference });
      expect(() => monitor.asGuardrail(options)).toThrow(/The option (name|minimumRows|holdMs) is/);
    },
  );
});
