import { createContext, runInContext } from "node:vm";

import { build } from "esbuild";
import { describe, expect, test } from "vitest";

// A realm that has what ECMAScript has, and of the web's what is named here: no process, Buffer or
// require. Every edge runtime and every browser has more (WinterTC, "Minimum Common Web API").

const webGlobals = {
  atob,
  btoa,
  TextEncoder,
  crypto,
  setTimeout,
  clearTimeout,
  AbortController,
  structuredClone,
  DOMException,
  performance,
};

/** Bundles a module and gives what it exports, from inside the realm. */
async function loadBare(source: string): Promise<Record<string, unknown>> {
  const { outputFiles } = await build({
    stdin: { contents: source, resolveDir: import.meta.dirname, loader: "ts" },
    bundle: true,
    write: false,
    format: "iife",
    globalName: "exported",
    target: "es2022",
    platform: "neutral",
    mainFields: ["module", "main"],
    conditions: ["@mlops/source"],
    logLevel: "silent",
  });
  const realm = createContext({ ...webGlobals });
  runInContext(outputFiles[0]!.text, realm);
  await runInContext("exported.done", realm);
  // Across realms, what is compared has to be made anew here.
  return JSON.parse(runInContext("JSON.stringify(exported)", realm) as string) as Record<string, unknown>;
}

describe("in a runtime without Node", () => {
  test("@mlops/stats", async () => {
    const { ks, interval, draws } = await loadBare(`
      import { binomialInterval, createRandom, ksTwoSample } from "@mlops/stats";
      export const ks = ksTwoSample([1, 2, 3, 4], [3, 4, 5, 6, 7]);
      export const interval = binomialInterval({ successes: 8, trials: 10 });
      const random = createRandom(1);
      export const draws = [random(), random.normal()];
    `);
    const { binomialInterval, createRandom, ksTwoSample } = await import("@mlops/stats");
    expect(ks).toEqual({ ...ksTwoSample([1, 2, 3, 4], [3, 4, 5, 6, 7]) });
    expect(interval).toEqual({ ...binomialInterval({ successes: 8, trials: 10 }) });
    const random = createRandom(1);
    expect(draws).toEqual([random(), random.normal()]);
  });

  test("@mlops/drift: profile, JSON, verdict, monitor and report", async () => {
    const source = `
      import { createDriftMonitor, detectDrift, parseProfile, profile, profileToJson } from "@mlops/drift";
      import { toHtml, toText } from "@mlops/drift/report";
      import { createRandom } from "@mlops/stats";
      const random = createRandom(1);
      const rows = (count, mean) => Array.from({ length: count }, () => ({
        age: random.normal(mean, 10), plan: "abc"[random.integer(3)], note: random() < 0.1 ? null : "a long sentence number " + random.integer(1000),
      }));
      const reference = parseProfile(JSON.stringify(profileToJson(profile(rows(1000, 40)))));
      const result = detectDrift(reference, rows(500, 50));
      const verdicts = [];
      const monitor = createDriftMonitor({ reference, window: { rows: 500 }, onVerdict: ({ status }) => verdicts.push(status) });
      for (const row of [...rows(500, 40), ...rows(500, 50)]) monitor.add(row);
      export const status = result.status;
      export const columns = result.columns.map(({ name, status }) => [name, status]);
      export const text = toText(result).length;
      export const html = toHtml(result).length;
      export { verdicts };
    `;
    const exported = await loadBare(source);
    expect(exported).toMatchObject({ status: "drift", verdicts: ["stable", "drift"] });
    expect(exported["columns"]).toContainEqual(["age", "drift"]);
    expect(exported["html"]).toBeGreaterThan(10_000);
  });

  test("@mlops/core and @mlops/rollout: a canary over two predictors", async () => {
    const { users, summary } = await loadBare(`
      import { definePredictor } from "@mlops/core";
      import { canary, createMemoryStore, createRollout, errorRate } from "@mlops/rollout";
      const predictor = (version, answer) => definePredictor({ name: "price", version, predict: () => answer });
      const rollout = createRollout({
        name: "price",
        versions: { "1.0.0": predictor("1.0.0", 1), "1.1.0": predictor("1.1.0", 2) },
        stable: "1.0.0",
        store: createMemoryStore(),
      });
      export const users = {};
      export let summary;
      export const done = (async () => {
        await rollout.start("1.1.0", canary({ seed: "edge", steps: [{ weight: 0.5 }], guardrails: [errorRate({ limit: 0.05 })] }), { actor: "ada" });
        for (let user = 0; user < 1000; user += 1) {
          const answer = await rollout.predict(1, { key: String(user) });
          users[answer] = (users[answer] ?? 0) + 1;
        }
        summary = rollout.status().summary;
        await rollout.close();
      })();
    `);
    expect(summary).toBe("1.1.0 answers 50 % of the keys (stage 1 of 1): ada started 1.1.0.");
    const { 1: stable, 2: candidate } = users as Record<number, number>;
    expect(stable! + candidate!).toBe(1_000);
    // 500 ± 6 standard deviations.
    expect(Math.abs(candidate! - 500)).toBeLessThan(95);
  });
});
