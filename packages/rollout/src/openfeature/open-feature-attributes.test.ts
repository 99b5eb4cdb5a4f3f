import { definePredictor } from "@mlops/core";
import { InMemoryProvider, OpenFeature } from "@openfeature/server-sdk";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { cohort } from "../policy/strategies.ts";
import { createRollout } from "../rollout/create-rollout.ts";
import { createMemoryStore } from "../store/memory-store.ts";
import { flagIs, openFeatureAttributes, type OpenFeatureClientLike } from "./open-feature-attributes.ts";

const domain = "rollout-tests";

beforeAll(async () => {
  const provider = new InMemoryProvider({
    beta: {
      disabled: false,
      variants: { on: true, off: false },
      defaultVariant: "off",
      contextEvaluator: ({ targetingKey, plan }) =>
        targetingKey === "ada" || plan === "early" ? "on" : "off",
    },
    ring: { disabled: false, variants: { first: "canary", last: "stable" }, defaultVariant: "last" },
    level: { disabled: false, variants: { high: 3 }, defaultVariant: "high" },
    wrong: { disabled: false, variants: { text: "yes" }, defaultVariant: "text" },
  });
  await OpenFeature.setProviderAndWait(domain, provider);
});

afterAll(() => OpenFeature.clearProviders());

const flags = { beta: false, ring: "none", level: 0, wrong: false, unknown: "default" };

describe("flags of a real provider", () => {
  test("are attributes, with the default where the provider has none of that type", async () => {
    // A client of the real package fits without a cast.
    const client: OpenFeatureClientLike = OpenFeature.getClient(domain);
    const attributes = openFeatureAttributes<{ plan: string }>(client, {
      flags,
      context: ({ plan }) => ({ plan }),
      attributes: ({ plan }) => ({ plan }),
    });
    const others = { "flag:ring": "stable", "flag:level": 3, "flag:wrong": false, "flag:unknown": "default" };
    const late = { plan: "late" };
    expect(await attributes(late, { key: "ada" })).toEqual({ ...others, ...late, "flag:beta": true });
    expect(await attributes(late, { key: "bob" })).toEqual({ ...others, ...late, "flag:beta": false });
    const early = { plan: "early" };
    expect(await attributes(early, { key: "bob" })).toEqual({ ...others, ...early, "flag:beta": true });
  });

  test("are their defaults for a request that has no key", async () => {
    const attributes = openFeatureAttributes(OpenFeature.getClient(domain), { flags });
    expect(await attributes(1, {})).toEqual({
      "flag:beta": false,
      "flag:ring": "none",
      "flag:level": 0,
      "flag:wrong": false,
      "flag:unknown": "default",
    });
  });
});

test("a cohort is whoever a flag is on for; nobody, where flags cannot be had", async () => {
  const versions = Object.fromEntries(
    ["1", "2"].map((version) => [
      version,
      definePredictor({
        name: "name",
        version,
        predict: (input: number) => `${version}${input > 1 ? "!" : ""}`,
      }),
    ]),
  );
  const attributes = openFeatureAttributes(OpenFeature.getClient(domain), { flags: { beta: false } });
  let isDown = false;
  const rollout = createRollout({
    name: "name",
    versions,
    stable: "1",
    store: createMemoryStore(),
    pollMs: 0,
    attributes: (input: number, options) =>
      isDown ? Promise.reject(new Error("no flags")) : attributes(input, options),
  });
  await rollout.start("2", cohort({ seed: "flags", who: flagIs("beta"), unguarded: true }), { actor: "ada" });
  const ask = () => Promise.all(["ada", "bob"].map((key) => rollout.predict(1, { key })));
  expect(await ask()).toEqual(["2", "1"]);
  isDown = true;
  expect(await ask()).toEqual(["1", "1"]);
  expect(rollout.status().replica.problem).toContain("no flags");
  await rollout.close();
});
