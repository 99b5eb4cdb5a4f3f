import { expect, test } from "vitest";

import { findStale } from "./find-stale.ts";
import type { SuiteResult } from "./suite-result.ts";

const recorded: SuiteResult = {
  suite: "onnx-1",
  device: "cpu",
  runtime: "runtime 1",
  cases: 4,
  passed: 1,
  exceptions: [
    { reason: "no kernel", cases: ["a", "b"] },
    { reason: "random", mayPass: true, cases: ["c"] },
  ],
  operators: { Abs: [1, 3] },
};

test("a record of what was found is not stale", () => {
  expect(findStale(recorded, structuredClone(recorded))).toEqual([]);
});

test("a listed case that passes is told", () => {
  const exceptions = [{ reason: "no kernel", cases: ["a"] }, recorded.exceptions[1]!];
  expect(findStale(recorded, { ...recorded, passed: 2, exceptions })).toEqual([
    "passed is 2, and was recorded as 1",
    "b passes, and is listed: no kernel",
  ]);
});

test("a listed case that passes now and then is not", () => {
  expect(findStale(recorded, { ...recorded, exceptions: [recorded.exceptions[0]!] })).toEqual([]);
});

test("a case that fails unlisted, or for another reason, is told", () => {
  const exceptions = [
    { reason: "no kernel", cases: ["a", "d"] },
    { reason: "crash", cases: ["b"] },
    { reason: "random", mayPass: true as const, cases: ["c"] },
  ];
  expect(findStale(recorded, { ...recorded, exceptions })).toEqual([
    "d does not pass, and is not listed: no kernel",
    "b is listed for another reason than: crash",
  ]);
});

test("another runtime, suite or count of an operator is told", () => {
  const found: SuiteResult = { ...recorded, runtime: "runtime 2", cases: 5, operators: { Abs: [2, 3] } };
  expect(findStale(recorded, found)).toEqual([
    "runtime is runtime 2, and was recorded as runtime 1",
    "cases is 5, and was recorded as 4",
    "operators differ",
  ]);
});
