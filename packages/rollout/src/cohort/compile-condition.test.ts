import { describe, expect, test } from "vitest";

import type { Attributes } from "./attributes.ts";
import { compileCondition } from "./compile-condition.ts";
import type { Condition } from "./condition.ts";
import { conditionSchema, maxConditionDepth } from "./condition-schema.ts";

const ada: Attributes = {
  country: "DE",
  age: 36,
  plan: "team-pro",
  beta: true,
  app: "2.4.0",
  tags: ["vip", "early"],
};

function fits(condition: Condition, attributes: Attributes = ada, key: string | undefined = "ada"): boolean {
  return compileCondition(conditionSchema.parse(condition))(attributes, key);
}

describe("a user fits", () => {
  test.each<[Condition, boolean]>([
    [{ attribute: "country", isOneOf: ["AT", "DE"] }, true],
    [{ attribute: "country", isOneOf: ["de"] }, false],
    [{ attribute: "beta", isOneOf: [true] }, true],
    [{ attribute: "age", isOneOf: ["36"] }, false],
    [{ attribute: "tags", isOneOf: ["vip"] }, true],
    [{ attribute: "tags", isOneOf: ["late"] }, false],
    [{ attribute: "plan", startsWith: "team" }, true],
    [{ attribute: "plan", endsWith: "-pro" }, true],
    [{ attribute: "plan", contains: "m-p" }, true],
    [{ attribute: "age", contains: "3" }, false],
    [{ attribute: "age", atLeast: 36 }, true],
    [{ attribute: "age", atLeast: 36.5 }, false],
    [{ attribute: "age", below: 36 }, false],
    [{ attribute: "age", below: 37 }, true],
    [{ attribute: "plan", atLeast: 0 }, false],
    [{ attribute: "app", fromVersion: "2.4.0" }, true],
    [{ attribute: "app", fromVersion: "2.10.0" }, false],
    [{ attribute: "app", beforeVersion: "2.10.0" }, true],
    [{ attribute: "app", beforeVersion: "2.4.0" }, false],
    [{ attribute: "plan", beforeVersion: "9.0.0" }, false],
    [{ keys: ["bob", "ada"] }, true],
    [{ keys: ["bob"] }, false],
    [{ attribute: "city", isAbsent: true }, true],
    [{ attribute: "country", isAbsent: true }, false],
    [{ all: [{ keys: ["ada"] }, { attribute: "age", below: 18 }] }, false],
    [{ any: [{ keys: ["bob"] }, { attribute: "age", atLeast: 18 }] }, true],
    [{ not: { keys: ["ada"] } }, false],
  ])("%j: %s", (condition, expected) => {
    expect(fits(condition)).toBe(expected);
  });

  test("an absent attribute fits nothing, and so its opposite", () => {
    const condition: Condition = { attribute: "city", isOneOf: ["Wien"] };
    expect(fits(condition)).toBe(false);
    expect(fits({ not: condition })).toBe(true);
  });

  test("what every object has is no attribute", () => {
    expect(fits({ attribute: "toString", isAbsent: true })).toBe(true);
    expect(fits({ attribute: "__proto__", isAbsent: true })).toBe(true);
  });

  test("a request without a key is none of those named", () => {
    expect(compileCondition({ keys: ["undefined", ""] })({}, undefined)).toBe(false);
  });
});

describe("a condition from outside is refused", () => {
  const nested = (depth: number): unknown =>
    depth === 0 ? { attribute: "age", atLeast: 1 } : { not: nested(depth - 1) };

  test.each<[string, unknown]>([
    ["that asks nothing", { attribute: "country" }],
    ["that asks two things", { attribute: "age", atLeast: 1, below: 2 }],
    ["without an attribute", { isOneOf: ["DE"] }],
    ["with an empty list", { attribute: "country", isOneOf: [] }],
    ["with a version that is none", { attribute: "app", fromVersion: "2" }],
    ["with a number that is none", { attribute: "age", atLeast: Number.NaN }],
    ["of no conditions", { all: [] }],
    ["that nests too deep", nested(maxConditionDepth + 1)],
    ["that nests without end", nested(2_000)],
  ])("%s", (_, condition) => {
    expect(conditionSchema.safeParse(condition).success).toBe(false);
  });

  test("one that nests as deep as it may is taken", () => {
    expect(conditionSchema.safeParse(nested(maxConditionDepth)).success).toBe(true);
  });
});
