import fc from "fast-check";
import { expect, test } from "vitest";

import { countBuckets } from "../../routing/allocation.ts";
import type { Span } from "../state.ts";
import { bucketsOf, layOut, moveBuckets } from "./layout.ts";

const weightsOf = (arms: number): fc.Arbitrary<number[]> =>
  fc
    .array(fc.nat(1_000), { minLength: arms, maxLength: arms })
    .filter((parts) => parts.some((part) => part > 0))
    .map((parts) => {
      const sum = parts.reduce((total, part) => total + part, 0);
      return parts.map((part) => part / sum);
    });

function owners(layout: readonly Span[]): number[] {
  return layout.flatMap(([version, buckets]) => Array.from({ length: buckets }, () => version));
}

test("law: every version has just its weight, and no more buckets move than have to", () => {
  const walk = fc
    .integer({ min: 2, max: 5 })
    .chain((arms) => fc.array(weightsOf(arms), { minLength: 2, maxLength: 12 }));
  fc.assert(
    fc.property(walk, ([first, ...rest]) => {
      let layout = layOut(first!);
      for (const weights of rest) {
        const next = moveBuckets(layout, weights);
        const [before, wanted] = [bucketsOf(layout, weights.length), countBuckets(weights)];
        expect(bucketsOf(next, weights.length)).toEqual(wanted);
        const [own, other] = [owners(layout), owners(next)];
        const moved = own.filter((version, bucket) => version !== other[bucket]).length;
        const least = wanted.reduce((sum, count, version) => sum + Math.max(0, count - before[version]!), 0);
        expect(moved).toBe(least);
        layout = next;
      }
    }),
    { seed: 1, numRuns: 60 },
  );
});

test("a layout that came to pieces is made anew, as a router takes 255 parts", () => {
  let layout = layOut([0.34, 0.33, 0.33]);
  let most = 0;
  for (let turn = 0; turn < 2_000; turn += 1) {
    const first = 0.2 + ((turn * 37) % 300) / 1_000;
    const second = 0.2 + ((turn * 91) % 300) / 1_000;
    layout = moveBuckets(layout, [first, second, 1 - first - second]);
    most = Math.max(most, layout.length);
  }
  expect(most).toBeLessThanOrEqual(200);
});
