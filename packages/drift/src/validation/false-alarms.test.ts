import { binomialSf, createRandom } from "@mlops/stats";
import { expect, test } from "vitest";
import { countFalseAlarms } from "./false-alarms.fixtures.ts";
import { inferSchema } from "./infer-schema.ts";
import { validate } from "./validate.ts";

// A few hundred runs here, thousands in the slow test. Without a margin, which is the hardest case.
test.each([
  { referenceRows: 200, batchRows: 200 },
  { referenceRows: 200, batchRows: 1_000 },
])(
  "a batch like its reference ($referenceRows rows, $batchRows rows) is valid in 99 of 100 cases",
  (sizes) => {
    const runs = 120;
    const alarms = countFalseAlarms(createRandom(1), runs, { ...sizes, margin: 0 });
    expect(binomialSf(alarms - 1, runs, 0.01)).toBeGreaterThan(1e-3);
  },
);

test("categories that the reference has not had by chance are expected in a long batch", () => {
  const random = createRandom(3);
  const runs = 100;
  const categories = (count: number): string[] =>
    Array.from({ length: count }, () => `c${random.zipf(1.8, 60)}`);
  let alarms = 0;
  let newShare = 0;
  for (let run = 0; run < runs; run += 1) {
    const schema = inferSchema({ category: categories(300) });
    const { anomalies, tolerated } = validate(schema, { category: categories(4_000) });
    if (anomalies.length > 0) alarms += 1;
    newShare += (tolerated[0]?.share ?? 0) / runs;
  }
  expect(newShare).toBeGreaterThan(0.01);
  expect(binomialSf(alarms - 1, runs, 0.01)).toBeGreaterThan(1e-3);
});
