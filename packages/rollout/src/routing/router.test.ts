import { describe, expect, test } from "vitest";

import { Router, type Routing } from "./router.ts";

const canary = (weight: number, more: Partial<Routing> = {}): Router =>
  new Router({
    seed: "price-2026",
    variants: [
      { variant: "canary", weight },
      { variant: "stable", weight: 1 - weight },
    ],
    ...more,
  });

const million = 1_000_000;

/** How many of `count` keys have each variant. */
function countRoutes(router: Router, count: number): number[] {
  const counts = router.variants.map(() => 0);
  for (let user = 0; user < count; user += 1) counts[router.route(`user-${user}`)]! += 1;
  return counts;
}

describe("shares", () => {
  test.each([[[0.5, 0.5]], [[0.01, 0.99]], [[0.2, 0.3, 0.5]], [[0.0007, 0.9993]]])(
    "of %j are held over a million keys, within binomial error",
    (weights) => {
      const variants = weights.map((weight, index) => ({ variant: `v${index}`, weight }));
      const counts = countRoutes(new Router({ seed: "shares", variants }), million);
      for (const [index, weight] of weights.entries()) {
        const deviation = Math.sqrt(million * weight * (1 - weight));
        expect(Math.abs(counts[index]! - million * weight)).toBeLessThan(4 * deviation);
      }
    },
  );

  test("of nothing and of everything are held exactly", () => {
    expect(countRoutes(canary(0), 10_000)).toEqual([0, 10_000]);
    expect(countRoutes(canary(1), 10_000)).toEqual([10_000, 0]);
  });

  test("that grow never move a user back", () => {
    const ramp = [0.01, 0.05, 0.1, 0.25, 0.5, 1].map((weight) => canary(weight));
    for (let user = 0; user < 20_000; user += 1) {
      const routes = ramp.map((router) => router.route(`user-${user}`));
      expect(routes).toEqual([...routes].sort((a, b) => b - a));
    }
  });
});

describe("coverage", () => {
  const variants = ["a", "b", "c", "d"].map((variant) => ({ variant, weight: 0.25 }));
  const [half, most] = [0.5, 0.9].map(
    (coverage) => new Router({ seed: "coverage", coverage, variants, defaultVariant: "b" }),
  ) as [Router, Router]; // One for each coverage.

  test("takes that part of the keys, spread over the variants as the shares say", () => {
    const counts = [0, 0, 0, 0];
    let others = 0;
    for (let user = 0; user < 100_000; user += 1) {
      if (half.isEligible(`user-${user}`)) counts[half.route(`user-${user}`)]! += 1;
      else others += 1;
    }
    expect(Math.abs(others - 50_000)).toBeLessThan(4 * Math.sqrt(25_000));
    for (const count of counts)
      expect(Math.abs(count - 12_500)).toBeLessThan(4 * Math.sqrt(100_000 * 0.125 * 0.875));
  });

  test("gives the default variant to who does not take part", () => {
    const outside = Array.from({ length: 1_000 }, (_, user) => `user-${user}`).filter(
      (key) => !half.isEligible(key),
    );
    expect(new Set(outside.map((key) => half.route(key)))).toEqual(new Set([1]));
  });

  test("that grows moves nobody who took part", () => {
    for (let user = 0; user < 20_000; user += 1) {
      const key = `user-${user}`;
      if (!half.isEligible(key)) continue;
      expect(most.isEligible(key)).toBe(true);
      expect(most.route(key)).toBe(half.route(key));
    }
  });
});

test("who is shadowed says nothing of the variant", () => {
  const router = canary(0.5, { shadow: 0.5 });
  const table = [0, 0, 0, 0];
  for (let user = 0; user < 100_000; user += 1) {
    const key = `user-${user}`;
    table[router.route(key) * 2 + Number(router.isShadowed(key))]! += 1;
  }
  for (const count of table)
    expect(Math.abs(count - 25_000)).toBeLessThan(4 * Math.sqrt(100_000 * 0.25 * 0.75));
  expect(canary(0.5).isShadowed("user-1")).toBe(false);
  expect(canary(0.5, { shadow: 1 }).isShadowed("user-1")).toBe(true);
});

test("a key has the variant that it always had", () => {
  const keys = ["", "user-1", "user-2", "user-3", "userA", "userŁ", "ключ", "🦊"];
  const routes = (["murmur3-32/1", "growthbook/1", "growthbook/2", "unleash"] as const).map((algorithm) =>
    keys.map((key) => canary(0.5, { algorithm }).route(key)).join(""),
  );
  expect(routes).toEqual(["00100101", "10101110", "01111100", "11100000"]);
});

describe("a routing that cannot be meant is refused", () => {
  test.each<[string, Partial<Record<keyof Routing, unknown>>, string]>([
    ["an empty seed", { seed: "" }, "seed"],
    ["a seed that is no text", { seed: 7 }, "seed"],
    ["an algorithm that there is not", { algorithm: "md5" }, "algorithm"],
    ["an algorithm that every object has", { algorithm: "constructor" }, "algorithm"],
    ["a coverage above one", { coverage: 50 }, "coverage"],
    ["a shadow that is no number", { shadow: Number.NaN }, "shadow"],
    ["a default variant that there is not", { defaultVariant: "old" }, "defaultVariant"],
    ["no variants", { variants: [] }, "variants"],
  ])("%s", (_, change, field) => {
    // What is refused here is what a policy from JSON may hold, which the types do not allow.
    const create = (): Router => canary(0.5, change as Partial<Routing>);
    expect(create).toThrow(expect.objectContaining({ code: "INVALID_POLICY", field }));
  });
});
