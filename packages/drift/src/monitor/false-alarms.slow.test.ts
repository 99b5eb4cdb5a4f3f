import { createRandom, normalQuantile } from "@mlops/stats";
import { describe, expect, test } from "vitest";
import { detectDrift } from "../detect/detect-drift.ts";
import { profile } from "../profile/create-profile.ts";
import { createProfileBuilder } from "../profile/profile-builder.ts";
import { countAlarms } from "./streams.fixtures.ts";

const tenThousandWindows = { streams: 1, rows: 1_000_000, referenceRows: 5_000 };

describe("10,000 windows without drift", () => {
  test("ever: no alarm", () => {
    const counted = countAlarms(
      { ...tenThousandWindows, seed: 1 },
      { window: { rows: 100 }, control: "ever", alpha: 0.05 },
    );
    expect(counted).toMatchObject({ looks: 10_000, alarms: 0 });
  });

  test("false discovery rate: no alarm, as long as nothing is found", () => {
    const counted = countAlarms(
      { ...tenThousandWindows, seed: 2 },
      { window: { rows: 100 }, control: "false-discovery-rate", alpha: 0.05 },
    );
    expect(counted).toMatchObject({ looks: 10_000, alarms: 0 });
  });

  test("a hundred looks: at most 5 alarms are stated, more than 13 would be so by chance once in 1,000 runs", () => {
    const counted = countAlarms(
      { ...tenThousandWindows, seed: 3 },
      { window: { rows: 100 }, control: { looks: 100 }, alpha: 0.05 },
    );
    expect(counted.looks).toBe(10_000);
    expect(counted.alarms).toBeLessThanOrEqual(13);
  });

  test("a hundred looks, sliding: at most 20 alarms are stated", () => {
    const counted = countAlarms(
      { streams: 20, rows: 200 + 499 * 20, seed: 4 },
      { window: { rows: 200, sliding: true, every: 20 }, control: { looks: 100 }, alpha: 0.2 },
    );
    expect(counted.looks).toBe(10_000);
    // Looks overlap, so alarms come in groups: what is bounded is their mean number, 1 for each stream.
    expect(counted.alarms).toBeLessThanOrEqual(20);
  });
});

test("in 300 streams, each from a reference of its own, at most the stated share has an alarm", () => {
  const counted = countAlarms(
    { streams: 300, rows: 2_000, seed: 1 },
    { window: { rows: 100 }, control: "ever", alpha: 0.2 },
  );
  // 82 or more would be so by chance once in 1,000 runs.
  expect(counted.alarmed).toBeLessThan(82);
  // Nor is nothing ever found: the levels are used.
  expect(counted.alarmed).toBeGreaterThan(10);
});

/** How many of 300 windows of 1,000 rows with a change of so many rows are found. */
function countFound(look: number, change: number): number {
  const random = createRandom(look);
  const normal = (mean: number): { readonly x: number } => ({ x: random.normal(mean, 1) });
  const reference = profile(Array.from({ length: 50_000 }, () => normal(0)));
  // The shift of a normal distribution with this Kolmogorov distance.
  const shift = 2 * normalQuantile((1 + change) / 2);
  let found = 0;
  for (let run = 0; run < 300; run += 1) {
    const builder = createProfileBuilder({ reference });
    for (let row = 0; row < 1_000; row += 1) builder.add(normal(shift));
    if (detectDrift(reference, builder.build(), { look: { look } }).status === "drift") found += 1;
  }
  return found;
}

/** The price of looking for ever: what is found in a window of 1,000 rows, as a share of rows. */
test.each([
  [1, 0.061],
  [100, 0.095],
  [10_000, 0.12],
])(
  "at look %i a change of %d of the rows is found in 8 of 10 windows, and one of two thirds is not",
  (look, change) => {
    expect(countFound(look, change)).toBeGreaterThan(240);
    expect(countFound(look, (2 / 3) * change)).toBeLessThan(240);
  },
);
