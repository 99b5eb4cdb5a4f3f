import { chiSquaredGoodnessOfFit, createRandom, type Random } from "@mlops/stats";
import { describe, expect, test } from "vitest";

import { checkSampleRatio, type SampleRatioStratum } from "./sample-ratio.ts";

/** 1, 5, 25 and 50 % of the keys for two candidates together, with as many keys in each step. */
function ramp(random: Random, keysPerStep: number, loss = 0): SampleRatioStratum[] {
  return [0.01, 0.05, 0.25, 0.5].map((weight) => {
    const first = random.binomial(keysPerStep, weight / 2);
    const second = random.binomial(keysPerStep - first, weight / 2 / (1 - weight / 2));
    const lost = random.binomial(first, loss);
    return {
      shares: [weight / 2, weight / 2, 1 - weight],
      keys: [first - lost, second, keysPerStep - first - second],
    };
  });
}

describe("checkSampleRatio", () => {
  test("on a clean ramp its p-value is uniform, and its e-value alarms at no look", () => {
    const random = createRandom(11);
    const deciles = Array.from({ length: 10 }, () => 0);
    let alarms = 0;
    for (let run = 0; run < 1_000; run += 1) {
      const strata = ramp(random, 5_000);
      deciles[Math.min(9, Math.floor(10 * checkSampleRatio(strata).pValue))]! += 1;
      const looks = strata.map((_, step) => checkSampleRatio(strata.slice(0, step + 1)).eValue);
      alarms += Number(Math.max(...looks) >= 1_000);
    }
    expect(chiSquaredGoodnessOfFit(deciles).pValue).toBeGreaterThan(0.001);
    expect(alarms).toBeLessThanOrEqual(4);
  });

  test("by the weights of the end alone, the same ramp would be a mismatch for certain", () => {
    const strata = ramp(createRandom(12), 5_000);
    const keys = [0, 1, 2].map((arm) => strata.reduce((sum, stratum) => sum + stratum.keys[arm]!, 0));
    expect(checkSampleRatio([{ shares: strata.at(-1)!.shares, keys }]).pValue).toBeLessThan(1e-9);
    expect(checkSampleRatio(strata).pValue).toBeGreaterThan(0.001);
  });

  test("it finds that one key in fifty is lost", () => {
    const random = createRandom(13);
    let found = 0;
    for (let run = 0; run < 50; run += 1) {
      const first = random.binomial(150_000, 0.98);
      found += Number(checkSampleRatio([{ shares: [0.5, 0.5], keys: [first, 150_000] }]).eValue >= 1_000);
    }
    expect(found).toBeGreaterThanOrEqual(45);
    expect(checkSampleRatio(ramp(random, 1_000_000, 0.02)).eValue).toBeGreaterThan(1_000);
  });

  test("it is Pearson's test where the weights stay, and says nothing where nothing was split", () => {
    const { statistic, pValue } = chiSquaredGoodnessOfFit([480, 260, 260], { expected: [500, 250, 250] });
    const found = checkSampleRatio([{ shares: [0.5, 0.25, 0.25], keys: [480, 260, 260] }]);
    expect(found.statistic).toBeCloseTo(statistic, 9);
    expect(found.pValue).toBeCloseTo(pValue, 9);
    expect(checkSampleRatio([])).toEqual({ eValue: 1, pValue: 1, statistic: 0, degreesOfFreedom: 0 });
    expect(checkSampleRatio([{ shares: [0, 0.5, 0.5], keys: [0, 10, 12] }]).degreesOfFreedom).toBe(1);
  });
});
