import { describe, expect, test } from "vitest";

import {
  checkDetector,
  describeDetector,
  detectorConformanceTestNames,
} from "../testing/describe-detector.ts";
import { takesErrors } from "./calibrated/create-statistic.ts";
import { createDetector, detectorNames, restoreDetector } from "./create-detector.ts";
import type { DriftDetector } from "./detector.ts";

for (const name of detectorNames) {
  const values = takesErrors(name) ? ("errors" as const) : ("numbers" as const);
  describeDetector(
    `${name}, calibrated`,
    {
      create: () => createDetector(name),
      restore: restoreDetector,
      values,
      isScaleFree: values === "numbers",
    },
    { describe, test },
  );
  describeDetector(
    `${name}, as River`,
    { create: () => createDetector(name, { parity: "river" }), restore: restoreDetector, values },
    { describe, test },
  );
}

describe("the suite sees", () => {
  const base = (): DriftDetector => createDetector("cusum");
  const failuresOf = (change: (detector: DriftDetector) => Partial<DriftDetector>): readonly string[] => {
    const broken = (): DriftDetector => {
      const detector = base();
      return {
        name: "cusum",
        get count() {
          return detector.count;
        },
        update: (value) => detector.update(value),
        reset: () => detector.reset(),
        toJSON: () => detector.toJSON(),
        ...change(detector),
      };
    };
    return checkDetector({ create: broken, restore: restoreDetector, values: "numbers" }).failed.map(
      ({ test: title }) => title,
    );
  };
  const answer = { drift: false, warning: false, statistic: 0, threshold: 1 };

  test("nothing in one that is right", () => {
    expect(failuresOf(() => ({}))).toEqual([]);
  });

  test.each<[string, (detector: DriftDetector) => Partial<DriftDetector>]>([
    ["finds a large change soon", () => ({ update: () => answer })],
    ["says nothing of the first value", () => ({ update: () => ({ ...answer, drift: true }) })],
    ["never warns and alarms at once", () => ({ update: () => ({ ...answer, drift: true, warning: true }) })],
    ["forgets everything by reset", () => ({ reset: () => undefined })],
    [
      "goes on from JSON, wherever it was",
      (detector) => ({ toJSON: () => ({ ...detector.toJSON(), count: 0, rule: base().toJSON().rule }) }),
    ],
    [
      "is not changed by writing its state",
      (detector) => ({ toJSON: () => (detector.reset(), detector.toJSON()) }),
    ],
    [
      "needs no more memory for a long stream",
      (detector) => {
        const kept: number[] = [];
        return {
          update: (value) => (kept.push(value), detector.update(value)),
          toJSON: () => ({ ...detector.toJSON(), rule: { kept } }),
        };
      },
    ],
    [
      "refuses what is no finite number, and stays as it was",
      (detector) => ({ update: (value) => detector.update(Number.isFinite(value) ? value : 0) }),
    ],
    [
      "gives the same for the same values",
      (() => {
        let calls = 0;
        return () => ({ update: () => ({ ...answer, statistic: (calls += 1) }) });
      })(),
    ],
  ])("one that fails: %s", (title, change) => {
    expect(detectorConformanceTestNames()).toContain(title);
    expect(failuresOf(change)).toContain(title);
  });

  test("a rule that is not scale free", () => {
    const report = checkDetector({
      create: () => createDetector("page-hinkley", { parity: "river" }),
      restore: restoreDetector,
      values: "numbers",
      isScaleFree: true,
    });
    expect(report.failed.map(({ test: title }) => title)).toEqual(["gives the same alarms in other units"]);
  });

  test("a skip that names no test", () => {
    const options = { create: base, restore: restoreDetector, values: "numbers" as const };
    expect(() => checkDetector({ ...options, skip: [{ test: "flies", reason: "no wings" }] })).toThrow(
      /flies/,
    );
    const title = detectorConformanceTestNames()[0]!;
    expect(() => checkDetector({ ...options, skip: [{ test: title, reason: " " }] })).toThrow(/no reason/);
  });
});
