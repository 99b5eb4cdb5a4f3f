import { readFileSync } from "node:fs";

import { describe, expect, test } from "vitest";

import { createDetector, restoreDetector } from "../create-detector.ts";
import type { DetectorName, DriftDetector } from "../detector.ts";
import type { DetectorOptions } from "../detector-options.ts";
import { equalSizesKsPValue } from "./equal-sizes-ks.ts";
import { MersenneTwister } from "./mersenne-twister.ts";

type Stream = readonly [kind: "errors" | "numbers" | "uniforms", seed: number, parts: readonly number[][]];
type Case = readonly [DetectorName, object, Stream, drifts: readonly number[], warnings: readonly number[]];

// What the generator beside this file wrote.
const fixtures = JSON.parse(readFileSync(new URL("river.fixtures.json", import.meta.url), "utf8")) as {
  readonly golden: readonly (readonly [DetectorName, object, digits: string, drifts: readonly number[]])[];
  readonly cases: readonly Case[];
};

/** The generator's streams, number for number. */
function* stream([kind, seed, parts]: Stream): Generator<number> {
  const twister = new MersenneTwister(seed);
  // Python's random(): 53 bits of two words.
  const uniform = (): number => (twister.bits(27) * 2 ** 26 + twister.bits(26)) / 2 ** 53;
  const normal = (): number => {
    let sum = 0;
    for (let index = 0; index < 12; index += 1) sum += uniform();
    return sum - 6;
  };
  for (const [count = 0, first = 0, second = 0, deviation = 0] of parts) {
    for (let index = 0; index < count; index += 1) {
      const level = first + (second - first) * (index / count);
      if (kind === "errors") yield uniform() < level ? 1 : 0;
      else if (kind === "numbers") yield level + deviation * normal();
      else yield first + Math.floor(uniform() * second);
    }
  }
}

interface Found {
  readonly drifts: readonly number[];
  readonly warnings: readonly [number, number];
}

function detect(detector: DriftDetector, values: Iterable<number>): Found {
  const drifts: number[] = [];
  let [warned, sum, index] = [0, 0, 0];
  for (const value of values) {
    const { drift, warning } = detector.update(value);
    if (drift) drifts.push(index);
    if (warning) {
      warned += 1;
      sum += index;
    }
    index += 1;
  }
  return { drifts, warnings: [warned, sum] };
}

const named = (name: DetectorName, options: object = {}): DriftDetector =>
  // The options come from the generator as JSON.
  createDetector(name, { ...options, parity: "river" } as DetectorOptions);

describe("as River", () => {
  const titleOf = ([name, options]: Case): string => `${name} ${JSON.stringify(options)}`;

  test.each([...new Set(fixtures.cases.map(titleOf))])("%s", (title) => {
    const cases = fixtures.cases.filter((item) => titleOf(item) === title);
    for (const [name, options, source, drifts, warnings] of cases) {
      const found = detect(named(name, options), stream(source));
      expect({ source, ...found }).toEqual({ source, drifts, warnings });
    }
  });

  test("every detector has at least ten streams, and detections in them", () => {
    for (const name of new Set(fixtures.cases.map(([detector]) => detector))) {
      const own = fixtures.cases.filter(([detector]) => detector === name);
      expect(own.length, name).toBeGreaterThanOrEqual(10);
      expect(own.filter(([, , , drifts]) => drifts.length > 0).length, name).toBeGreaterThan(3);
    }
  });
});

test("finds what River 0.26.1 finds in the streams of its own tests", () => {
  for (const [name, options, digits, drifts] of fixtures.golden) {
    const found = detect(named(name, options), Array.from(digits, Number)).drifts;
    expect({ name, options, drifts: found }).toEqual({ name, options, drifts });
  }
});

test.each<[DetectorName, object, number, readonly number[]]>([
  ["adwin", {}, 0, [1023]],
  ["kswin", { alpha: 0.0001, windowSize: 200, statSize: 100, seed: 42 }, 2, [1042]],
  ["ddm", {}, 3, [1049]],
  ["hddm-a", {}, 5, [1047]],
  ["hddm-a", { twoSided: true }, 6, [531, 1015, 1545]],
  ["hddm-w", {}, 7, [1018]],
])("finds what River's own tests state: %s %j", (name, options, golden, expected) => {
  const values = Array.from(fixtures.golden[golden]![2], Number);
  expect(detect(named(name, options), values).drifts).toEqual(expected);
});

test("goes on from JSON in the middle of a stream", () => {
  for (const [name, options, source, drifts] of fixtures.cases.filter((_, index) => index % 5 === 0)) {
    const values = [...stream(source)];
    const half = Math.floor(values.length / 2);
    const first = named(name, options);
    const before = detect(first, values.slice(0, half)).drifts;
    const second = restoreDetector(JSON.parse(JSON.stringify(first)));
    const after = detect(second, values.slice(half)).drifts.map((index) => index + half);
    expect([...before, ...after]).toEqual(drifts);
  }
});

test("the exact Kolmogorov-Smirnov p-value of two samples of one size is SciPy's", () => {
  // scipy.stats.ks_2samp(..., method="exact") for 30 and 30 values, 13 and 5 steps apart.
  expect(equalSizesKsPValue(13, 30)).toBeCloseTo(0.006548396368058784, 15);
  expect(equalSizesKsPValue(5, 30)).toBeCloseTo(0.8079631540901642, 12);
  expect(equalSizesKsPValue(30, 30)).toBeCloseTo(1.6911233892144742e-17, 30);
});
