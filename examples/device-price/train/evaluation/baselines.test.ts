import { expect, test } from "vitest";

import { syntheticDevices } from "../testing/synthetic-devices.ts";
import { fitMeanBaseline, fitRidgeBaseline } from "./baselines.ts";
import { fitLinearEncoding } from "./linear-encoding.ts";
import { priceMetrics } from "./metrics.ts";

const train = syntheticDevices(300, 1);
const heldOut = syntheticDevices(100, 2);
const actual = heldOut.map((row) => row.lnPrice);

test("the mean knows nothing", () => {
  const mean = fitMeanBaseline(train);
  expect(mean(heldOut[0]!)).toBeCloseTo(train.reduce((sum, row) => sum + row.lnPrice, 0) / train.length, 12);
  expect(priceMetrics(actual, heldOut.map(mean)).r2).toBeLessThanOrEqual(0);
});

test("ridge regression finds a rule that is linear in its encoding", () => {
  expect(priceMetrics(actual, heldOut.map(fitRidgeBaseline(train))).r2).toBeGreaterThan(0.97);
});

test("columns are standardised, the missing camera has one of its own, names are one-hot", () => {
  const encoded = train.map(fitLinearEncoding(train));
  const width = 12 + 1 + 4 + 5;
  for (const row of encoded) expect(row).toHaveLength(width);
  for (let column = 0; column < 11; column++) {
    const values = encoded.map((row) => row[column]!);
    expect(values.reduce((sum, value) => sum + value, 0)).toBeCloseTo(0, 8);
    expect(values.reduce((sum, value) => sum + value ** 2, 0)).toBeCloseTo(train.length, 8);
  }
  for (const [i, row] of encoded.entries()) {
    expect(row[12]).toBe(train[i]!.numeric.rearCameraMp === undefined ? 1 : 0);
    expect(row.subarray(13, 17).reduce((sum, value) => sum + value, 0)).toBe(1);
    expect(row.subarray(17).reduce((sum, value) => sum + value, 0)).toBe(1);
  }
});

test("a missing value counts as the median", () => {
  const encode = fitLinearEncoding(train);
  const years = train.map((row) => row.numeric.releaseYear!).toSorted((a, b) => a - b);
  const median = (years[149]! + years[150]!) / 2;
  const withYear = (releaseYear: number | undefined) => ({
    ...train[0]!,
    numeric: { ...train[0]!.numeric, releaseYear },
  });
  expect(encode(withYear(undefined))).toEqual(encode(withYear(median)));
});

test("a zero on a logarithmic scale stays finite", () => {
  const zero = { ...train[0]!, numeric: { ...train[0]!.numeric, ramGb: 0 } };
  expect([...fitLinearEncoding([...train, zero])(zero)].every(Number.isFinite)).toBe(true);
});
