import { createRandom } from "@mlops/stats";
import { expect, test } from "vitest";

import { detectDrift, parseProfile, profile, profileToJson } from "./index.ts";

const random = createRandom(1);
const rows = (count: number, mean: number, missing: number) =>
  Array.from({ length: count }, () => ({
    age: random.normal(mean, 10),
    income: random() < missing ? null : random.gamma(2, 1_000),
    plan: random() < 0.7 ? "basic" : "pro",
  }));
const training = rows(5_000, 40, 0.01);
const today = rows(1_000, 45, 0.05);

test("finds the drift that the README finds in Node", () => {
  const { status, columns } = detectDrift(training, today);
  expect(status).toBe("drift");
  expect(columns.map(({ name, status: ofColumn }) => [name, ofColumn])).toEqual([
    ["age", "drift"],
    ["income", "drift"],
    ["plan", "stable"],
  ]);
});

test("a profile that was saved stands in for its rows", () => {
  const saved = parseProfile(JSON.stringify(profileToJson(profile(training))));
  expect(saved.rows).toBe(5_000);
  expect(detectDrift(saved, today).columns.map(({ status }) => status)).toEqual(["drift", "drift", "stable"]);
  expect(detectDrift(saved, rows(20, 40, 0.01)).status).toBe("not-enough-data");
});
