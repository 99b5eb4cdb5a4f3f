import { tensor } from "@mlops/core";
import { describe, expect, test } from "vitest";

import { findDifference } from "./find-difference.ts";

const tolerance = { relative: 0.01, absolute: 0.1 };
const float = (...values: number[]) => ({ y: tensor("float32", values) });

describe("no difference", () => {
  test.each([
    [float(100), float(101)],
    [float(0), float(0.0999)],
    [float(NaN, Infinity, -Infinity), float(NaN, Infinity, -Infinity)],
    [{ y: tensor("string", ["a"]) }, { y: tensor("string", ["a"]) }],
    [{ y: tensor("int64", [-5n]) }, { y: tensor("int64", [-5n]) }],
    [{ y: tensor("float16", [2]) }, { y: tensor("float16", [2.01]) }],
    [float(1), { ...float(1), more: tensor("bool", [true]) }],
  ])("between %o and %o", (expected, actual) => {
    expect(findDifference(expected, actual, tolerance)).toBeUndefined();
  });
});

describe("a difference", () => {
  test.each([
    [float(1), {}, "y is missing"],
    [{ toString: tensor("bool", [true]) }, {}, "toString is missing"],
    [float(100), float(101.2), /^y has 101.19\d* at 0, not 100$/],
    [float(1, 0), float(1, -0.2), /^y has -0.2\d* at 1, not 0$/],
    [float(1), float(NaN), "y has NaN at 0, not 1"],
    [float(NaN), float(1), "y has 1 at 0, not NaN"],
    [float(Infinity), float(1e30), /^y has 1\.\d*e\+30 at 0, not Infinity$/],
    [float(Infinity), float(-Infinity), "y has -Infinity at 0, not Infinity"],
    [float(1, 2), { y: tensor("float32", [1, 2], [2, 1]) }, "y has the shape [2, 1], not [2]"],
    [float(1), { y: tensor("float64", [1]) }, "y is of float64, not float32"],
    [{ y: tensor("string", ["a"]) }, { y: tensor("string", ["b"]) }, "y has b at 0, not a"],
    [{ y: tensor("float16", [2]) }, { y: tensor("float16", [3]) }, "y has 3 at 0, not 2"],
  ])("between %o and %o", (expected, actual, difference) => {
    expect(findDifference(expected, actual, tolerance)).toMatch(difference);
  });
});
