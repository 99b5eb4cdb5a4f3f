import { readdirSync, readFileSync } from "node:fs";

import { describe, expect, test } from "vitest";

import { unleashPercentile, unleashVariant } from "./unleash.ts";

// The cases that Unleash publishes for its SDKs, read from its own package.

interface Specification {
  readonly state: { readonly features?: readonly Feature[] };
  readonly tests?: readonly Case<boolean>[];
  readonly variantTests?: readonly Case<{ readonly name: string; readonly enabled: boolean }>[];
}

interface Feature {
  readonly name: string;
  readonly enabled: boolean;
  readonly strategies?: readonly Strategy[];
  readonly variants?: readonly Variant[];
}

interface Strategy {
  readonly name: string;
  readonly parameters?: Readonly<Record<string, string>>;
  readonly constraints?: readonly unknown[];
  readonly segments?: readonly unknown[];
  readonly variants?: readonly Variant[];
}

interface Variant {
  readonly name: string;
  readonly weight: number;
  readonly stickiness?: string;
  readonly overrides?: readonly unknown[];
}

interface Case<Result> {
  readonly description: string;
  readonly context: Readonly<Record<string, unknown>>;
  readonly toggleName: string;
  readonly expectedResult: Result;
}

const folder = new URL("specifications/", import.meta.resolve("@unleash/client-specification/package.json"));
const specifications = readdirSync(folder)
  .filter((file) => /^\d.*\.json$/.test(file))
  .map((file) => JSON.parse(readFileSync(new URL(file, folder), "utf8")) as Specification);

/** A feature whose one strategy is a gradual rollout that depends on the key alone. */
function rolloutOf({ state }: Specification, name: string): [Feature, Strategy, string, number] | undefined {
  const feature = state.features?.find((candidate) => candidate.name === name);
  const [strategy, ...more] = feature?.strategies ?? [];
  if (!feature?.enabled || strategy === undefined || more.length > 0) return undefined;
  if ((strategy.constraints ?? []).length > 0 || (strategy.segments ?? []).length > 0) return undefined;
  const { rollout, percentage, groupId = name, stickiness = "userId" } = strategy.parameters ?? {};
  const isUserId = ["default", "userId"].includes(stickiness);
  if (strategy.name === "flexibleRollout" && isUserId) return [feature, strategy, groupId, Number(rollout)];
  if (strategy.name === "gradualRolloutUserId") return [feature, strategy, groupId, Number(percentage)];
  return undefined;
}

function userIdOf({ context }: Case<unknown>): string | undefined {
  return typeof context["userId"] === "string" ? context["userId"] : undefined;
}

const rolloutCases = specifications.flatMap((specification) =>
  (specification.tests ?? []).flatMap((item) => {
    const [, , groupId, percentage] = rolloutOf(specification, item.toggleName) ?? [];
    const userId = userIdOf(item);
    return groupId === undefined || percentage === undefined || userId === undefined
      ? []
      : [{ ...item, groupId, percentage, userId }];
  }),
);

const variantCases = specifications.flatMap((specification) =>
  (specification.variantTests ?? []).flatMap((item) => {
    const [feature, strategy, groupId] = rolloutOf(specification, item.toggleName) ?? [];
    const userId = userIdOf(item);
    if (feature === undefined || userId === undefined || !item.expectedResult.enabled) return [];
    const ofStrategy = strategy?.variants ?? [];
    const variants = ofStrategy.length > 0 ? ofStrategy : (feature.variants ?? []);
    const isByKey = variants.every(
      ({ stickiness = "userId", overrides = [] }) =>
        ["default", "userId"].includes(stickiness) && overrides.length === 0,
    );
    const group = ofStrategy.length > 0 ? (groupId ?? "") : feature.name;
    return isByKey ? [{ ...item, userId, variants, group }] : [];
  }),
);

describe("Unleash's specification", () => {
  test("has the cases that these tests are about", () => {
    expect(rolloutCases.length).toBeGreaterThanOrEqual(8);
    expect(variantCases.length).toBeGreaterThanOrEqual(4);
  });

  test.each(rolloutCases)("$description", ({ userId, groupId, percentage, expectedResult }) => {
    expect(unleashPercentile(userId, groupId) <= percentage).toBe(expectedResult);
  });

  test.each(variantCases)("$description", ({ userId, group, variants, expectedResult }) => {
    const weights = variants.map(({ weight }) => weight);
    expect(variants[unleashVariant(userId, group, weights)]?.name).toBe(expectedResult.name);
  });
});

describe("unleashVariant", () => {
  test("never gives a variant without weight", () => {
    for (let user = 0; user < 2_000; user += 1)
      expect([1, 3]).toContain(unleashVariant(`user-${user}`, "group", [0, 500, 0, 500]));
    expect(unleashVariant("user-1", "group", [0, 0])).toBe(-1);
  });
});
