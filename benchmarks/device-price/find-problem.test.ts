import { describe, expect, test } from "vitest";

import { findPriceProblem, findProblem } from "./find-problem.ts";

const expected = {
  priceEur: 72.8,
  imputedFields: ["os"],
  unseenFields: [],
  outOfRangeFields: [],
  model: "device-price",
  version: "1.0.0",
} as const;
const answer = (change: object, status = 200) => ({
  status,
  body: JSON.stringify({ ...expected, ...change }),
});

describe("findPriceProblem", () => {
  test.each([72.8, 72.79, 72.81])("takes %d EUR for 72.8 EUR", (priceEur) => {
    expect(findPriceProblem(answer({ priceEur }), expected)).toBeUndefined();
  });

  test.each([72.78, 72.82, 0, null, undefined, "cheap"])("does not take %s", (priceEur) => {
    expect(findPriceProblem(answer({ priceEur }), expected)).toContain("instead of 72.8 EUR");
  });

  test("does not take another status", () => {
    expect(findPriceProblem(answer({}, 503), expected)).toContain("status 503");
  });
});

test("findProblem holds the rest of an answer too, in any order of its fields", () => {
  const reversed = JSON.stringify(Object.fromEntries(Object.entries(expected).toReversed()));
  expect(findProblem({ status: 200, body: reversed }, expected)).toBeUndefined();
  expect(findProblem(answer({ imputedFields: [] }), expected)).toContain("instead of");
  expect(findProblem(answer({ version: "2.0.0" }), expected)).toContain("instead of");
});
