import { expect, test } from "vitest";

import { learningRateAt } from "./learning-rate.ts";

const schedule = { learningRate: 0.01, warmup: 0.1 };

test("it rises over the warm-up and falls to nothing", () => {
  const rates = Array.from({ length: 100 }, (_, batch) => learningRateAt(batch, 100, schedule));
  expect(rates[0]).toBeCloseTo(0.001, 12);
  expect(rates[50]).toBeCloseTo(0.005, 12);
  expect(rates.at(-1)).toBeLessThan(1e-5);
  expect(rates.indexOf(Math.max(...rates))).toBe(9);
  expect(rates.every((rate) => rate > 0 && rate <= 0.01)).toBe(true);
});
