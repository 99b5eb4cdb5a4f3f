import { binomialInterval, createRandom } from "@mlops/stats";
import { expect, test } from "vitest";

import { errorRate } from "../guardrail/kinds/error-rate.ts";
import { shareOf } from "./metrics.ts";
import { playExperiment } from "./play.fixtures.ts";
import { abTest, bandit } from "./strategies.ts";

// The long form of experiment.test.ts.

const base = {
  seed: "play",
  metric: shareOf("bought", { attributionMs: 1_000 }),
  guardrails: [errorRate({ limit: 0.05 })],
  tickMs: 1_000,
  onWinner: "promote",
} as const;

test.each([
  ["an A/B test", abTest({ ...base, variants: { b: 0.1, c: 0.3 } }), 0.03],
  ["a bandit", bandit({ ...base, variants: ["b", "c"], everyMs: 5_000 }), 0.1],
])(
  "%s of versions that are alike promotes one at most as often as it says, while all rates drift",
  (_, policy, rate) => {
    const random = createRandom(1);
    const runs = 400;
    let won = 0;
    for (let run = 0; run < runs; run += 1) {
      const { state } = playExperiment({
        policy,
        random,
        looks: 100,
        keysPerLook: 400,
        rates: (look) => Array.from({ length: 3 }, () => rate * (1 + 0.5 * Math.sin(look / 8))),
      });
      won += Number(state.last?.result === "completed");
    }
    expect(binomialInterval({ successes: won, trials: runs }).lower).toBeLessThanOrEqual(0.05);
    expect(won / runs).toBeLessThanOrEqual(0.05);
  },
);
