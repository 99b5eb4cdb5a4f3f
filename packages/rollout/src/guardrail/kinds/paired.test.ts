import { binomialInterval, createRandom } from "@mlops/stats";
import { describe, expect, test } from "vitest";

import type { GuardrailEvent, JudgeContext } from "../guardrail.ts";
import { pairedKind, pairedTruth, pairedValue } from "./paired.ts";

const context: JudgeContext = { failAlpha: 0.05, passAlpha: 0.05, weight: 0, control: "stable" };
const byTruth = pairedKind.parseOptions(pairedTruth({ tolerance: 0.02 }).options!);
const byValue = pairedKind.parseOptions(pairedValue({ field: "price", tolerance: 0.1 }).options!);

function counted(pairs: number, against: number, inFavour: number, options = byTruth, atContext = context) {
  return pairedKind.judge({ pairs, against, inFavour }, options, atContext);
}

describe("paired answers", () => {
  test("are counted by which of them was right", () => {
    const counter = pairedKind.createCounter(byTruth);
    for (const [output, live] of [
      ["a", "a"],
      ["a", "b"],
      ["b", "a"],
      ["b", "a"],
      ["b", "c"],
    ]) {
      counter.observeTruth!({ output, live, truth: "a" });
    }
    expect(counter.counts()).toEqual({ pairs: 5, against: 2, inFavour: 1 });
  });

  test("that could never be right are no pairs: a wrong field, or a truth that is an object", () => {
    const counter = pairedKind.createCounter({ ...byTruth, field: "label" });
    const observe = (output: unknown, live: unknown, truth: unknown): void =>
      counter.observeTruth!({ output, live, truth });
    observe({ lable: "a" }, { lable: "b" }, "b");
    observe({ label: ["a"] }, { label: ["b"] }, ["b"]);
    observe({ label: "a" }, { label: "b" }, undefined);
    observe({ label: 1 }, { label: 2 }, Number.NaN);
    expect(counter.counts()).toEqual({ pairs: 0, against: 0, inFavour: 0 });
    // An answer that only the candidate left out is a wrong one.
    observe({}, { label: "b" }, "b");
    expect(counter.counts()).toEqual({ pairs: 1, against: 1, inFavour: 0 });
  });

  test("are counted by which is larger; what has no two numbers is none", () => {
    const counter = pairedKind.createCounter(byValue);
    const observe = (output: unknown, live: unknown, change: Partial<GuardrailEvent> = {}): void =>
      counter.observe({ outcome: "success", totalMs: 1, output, live, ...change }, "candidate");
    observe({ price: 2 }, { price: 1 });
    observe({ price: 1 }, { price: 2 });
    observe({ price: 1 }, { price: 1 });
    observe({ price: Infinity }, { price: Infinity });
    observe({ price: Number.NaN }, { price: 1 });
    observe({}, { price: 1 });
    observe({ price: 9 }, { price: 1 }, { outcome: "failure" });
    counter.observe({ outcome: "success", totalMs: 1, output: { price: 9 } }, "candidate");
    expect(counter.counts()).toEqual({ pairs: 4, against: 1, inFavour: 1 });
  });

  test("pass where they differ little, fail where they differ for certain, and are unsure in between", () => {
    expect(counted(0, 0, 0).status).toBe("no-data");
    expect(counted(10, 1, 0).status).toBe("inconclusive");
    expect(counted(5_000, 50, 50)).toMatchObject({
      status: "pass",
      evidence: { samples: 5_000, estimate: 0 },
    });
    expect(counted(2_000, 250, 50)).toMatchObject({ status: "fail", evidence: { estimate: 0.1 } });
    // To be right more often is no fault; to be smaller is one.
    expect(counted(2_000, 50, 250).status).toBe("pass");
    expect(counted(2_000, 1_100, 900, byValue).status).toBe("inconclusive");
    expect(counted(20_000, 10_000, 10_000, byValue).status).toBe("pass");
    expect(counted(2_000, 400, 1_600, byValue).status).toBe("fail");
    expect(counted(2_000, 1_600, 400, byValue).status).toBe("fail");
  });

  test("say McNemar's p-value for one look", () => {
    // 25 against 10: 2 · P(X <= 10), X ~ Binomial(35, 1/2).
    expect(counted(400, 25, 10).reason).toContain("p 0.0167 at one look");
  });

  test.each([byTruth, byValue])(
    "of versions that are alike fail at most as often as they say, at 100 looks: $by",
    (options) => {
      const random = createRandom(41);
      const runs = 100;
      const strict = { ...options, tolerance: 0 };
      let failed = 0;
      for (let run = 0; run < runs; run += 1) {
        let [against, inFavour] = [0, 0];
        let isFailed = false;
        for (let look = 1; look <= 100 && !isFailed; look += 1) {
          const differing = random.binomial(20, 0.4);
          const ours = random.binomial(differing, 0.5);
          against += ours;
          inFavour += differing - ours;
          isFailed = counted(20 * look, against, inFavour, strict).status === "fail";
        }
        failed += Number(isFailed);
      }
      expect(binomialInterval({ successes: failed, trials: runs }).lower).toBeLessThanOrEqual(0.05);
      expect(failed / runs).toBeLessThanOrEqual(0.05);
    },
  );

  test("of a version that is right 5 % less often fail, on a fraction of what two separate shares need", () => {
    const random = createRandom(42);
    const found = Array.from({ length: 20 }, () => {
      let [pairs, against, inFavour] = [0, 0, 0];
      while (
        counted(pairs, against, inFavour, { ...byTruth, tolerance: 0 }).status !== "fail" &&
        pairs < 1e5
      ) {
        const differing = random.binomial(50, 0.09);
        const ours = random.binomial(differing, 0.07 / 0.09);
        [pairs, against, inFavour] = [pairs + 50, against + ours, inFavour + differing - ours];
      }
      return pairs;
    });
    expect(found.reduce((sum, pairs) => sum + pairs, 0) / found.length).toBeLessThan(1_500);
  });
});
