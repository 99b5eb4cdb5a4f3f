import { expect, test } from "vitest";

import { splitRows } from "./split.ts";

const rows = Array.from({ length: 103 }, (_, i) => i);

test("a fifth is held out, and no row is lost or in both", () => {
  const { train, test: heldOut } = splitRows(rows, 1);
  expect(heldOut).toHaveLength(21);
  expect([...train, ...heldOut].toSorted((a, b) => a - b)).toEqual(rows);
});

test("the seed decides which", () => {
  expect(splitRows(rows, 1)).toEqual(splitRows(rows, 1));
  expect(splitRows(rows, 2).test).not.toEqual(splitRows(rows, 1).test);
});

test("every row is held out equally often", () => {
  const counts = rows.map(() => 0);
  for (let seed = 0; seed < 1000; seed++) for (const row of splitRows(rows, seed).test) counts[row]! += 1;
  // Binomial: 1000 draws with 21 / 103, a standard deviation of 12.7.
  for (const count of counts) expect(Math.abs(count - (1000 * 21) / 103)).toBeLessThan(5 * 12.7);
});
