import { createRandom } from "@mlops/stats";
import { describe, expect, test } from "vitest";

import { createQualityMonitor, restoreQualityMonitor } from "./quality-monitor.ts";

const classes = { task: "classification", windowSize: 4, now: () => 0 } as const;

describe("the join", () => {
  test("takes labels before and after their predictions", () => {
    const monitor = createQualityMonitor(classes);
    expect(monitor.predicted("a", "cat", 0)).toEqual({ outcome: "waiting" });
    expect(monitor.labelled("b", "dog", 5)).toEqual({ outcome: "waiting" });
    expect(monitor.labelled("a", "cat", 10)).toEqual({ outcome: "joined" });
    expect(monitor.predicted("b", "cat", 20)).toEqual({ outcome: "joined" });
    expect(monitor.status()).toMatchObject({
      joined: 2,
      waitingPredictions: 0,
      waitingLabels: 0,
      meanDelayMs: -2.5,
    });
  });

  test("counts what comes twice, and is not changed by it", () => {
    const monitor = createQualityMonitor(classes);
    monitor.predicted("a", "cat");
    expect(monitor.predicted("a", "dog").outcome).toBe("duplicate");
    monitor.labelled("b", "cat");
    expect(monitor.labelled("b", "dog").outcome).toBe("duplicate");
    monitor.labelled("a", "cat");
    expect(monitor.labelled("a", "dog").outcome).toBe("duplicate");
    expect(monitor.predicted("a", "dog").outcome).toBe("duplicate");
    expect(monitor.status()).toMatchObject({ duplicatePredictions: 2, duplicateLabels: 2, joined: 1 });
  });

  test("lets go of the oldest when there are too many, and of what is too old", () => {
    const monitor = createQualityMonitor({
      ...classes,
      maximumWaiting: 3,
      maximumAgeMs: 100,
      now: () => 150,
    });
    for (const [place, id] of ["a", "b", "c", "d", "e"].entries()) monitor.predicted(id, 1, place * 20);
    expect(monitor.labelled("a", 1, 81).outcome).toBe("waiting");
    expect(monitor.status()).toMatchObject({
      expiredPredictions: 3,
      waitingPredictions: 2,
      waitingLabels: 1,
    });
    expect(monitor.labelled("e", 1, 150).outcome).toBe("joined");
  });

  test("every prediction and label is accounted for, in any order", () => {
    const random = createRandom(1);
    const monitor = createQualityMonitor({ ...classes, maximumWaiting: 20, maximumAgeMs: 500 });
    for (let step = 0; step < 5000; step += 1) {
      const id = String(random.integer(200));
      if (random() < 0.5) monitor.predicted(id, random.integer(2), step);
      else monitor.labelled(id, random.integer(2), step);
      const status = monitor.status();
      expect(status.predictions).toBe(
        status.joined + status.waitingPredictions + status.expiredPredictions + status.duplicatePredictions,
      );
      expect(status.labels).toBe(
        status.joined + status.waitingLabels + status.expiredLabels + status.duplicateLabels,
      );
      expect(status.waitingPredictions).toBeLessThanOrEqual(20);
    }
  });

  test.each([
    ["", "cat", 0, /empty id/],
    ["a", Number.NaN, 0, /class NaN/],
    ["a", "cat", Number.NaN, /time NaN/],
  ])("refuses %j, %j at %j", (id, value, time, message) => {
    const refused = expect.objectContaining({
      code: "INVALID_DATA",
      message: expect.stringMatching(message),
    });
    expect(() => createQualityMonitor(classes).predicted(id, value, time)).toThrow(refused);
  });
});

describe("windows", () => {
  const feed = (monitor: ReturnType<typeof createQualityMonitor<"classification">>, rows: number) =>
    Array.from({ length: rows }, (_, row) => {
      monitor.predicted(`${row}`, "cat");
      return monitor.labelled(`${row}`, row < 6 ? "cat" : "dog").window;
    }).filter((window) => window !== undefined);

  test("follow each other", () => {
    const windows = feed(createQualityMonitor(classes), 10);
    expect(windows.map(({ from, to, quality }) => [from, to, quality.accuracy.value])).toEqual([
      [0, 3, 1],
      [4, 7, 0.5],
    ]);
    expect(windows[1]!.quality.accuracy.interval!.upper).toBeCloseTo(0.85, 2);
  });

  test("slide", () => {
    const windows = feed(createQualityMonitor({ ...classes, windowStep: 2 }), 10);
    expect(windows.map(({ from, to, quality }) => [from, to, quality.accuracy.value])).toEqual([
      [0, 3, 1],
      [2, 5, 1],
      [4, 7, 0.5],
      [6, 9, 0],
    ]);
  });

  test("of numbers have errors", () => {
    const monitor = createQualityMonitor({ task: "regression", windowSize: 2 });
    monitor.predicted("a", 3);
    monitor.predicted("b", 5);
    monitor.labelled("b", 4);
    expect(monitor.labelled("a", 6).window?.quality.meanAbsoluteError.value).toBe(2);
    expect(() => monitor.predicted("c", Infinity)).toThrow(/value Infinity/);
  });
});

describe("the comparison with a reference", () => {
  const run = (seed: number, accuracy: number, rows: number): string => {
    const random = createRandom(seed);
    const monitor = createQualityMonitor({ task: "classification", windowSize: 100, reference: 0.9 });
    for (let row = 0; row < rows; row += 1) {
      monitor.predicted(`${row}`, 1);
      monitor.labelled(`${row}`, random() < accuracy ? 1 : 0);
      const { comparison } = monitor.status();
      // A decision at the first look that allows one: the worst that one can do.
      if (comparison?.verdict === "worse" || comparison?.verdict === "better") return comparison.verdict;
    }
    return "none";
  };

  test("finds a decline, and is wrong at most as often as it says, looked at after each row", () => {
    expect(Array.from({ length: 5 }, (_, seed) => run(seed, 0.8, 3000))).toEqual(Array(5).fill("worse"));
    const wrong = Array.from({ length: 60 }, (_, seed) => run(seed, 0.9, 1000)).filter(
      (word) => word !== "none",
    );
    // 3 or more of 60 at 1 %: a chance of 2 %.
    expect(wrong.length).toBeLessThan(3);
  });

  test("says so as long as there is too little", () => {
    const monitor = createQualityMonitor({ task: "regression", windowSize: 10, reference: 1 });
    expect(monitor.status().comparison).toMatchObject({ verdict: "not-enough-data", estimate: undefined });
    for (let row = 0; row < 200; row += 1) {
      monitor.predicted(`${row}`, 0);
      monitor.labelled(`${row}`, 2 + (row % 3));
    }
    expect(monitor.status().comparison).toMatchObject({ verdict: "worse", rows: 200, epoch: 1 });
  });

  test("a late decline is found in its own epoch", () => {
    const monitor = createQualityMonitor({ task: "classification", windowSize: 100, reference: 0.9 });
    for (let row = 0; row < 20_600; row += 1) {
      monitor.predicted(`${row}`, 1);
      monitor.labelled(`${row}`, row % (row < 20_000 ? 20 : 2) === 0 ? 0 : 1);
    }
    expect(monitor.status().comparison).toMatchObject({ verdict: "worse", epoch: 3, rows: 600 });
  });
});

test("goes on from JSON", () => {
  const options = {
    task: "classification",
    windowSize: 50,
    windowStep: 10,
    reference: 0.5,
    now: () => 0,
  } as const;
  const random = createRandom(3);
  const whole = createQualityMonitor(options);
  let restored = createQualityMonitor(options);
  for (let step = 0; step < 2000; step += 1) {
    const [id, value, isLabel] = [`${random.integer(900)}`, random.integer(2), random() < 0.5];
    if (step % 111 === 0) restored = restoreQualityMonitor(JSON.parse(JSON.stringify(restored)), options);
    const updates = [whole, restored].map((monitor) =>
      isLabel ? monitor.labelled(id, value, step) : monitor.predicted(id, value, step),
    );
    expect(updates[1]).toEqual(updates[0]);
  }
  expect(restored.status()).toEqual(whole.status());
  expect(() => restoreQualityMonitor(whole.toJSON(), { task: "classification", windowSize: 50 })).toThrow(
    /reference/,
  );
});

test.each([
  [{ windowSize: 1 }, /windowSize is 1/],
  [{ windowStep: 5 }, /windowStep is 5/],
  [{ reference: 2 }, /reference is 2/],
  [{ maximumWaiting: 0 }, /maximumWaiting is 0/],
  [{ window: 3 }, /window is not known/],
])("refuses %j", (changed, message) => {
  const refused = expect.objectContaining({
    code: "INVALID_DRIFT_OPTIONS",
    message: expect.stringMatching(message),
  });
  expect(() => createQualityMonitor({ ...classes, ...changed })).toThrow(refused);
});
