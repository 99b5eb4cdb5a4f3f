import { expect, test } from "vitest";

import { numericFeatures } from "../data/numeric-features.ts";
import { createRandom } from "../random.ts";
import { defaultSettings } from "../settings.ts";
import { augment } from "./augment.ts";

const count = 40_000;

function allPresent() {
  return {
    count,
    numeric: new Float32Array(count * numericFeatures.length).fill(5),
    brand: new Int32Array(count).fill(3),
    os: new Int32Array(count).fill(2),
  };
}

/** Asserts a rate within five standard deviations of its binomial distribution. */
function expectRate(hidden: number, probability: number, what: string): void {
  const deviation = Math.sqrt((probability * (1 - probability)) / count);
  expect(Math.abs(hidden / count - probability), what).toBeLessThan(5 * deviation);
}

test("values go missing at the rates of the settings", () => {
  const batch = allPresent();
  augment(batch, defaultSettings.augmentation, createRandom(1));

  // The chance to stay is the product of the chances to stay by each of the causes: few missing
  // values (30 % of the rows, 2 % of all values), a sparse row (20 %, on average half of it).
  const sparse = 0.2 * 0.5;
  for (const [feature, { name }] of numericFeatures.entries()) {
    const column = batch.numeric.filter((_, i) => i % numericFeatures.length === feature);
    const hidden = column.filter((value) => value === -1).length;
    expect(column.every((value) => value === -1 || value === 5)).toBe(true);
    const alone = name === "newPriceEur" ? 0.05 : 0;
    expectRate(hidden, 1 - (1 - 0.02) * (1 - sparse) * (1 - alone), name);
  }
  expectRate(batch.brand.filter((id) => id === 0).length, 1 - (1 - 0.05) * (1 - sparse / 2), "brand");
  expectRate(batch.os.filter((id) => id === 0).length, 1 - (1 - 0.025) * (1 - sparse), "os");
});

test("sparse rows lose much at once", () => {
  const batch = allPresent();
  augment(batch, defaultSettings.augmentation, createRandom(2));
  const width = numericFeatures.length;
  const rows = Array.from({ length: count }, (_, row) =>
    batch.numeric.subarray(row * width, (row + 1) * width),
  );
  const empty = rows.filter((row) => row.every((value) => value === -1)).length;
  // A sparse row with the fraction u loses all twelve with u¹², which averages 1/13; the other
  // causes add a little to it.
  expect(empty / count).toBeGreaterThan((0.2 / 13) * 0.8);
  expect(empty / count).toBeLessThan((0.2 / 13) * 1.5);
});

test("rates of zero change nothing", () => {
  const batch = allPresent();
  augment(
    batch,
    { fewMissing: { rows: 0, values: 1 }, sparseRows: 0, newPrice: 0, brand: 0, os: 0 },
    createRandom(3),
  );
  expect(batch).toEqual(allPresent());
});
