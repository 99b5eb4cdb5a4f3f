import fc from "fast-check";
import { expect, test } from "vitest";

import { elementCount } from "../tensor/tensor.ts";
import { copyBox } from "./copy-box.ts";

/** The place of each element, by its index along each dimension. */
function placesOf(shape: readonly number[]): number[][] {
  return shape.reduce<number[][]>(
    (places, size) =>
      places.flatMap((place) => Array.from({ length: size }, (_, index) => [...place, index])),
    [[]],
  );
}

test("law: what both have is copied to its place, and nothing else is touched", () => {
  const shapes = fc.array(fc.tuple(fc.nat(4), fc.nat(4)), { maxLength: 4 });
  fc.assert(
    fc.property(shapes, (sizes) => {
      const [sourceShape, targetShape] = [sizes.map(([size]) => size), sizes.map(([, size]) => size)];
      const source = Float32Array.from({ length: elementCount(sourceShape) }, (_, index) => index + 1);
      const target = new Float32Array(elementCount(targetShape)).fill(-1);
      copyBox(source, sourceShape, target, targetShape);
      const valueOf = new Map(placesOf(sourceShape).map((place, index) => [String(place), source[index]!]));
      const expected = placesOf(targetShape).map((place) => valueOf.get(String(place)) ?? -1);
      expect([...target]).toEqual(expected);
    }),
    { seed: 4, numRuns: 500 },
  );
});

test.each([BigInt64Array.of(1n, 2n, 3n, 4n), Uint8Array.of(1, 2, 3, 4), Uint16Array.of(1, 2, 3, 4)])(
  "pads and cuts: %o",
  (source) => {
    const ArrayType = source.constructor as new (length: number) => typeof source;
    const padded = new ArrayType(6);
    copyBox(source, [2, 2], padded, [2, 3]);
    expect([...padded].map(Number)).toEqual([1, 2, 0, 3, 4, 0]);
    const back = new ArrayType(4);
    copyBox(padded, [2, 3], back, [2, 2]);
    expect([...back]).toEqual([...source]);
  },
);
