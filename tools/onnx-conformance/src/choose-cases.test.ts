import { expect, test } from "vitest";

import { chooseCases } from "./choose-cases.ts";

const candidates = ["c2 C", "a1 A", "a3 A", "b1 B", "a2 A", "c1 C"].map((text) => {
  const [name, operator] = text.split(" ") as [string, string];
  return { name, operator };
});

test.each([
  [2, ["a1", "b1"]],
  [3, ["a1", "b1", "c1"]],
  [4, ["a1", "a2", "b1", "c1"]],
  [5, ["a1", "a2", "b1", "c1", "c2"]],
  [99, ["a1", "a2", "a3", "b1", "c1", "c2"]],
])("%i cases are taken from each operator in turn", (count, names) => {
  expect(chooseCases(candidates, count)).toEqual(names);
});
