import { expect, test } from "vitest";

import { orderOfRound } from "./rounds.ts";

test("the order turns round from one round to the next", () => {
  const subjects = ["A", "B", "C"];
  expect([0, 1, 2].map((round) => orderOfRound(subjects, round).join(""))).toEqual(["ABC", "CBA", "ABC"]);
  expect(subjects).toEqual(["A", "B", "C"]);
});
