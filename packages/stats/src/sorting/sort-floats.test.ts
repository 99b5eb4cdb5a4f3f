import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { seededNormals, seededUniform } from "../numeric/seeded.fixtures.ts";
import { sortFloats } from "./sort-floats.ts";

const uniform = seededUniform(3);
const size = 20_000;
const make = (value: () => number) => Float64Array.from({ length: size }, value);

describe("sortFloats", () => {
  it.each([
    ["normal values", Float64Array.from(seededNormals(4)(size))],
    ["few distinct values", make(() => Math.floor(5 * uniform()) - 2)],
    ["a narrow band, alike in the upper bits", make(() => 1e9 + uniform() * 1e-3)],
    ["a negative narrow band", make(() => -1e9 - uniform() * 1e-3)],
    ["every magnitude", make(() => (uniform() - 0.5) * 10 ** (600 * uniform() - 300))],
    [
      "infinities and zeros of both signs",
      make(() => [Infinity, -Infinity, 0, -0, 5e-324][Math.floor(5 * uniform())] ?? 0),
    ],
    ["one value", make(() => 7)],
    ["sorted values", Float64Array.from({ length: size }, (_, i) => i)],
    ["values in reverse", Float64Array.from({ length: size }, (_, i) => -i)],
  ])("sorts %s", (_, values) => {
    const wanted = values.slice().sort();
    const found = sortFloats(values.slice());
    // Zeros of both signs may come in any order.
    expect(found.every((value, i) => value === wanted[i])).toBe(true);
  });

  it("sorts part of a buffer without touching the rest", () => {
    const buffer = make(() => uniform());
    const before = buffer.slice();
    const part = buffer.subarray(1_000, 9_001);
    sortFloats(part);
    expect(buffer.subarray(0, 1_000)).toEqual(before.subarray(0, 1_000));
    expect(buffer.subarray(9_001)).toEqual(before.subarray(9_001));
    expect(part).toEqual(before.slice(1_000, 9_001).sort());
  });

  it("sorts small arrays", () => {
    fc.assert(
      fc.property(fc.float64Array({ noNaN: true, maxLength: 50 }), (values) => {
        const wanted = values.slice().sort();
        expect(sortFloats(values.slice()).every((value, i) => value === wanted[i])).toBe(true);
      }),
      { seed: 5, numRuns: 100 },
    );
  });
});
