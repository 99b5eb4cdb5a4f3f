import { expect, test } from "vitest";

import { evaluateAlarms, evaluateDetector } from "./evaluate-detector.ts";

// The examples in the documentation of river.drift.evaluate, at commit 08ef02c.
test("numbers are River's", () => {
  const of = (alarms: readonly number[], drifts: readonly number[]) =>
    evaluateAlarms(alarms, 1000, { drifts, maximumDelay: 50 });
  expect(of([110, 900], [100])).toMatchObject({ precision: 0.5, falseAlarms: 1, falseAlarmRate: 0.001 });
  expect(of([110, 130], [100, 500])).toMatchObject({ recall: 0.5, missed: 0.5 });
  expect(of([110, 530], [100, 500, 900]).detectionDelay).toBe(20);
  expect(of([200, 300, 500], []).meanTimeBetweenFalseAlarms).toBe(150);
  expect(of([110, 400, 700], [100, 900]).meanTimeRatio).toBe(15);
});

test("what has no denominator is undefined", () => {
  expect(evaluateAlarms([], 10, { drifts: [], maximumDelay: 1 })).toEqual({
    values: 10,
    alarms: 0,
    falseAlarms: 0,
    precision: undefined,
    recall: undefined,
    missed: undefined,
    detectionDelay: undefined,
    falseAlarmRate: 0,
    meanTimeBetweenFalseAlarms: undefined,
    meanTimeRatio: undefined,
  });
});

test("both ends of a window belong to it, and a drift can be long", () => {
  const options = { drifts: [[100, 200] as const], maximumDelay: 50 };
  expect(evaluateAlarms([100, 250], 500, options)).toMatchObject({ falseAlarms: 0, detectionDelay: 0 });
  expect(evaluateAlarms([99, 251], 500, options)).toMatchObject({ falseAlarms: 2, recall: 0 });
});

test("a detector that always fires finds every drift at once, and has a false alarm for all other values", () => {
  const always = { update: () => ({ drift: true, warning: false, statistic: 1, threshold: 0 }) };
  const stream = Array.from({ length: 100 }, () => 0);
  const evaluation = evaluateDetector(always, stream, { drifts: [50], maximumDelay: 9 });
  expect(evaluation).toMatchObject({ recall: 1, detectionDelay: 0, falseAlarms: 90, values: 100 });
});

test("refuses drifts that end before they start, and no time to find them in", () => {
  expect(() => evaluateAlarms([], 10, { drifts: [[5, 4]], maximumDelay: 1 })).toThrow(
    /drifts\[0\] ends at 4/,
  );
  expect(() => evaluateAlarms([], 10, { drifts: [], maximumDelay: 0 })).toThrow(/maximumDelay is 0/);
});
