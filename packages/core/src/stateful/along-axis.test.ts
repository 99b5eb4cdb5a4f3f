import fc from "fast-check";
import { expect, test } from "vitest";

import { elementCount, tensor } from "../tensor/tensor.ts";
import { joinAlong, sizeOf, sliceAlong } from "./along-axis.ts";

test("joins along any dimension", () => {
  const a = tensor("float32", [1, 2, 3, 4], [2, 1, 2]);
  const b = tensor("float32", [5, 6, 7, 8, 9, 10, 11, 12], [2, 2, 2]);
  expect(joinAlong([a, b], 1)).toEqual(tensor("float32", [1, 2, 5, 6, 7, 8, 3, 4, 9, 10, 11, 12], [2, 3, 2]));
  const words = [tensor("string", ["a", "b"], [2, 1]), tensor("string", ["c", "d"], [2, 1])];
  expect(joinAlong(words, -1)).toEqual(tensor("string", ["a", "c", "b", "d"], [2, 2]));
});

test("what is joined comes apart again, along any dimension", () => {
  const shape = fc.array(fc.nat(3), { minLength: 1, maxLength: 4 });
  const law = fc.property(shape, fc.nat(3), fc.array(fc.nat(3), { minLength: 1 }), (base, chosen, sizes) => {
    const axis = chosen % base.length;
    let next = 0;
    const parts = sizes.map((size) => {
      const own = base.with(axis, size);
      return tensor(
        "int32",
        Array.from({ length: elementCount(own) }, () => (next += 1)),
        own,
      );
    });
    for (const along of [axis, axis - base.length]) {
      const joined = joinAlong(parts, along);
      let start = 0;
      for (const part of parts) {
        const end = start + sizeOf(part, along);
        expect(sliceAlong(joined, along, start, end)).toEqual(part);
        start = end;
      }
      expect(sizeOf(joined, along)).toBe(start);
    }
  });
  fc.assert(law, { seed: 1, numRuns: 200 });
});
