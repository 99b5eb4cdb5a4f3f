import { describe, expect, test } from "vitest";

import type { DeviceRow } from "../data/device-row.ts";
import { type NumericFeatureName, numericFeatures } from "../data/numeric-features.ts";
import { syntheticDevices } from "../testing/synthetic-devices.ts";
import { type Encoder, fitEncoder } from "./encoder.ts";

const rows = syntheticDevices(300, 5);
const encoder = fitEncoder(rows);
const featureCount = numericFeatures.length;

/** What the two frozen layers compute, in float64 but for the weights. */
function encode({ width, binKernel, binBias, scalarKernel }: Encoder, numeric: readonly number[]) {
  const bins = Array.from({ length: width }, (_, unit) => {
    const sum = numeric.reduce(
      (total, value, i) => total + value * binKernel[i * width + unit]!,
      binBias[unit]!,
    );
    return Math.min(1, Math.max(0, sum));
  });
  const scalars = numericFeatures.map((_, i) =>
    bins.reduce((total, bin, unit) => total + bin * scalarKernel[unit * featureCount + i]!, 0),
  );
  return { bins, scalars };
}

function indexOf(name: NumericFeatureName): number {
  return numericFeatures.findIndex((feature) => feature.name === name);
}

/** The bins and the presence unit of one feature, the only one that has the value. */
function unitsOf(name: NumericFeatureName, value: number): number[] {
  const index = indexOf(name);
  const { bins } = encode(
    encoder,
    numericFeatures.map((_, i) => (i === index ? value : -1)),
  );
  const { width, binKernel } = encoder;
  return bins.filter((_, unit) => binKernel[index * width + unit] !== 0);
}

const valuesOf = ({ numeric }: DeviceRow): number[] => numericFeatures.map(({ name }) => numeric[name] ?? -1);

describe("the bins of ramGb, with edges 0, 1, 2, 3, 4, 6, 8, 12 and then presence", () => {
  test.each([
    { value: 0, units: [0, 0, 0, 0, 0, 0, 0, 1] },
    { value: 0.5, units: [0.5, 0, 0, 0, 0, 0, 0, 1] },
    { value: 2, units: [1, 1, 0, 0, 0, 0, 0, 1] },
    { value: 5, units: [1, 1, 1, 1, 0.5, 0, 0, 1] },
    { value: 12, units: [1, 1, 1, 1, 1, 1, 1, 1] },
    { value: 1000, units: [1, 1, 1, 1, 1, 1, 1, 1] },
    { value: -1, units: [0, 0, 0, 0, 0, 0, 0, 0] },
    { value: -0.001, units: [0, 0, 0, 0, 0, 0, 0, 0] },
  ])("$value", ({ value, units }) => {
    expect(unitsOf("ramGb", value)).toEqual(units);
  });
});

test("a row without any value is 0 throughout", () => {
  const { bins, scalars } = encode(
    encoder,
    numericFeatures.map(() => -1),
  );
  expect(new Set(bins)).toEqual(new Set([0]));
  expect(new Set(scalars)).toEqual(new Set([0]));
});

test("every unit belongs to one feature", () => {
  const { width, binKernel } = encoder;
  for (let unit = 0; unit < width; unit++) {
    expect(numericFeatures.filter((_, i) => binKernel[i * width + unit] !== 0)).toHaveLength(1);
  }
});

test("scalars have mean 0 and standard deviation 1 over the rows that have the value", () => {
  const encoded = rows.map((row) => encode(encoder, valuesOf(row)).scalars);
  for (const [i, { name }] of numericFeatures.entries()) {
    const values = encoded
      .filter((_, row) => rows[row]!.numeric[name] !== undefined)
      .map((scalars) => scalars[i]!);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
    expect(mean, name).toBeCloseTo(0, 4);
    // No synthetic device has 5G: a constant, which stays 0.
    expect(variance, name).toBeCloseTo(name === "has5g" ? 0 : 1, 4);
  }
});

test("at an edge a scalar is the standardised logarithm", () => {
  const ram = (value: number): number => {
    const numeric = numericFeatures.map(({ name }) => (name === "ramGb" ? value : -1));
    return encode(encoder, numeric).scalars[indexOf("ramGb")]!;
  };
  const log = (value: number): number => Math.log(value + 0.25);
  expect((ram(8) - ram(2)) / (ram(4) - ram(2))).toBeCloseTo((log(8) - log(2)) / (log(4) - log(2)), 5);
});
