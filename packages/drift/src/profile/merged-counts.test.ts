import fc from "fast-check";
import { expect, test } from "vitest";

import { MergedCounts } from "./merged-counts.ts";

test("law: it adds as one by one does, whatever the number of cells and of lists", () => {
  const size = fc.record({
    cells: fc.integer({ min: 0, max: 37 }),
    lists: fc.oneof(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 250, max: 530 })),
    atOnce: fc.integer({ min: 1, max: 5 }),
    // Where in its memory each list begins.
    offset: fc.constantFrom(0, 4, 1),
    byte: fc.oneof(fc.constant(255), fc.integer({ min: 0, max: 255 })),
    step: fc.nat(7),
  });
  fc.assert(
    fc.property(size, ({ cells, lists, atOnce, offset, byte, step }) => {
      const counts = Array.from({ length: lists }, (_, list) =>
        new Uint8Array(cells + offset).map((_, cell) => (byte + step * (cell + list)) % 256).subarray(offset),
      );
      const target = Float64Array.from({ length: cells }, (_, cell) => cell / 2);
      const merged = new MergedCounts(target);
      for (let start = 0; start < lists; start += atOnce) merged.add(counts.slice(start, start + atOnce));
      merged.flush();
      const expected = Array.from({ length: cells }, (_, cell) =>
        counts.reduce((sum, list) => sum + list[cell]!, cell / 2),
      );
      expect([...target]).toEqual(expected);
    }),
    { numRuns: 300 },
  );
});
