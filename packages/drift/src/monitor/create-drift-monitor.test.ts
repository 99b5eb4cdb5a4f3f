import { createRandom } from "@mlops/stats";
import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import { detectDrift } from "../detect/detect-drift.ts";
import { InvalidDataError } from "../errors/invalid-data-error.ts";
import { InvalidDriftOptionsError } from "../errors/invalid-drift-options-error.ts";
import { InvalidProfileError } from "../errors/invalid-profile-error.ts";
import { profile } from "../profile/create-profile.ts";
import { createProfileBuilder } from "../profile/profile-builder.ts";
import { createDriftMonitor } from "./create-drift-monitor.ts";
import type { DriftMonitor } from "./drift-monitor.ts";
import type { DriftMonitorOptions } from "./monitor-options.ts";
import type { MonitorVerdict } from "./monitor-verdict.ts";
import type { ObservedPrediction } from "./observed-prediction.ts";
import { drawRow, drawRows } from "./streams.fixtures.ts";

const reference = profile(drawRows(2_000, 1));

function success(input: unknown): ObservedPrediction {
  return { outcome: "success", startedAt: 0, input, output: undefined };
}

describe("windows of rows", () => {
  test("are judged as detectDrift judges their rows at that look", () => {
    const verdicts: MonitorVerdict[] = [];
    const monitor = createDriftMonitor({
      reference,
      window: { rows: 500 },
      alpha: 0.1,
      onVerdict: (verdict) => verdicts.push(verdict),
    });
    const rows = [...drawRows(500, 2), ...drawRows(700, 3, 1)];
    for (const row of rows) monitor.add(row);
    expect(verdicts.map(({ status, look, rows: size, window }) => ({ status, look, size, window }))).toEqual([
      { status: "stable", look: 1, size: 500, window: { unit: "rows", from: 1, to: 500 } },
      { status: "drift", look: 2, size: 500, window: { unit: "rows", from: 501, to: 1_000 } },
    ]);
    const builder = createProfileBuilder({ reference });
    builder.addAll(rows.slice(500, 1_000));
    expect(verdicts[1]!.result).toEqual(
      detectDrift(reference, builder.build(), { alpha: 0.1, look: { look: 2 } }),
    );
    expect(verdicts[1]!.level).toBe(0.1 / 6);
    expect(monitor.verdict()).toBe(verdicts[1]);
    expect(verdicts.map(({ hasChanged }) => hasChanged)).toEqual([true, true]);
  });

  test("nothing is said before the first is complete", () => {
    const monitor = createDriftMonitor({ reference, window: { rows: 10 } });
    for (const row of drawRows(7, 2)) monitor.add(row);
    expect(monitor.verdict()).toMatchObject({
      status: "not-enough-data",
      reason: "The window has 7 of 10 rows.",
      look: null,
      rows: 7,
      result: null,
    });
  });

  test("a window too small to tell says so", () => {
    const monitor = createDriftMonitor({ reference, window: { rows: 20 } });
    for (const row of drawRows(20, 2)) monitor.add(row);
    expect(monitor.verdict()).toMatchObject({ status: "not-enough-data", look: 1, rows: 20 });
  });
});

test("under the false discovery rate an alarm earns level back", () => {
  const levels: (number | null)[] = [];
  const monitor = createDriftMonitor({
    reference,
    window: { rows: 300 },
    control: "false-discovery-rate",
    onVerdict: ({ level }) => levels.push(level),
  });
  for (const row of [...drawRows(600, 12), ...drawRows(300, 3, 1), ...drawRows(300, 7)]) monitor.add(row);
  expect(monitor.health()).toMatchObject({ looks: 4, alarms: 1 });
  expect(levels[1]).toBeLessThan(levels[0]!);
  expect(levels[2]).toBeLessThan(levels[1]!);
  expect(levels[3]).toBeGreaterThan(levels[0]!);
});

describe("an observer", () => {
  test("counts the inputs of successful requests, and passes over the others", () => {
    const monitor = createDriftMonitor({ reference });
    monitor.observer(success({ price: 3 }));
    monitor.observer(success([{ price: 3 }, { price: 4 }]));
    monitor.observer(success(undefined));
    monitor.observer({ outcome: "failure", startedAt: 0, input: { price: 3 } });
    expect(monitor.health()).toMatchObject({ rows: 3, selectErrors: 0 });
  });

  test("counts what its callbacks throw, and goes on", async () => {
    const thrown = new Error("no such field");
    const monitor = createDriftMonitor({
      reference,
      window: { rows: 2 },
      select: (event: { readonly row?: { readonly price: number } }) => {
        if (event.row === undefined) throw thrown;
        return event.row;
      },
      onVerdict: ({ look }) => {
        if (look === 1) throw thrown;
        return Promise.reject(thrown);
      },
    });
    monitor.observer({});
    expect(monitor.health()).toMatchObject({ rows: 0, selectErrors: 1, lastError: thrown });
    for (let index = 0; index < 4; index += 1) monitor.observer({ row: { price: index } });
    await vi.waitFor(() => expect(monitor.health().onVerdictErrors).toBe(2));
    expect(monitor.health()).toMatchObject({ rows: 4, looks: 2, selectErrors: 1 });
  });

  test("what is no row is an error of select, and of add", () => {
    const monitor = createDriftMonitor({ reference });
    monitor.observer(success([[3]]));
    expect(monitor.health()).toMatchObject({ rows: 0, selectErrors: 1 });
    // @ts-expect-error - a number is no row
    expect(() => monitor.add(3)).toThrow(InvalidDataError);
    expect(monitor.health().rows).toBe(0);
  });
});

test("excluded columns and columns the reference lacks are not counted", () => {
  const monitor = createDriftMonitor({ reference, window: { rows: 50 }, exclude: ["price"] });
  for (const row of drawRows(50, 2)) monitor.add({ ...row, price: -1, other: 1 });
  expect(
    monitor
      .verdict()
      .result?.columns.map(({ name }) => name)
      .sort(),
  ).toEqual(["plan", "visits"]);
});

test("metrics are the latest verdict and the counters", () => {
  const monitor = createDriftMonitor({ reference, window: { rows: 500 } });
  for (const row of drawRows(500, 2, 1)) monitor.add(row);
  const metrics = monitor.metrics();
  const { result } = monitor.verdict();
  const valueOf = (name: string, labels: Record<string, string>): number | undefined =>
    metrics.find((metric) => metric.name === name && JSON.stringify(metric.labels) === JSON.stringify(labels))
      ?.value;
  expect(valueOf("mlops_drift_rows_total", {})).toBe(500);
  expect(valueOf("mlops_drift_alarms_total", {})).toBe(1);
  expect(valueOf("mlops_drift_status", { status: "drift" })).toBe(1);
  expect(valueOf("mlops_drift_status", { status: "stable" })).toBe(0);
  for (const { name: column, pValue, status, distances } of result!.columns) {
    expect(valueOf("mlops_drift_p_value", { column })).toBe(pValue);
    expect(valueOf("mlops_drift_column_drifted", { column })).toBe(status === "drift" ? 1 : 0);
    for (const { name: distance, value } of distances) {
      expect(valueOf("mlops_drift_distance", { column, distance })).toBe(value);
    }
  }
  // One description and one type for each name, no sample twice: what Prometheus asks for.
  const keys = metrics.map(({ name, labels }) => `${name}${JSON.stringify(labels)}`);
  expect(new Set(keys).size).toBe(keys.length);
  const kinds = new Map(metrics.map(({ name, type, help }) => [name, `${type} ${help}`]));
  expect(metrics.every(({ name, type, help }) => kinds.get(name) === `${type} ${help}`)).toBe(true);
});

const windows: readonly (readonly [string, Omit<DriftMonitorOptions, "reference" | "now">])[] = [
  ["rows", { window: { rows: 60 } }],
  ["sliding", { window: { rows: 40, sliding: true, every: 7 } }],
  ["time", { window: { ms: 50, lateMs: 30 } }],
  ["rows, false discovery rate", { window: { rows: 60 }, control: "false-discovery-rate" }],
  ["rows, looks", { window: { rows: 60 }, control: { looks: 3 } }],
];

describe.each(windows)("JSON, windows of %s", (_name, options) => {
  test("a restored monitor goes on as the first would have", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 0, max: 1_000 }), (saved, seed) => {
        let now = 10_000;
        const random = createRandom(seed);
        const rows = Array.from({ length: 300 }, (_, index) => drawRow(random, index > 150 ? 2 : 0));
        const feed = (monitor: DriftMonitor, from: number, to: number): void => {
          for (let index = from; index < to; index += 1) {
            now = 10_000 + index;
            monitor.add(rows[index]!, { time: now - (index % 40) });
          }
        };
        const first = createDriftMonitor({ ...options, reference, now: () => now });
        feed(first, 0, saved);
        const text = JSON.stringify(first.toJson());
        const second = createDriftMonitor({ ...options, reference, now: () => now, from: text });
        expect(second.toJson()).toEqual(first.toJson());
        feed(first, saved, 300);
        feed(second, saved, 300);
        expect(second.toJson()).toEqual(first.toJson());
        expect(second.verdict()).toEqual(first.verdict());
        expect(second.metrics()).toEqual(first.metrics());
      }),
      { numRuns: 5, seed: 7 },
    );
  });
});

test.each([
  ["text", "{", /is no JSON/],
  ["another format", { format: "x" }, /the monitor's state format/],
  ["other windows", createDriftMonitor({ reference, window: { ms: 5 } }).toJson(), /is time, and not rows/],
])("a state that is %s is refused", (_name, from, message) => {
  // Whatever comes out of a file.
  const state = from as string;
  const create = (): unknown => createDriftMonitor({ reference, window: { rows: 5 }, from: state });
  expect(create).toThrow(InvalidProfileError);
  expect(create).toThrow(message);
});

test("a sliding state of another reference, or cut short, is refused", () => {
  const window = { rows: 5, sliding: true } as const;
  const monitor = createDriftMonitor({ reference, window });
  for (const row of drawRows(5, 3)) monitor.add(row);
  const state = monitor.toJson();
  const other = profile(drawRows(2_000, 9));
  expect(() => createDriftMonitor({ reference: other, window, from: state })).toThrow(/another reference/);
  if (state.windows.kind !== "sliding") throw new Error("The state is of a sliding window.");
  const cut = { ...state, windows: { ...state.windows, streams: state.windows.streams.map(() => "AA==") } };
  expect(() => createDriftMonitor({ reference, window, from: cut })).toThrow(
    /streams\[0\] cannot be decoded/,
  );
});

describe("merging", () => {
  test("in any order gives what one monitor that saw all rows says", () => {
    const part = fc.integer({ min: 0, max: 2 });
    fc.assert(
      fc.property(
        fc.array(part, { minLength: 90, maxLength: 90 }),
        fc.shuffledSubarray([0, 1, 2], { minLength: 3 }),
        fc.integer({ min: 0, max: 1_000 }),
        (parts, order, seed) => {
          const rows = drawRows(parts.length, seed, 0.5);
          const create = (): DriftMonitor =>
            createDriftMonitor({ reference, window: { rows: parts.length } });
          const one = create();
          const replicas = [create(), create(), create()];
          for (const [index, row] of rows.entries()) {
            one.add(row);
            replicas[parts[index]!]!.add(row);
          }
          const merged = create();
          // The last one completes the window; one replica may have got all rows and judged them itself.
          fc.pre(replicas.every((replica) => replica.health().looks === 0));
          for (const place of order) merged.merge(JSON.stringify(replicas[place]!.toJson()));
          expect(merged.verdict()).toEqual(one.verdict());
          expect(merged.health()).toEqual(one.health());
        },
      ),
      { numRuns: 20, seed: 3 },
    );
  });

  test("windows of time are added window by window", () => {
    const now = (): number => 1_000;
    const create = (): DriftMonitor =>
      createDriftMonitor({ reference, window: { ms: 100, lateMs: 500 }, now });
    const [one, left, right] = [create(), create(), create()];
    for (const [index, row] of drawRows(60, 5).entries()) {
      const time = 800 + index * 5;
      one.add(row, { time });
      (index % 3 === 0 ? left : right).add(row, { time });
    }
    left.merge(right.toJson());
    expect(left.toJson()).toEqual(one.toJson());
  });

  test("sliding windows and other windows are refused", () => {
    const sliding = createDriftMonitor({ reference, window: { rows: 5, sliding: true } });
    const byRows = createDriftMonitor({ reference, window: { rows: 5 } });
    const byTime = createDriftMonitor({ reference, window: { ms: 5 } });
    expect(() => sliding.merge(sliding.toJson())).toThrow(/no common order/);
    expect(() => byRows.merge(byTime.toJson())).toThrow(/is time, and not rows/);
    expect(() => byTime.merge(createDriftMonitor({ reference, window: { ms: 6 } }).toJson())).toThrow(
      /is 6, and not 5/,
    );
  });
});

test.each([
  [{ window: { rows: 0 } }, "window.rows"],
  [{ window: { rows: 1.5 } }, "window.rows"],
  [{ window: { rows: 5, sliding: true, every: 0 } }, "window.every"],
  [{ window: { ms: 0 } }, "window.ms"],
  [{ window: { ms: 5, lateMs: -1 } }, "window.lateMs"],
  [{ window: { ms: 5, lateMs: 5_001 } }, "window.lateMs"],
  [{ window: { ms: 5, shared: 1 } }, "window.shared"],
  [{ window: 3 }, "window"],
  [{ control: "never" }, "control"],
  [{ control: { looks: 0 } }, "control.looks"],
  [{ control: "false-discovery-rate", window: { rows: 5, sliding: true } }, "control"],
  [{ alpha: 0 }, "alpha"],
  [{ materialShift: 2 }, "materialShift"],
])("the options %j are refused", (options, option) => {
  // What the types forbid, as JavaScript would pass it.
  const wrong = options as Omit<DriftMonitorOptions, "reference">;
  let error: unknown;
  try {
    createDriftMonitor({ ...wrong, reference });
  } catch (caught) {
    error = caught;
  }
  expect(InvalidDriftOptionsError.isInstance(error) && error.option).toBe(option);
});

test("a weighted reference cannot slide", () => {
  const weighted = profile({ price: [1, 2] }, { weights: [1, 2] });
  expect(() => createDriftMonitor({ reference: weighted, window: { rows: 5, sliding: true } })).toThrow(
    InvalidDriftOptionsError,
  );
});
