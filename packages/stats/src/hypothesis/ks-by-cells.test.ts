import { expect, test } from "vitest";

import { createRandom } from "../random/create-random.ts";
import { EvenCells } from "./even-cells.ts";
import { cellsFor, ksExtremesByCells } from "./ks-by-cells.ts";
import { ksExtremes } from "./ks-distance.ts";
import { createKsReference, ksTwoSample } from "./ks-two-sample.ts";

const random = createRandom(7);
const draws = (count: number, draw: () => number): Float64Array => Float64Array.from({ length: count }, draw);

const shapes: Record<string, (shift: number) => number> = {
  normal: (shift) => random.normal(shift),
  "far from 0": (shift) => random.normal(1e6 + shift),
  "heavy-tailed": (shift) => random.studentT(1) + shift,
  "very heavy-tailed": (shift) => Math.exp(20 * random.normal(shift)),
  "rounded to 0.1": (shift) => Math.round(10 * random.normal(shift)) / 10,
  "whole numbers": (shift) => random.poisson(2 + shift),
  "with infinities": (shift) =>
    random() < 0.1 ? [-Infinity, Infinity][random.integer(2)]! : random.normal(shift),
  constant: (shift) => Math.round(shift),
};

test.each(Object.keys(shapes))("law: counting in cells gives what sorting gives: %s", (shape) => {
  for (let run = 0; run < 60; run += 1) {
    const shift = [0, 0.05, 1][run % 3]!;
    const first = draws(1 + random.integer(900), () => shapes[shape]!(0));
    const second = draws(1 + random.integer(900), () => shapes[shape]!(shift));
    const whole = ksExtremes(first.slice().sort(), second.slice().sort());
    const usual = cellsFor(first, second);
    for (const cells of usual === undefined ? [] : [usual, new EvenCells(-2, 2, 40)]) {
      for (const alternative of ["two-sided", "greater", "less"] as const) {
        const side = (values: Float64Array) => ({ values, isSorted: false, counts: cells.countOf(values) });
        const found = ksExtremesByCells(cells, side(first), side(second), alternative);
        if (found === undefined) continue;
        const isBelow = alternative === "less" || (alternative === "two-sided" && found.below > found.above);
        const ofFound = isBelow ? [found.below, found.belowAt] : [found.above, found.aboveAt];
        const ofWhole = isBelow ? [whole.below, whole.belowAt] : [whole.above, whole.aboveAt];
        expect(ofFound).toEqual(ofWhole);
        expect(isBelow).toBe(
          alternative === "less" || (alternative === "two-sided" && whole.below > whole.above),
        );
      }
    }
  }
});

test("of large samples few values are looked at, so that the short way is the usual one", () => {
  for (const shift of [0, 0.2]) {
    const [first, second] = [
      draws(100_000, () => random.normal(100, 15)),
      draws(100_000, () => random.normal(100 + shift, 15)),
    ];
    const cells = cellsFor(first, second)!;
    const side = (values: Float64Array) => ({ values, isSorted: false, counts: cells.countOf(values) });
    expect(ksExtremesByCells(cells, side(first), side(second), "two-sided")).toBeDefined();
  }
});

test.each(Object.keys(shapes))("large samples and references: %s", (shape) => {
  const first = draws(60_000, () => shapes[shape]!(0));
  const second = draws(2_000, () => shapes[shape]!(0.1));
  const reference = createKsReference(first);
  for (const alternative of ["two-sided", "greater", "less"] as const) {
    const options = { alternative, method: "asymptotic" } as const;
    const whole = ksExtremes(first.slice().sort(), second.slice().sort());
    const result = ksTwoSample(first, second, options);
    const isBelow = alternative === "less" || (alternative === "two-sided" && whole.below > whole.above);
    expect(result.statistic).toBe((isBelow ? whole.below : whole.above) / 60_000 / 2_000);
    expect(result.location).toBe(isBelow ? whole.belowAt : whole.aboveAt);
    expect(reference.test(second, options)).toEqual(result);
    expect(reference.test(second, options)).toEqual(result);
  }
});
