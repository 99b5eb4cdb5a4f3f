import { readFileSync } from "node:fs";

import { classificationQuality, createRandom, type Random, regressionQuality, rocAuc } from "@mlops/stats";
import { describe, expect, test } from "vitest";

import { createClassificationEstimator } from "./classification-estimator.ts";
import { calibrate, fitIsotonic, groupByScore } from "./isotonic-calibration.ts";
import { createRegressionEstimator } from "./regression-estimator.ts";

type Columns = Readonly<Record<string, readonly number[]>>;

interface Case {
  readonly reference: Columns;
  readonly analysis: Columns;
  readonly estimates: Readonly<Record<string, number>>;
}

// What the generator beside this file wrote.
const fixtures = JSON.parse(
  readFileSync(new URL("estimators.fixtures.json", import.meta.url), "utf8"),
) as Readonly<Record<"binary" | "multiclass" | "regression", readonly Case[]>>;

function outputsOf(columns: Columns, classes: number) {
  const { predicted, actual } = columns as { predicted: number[]; actual: number[] };
  if (classes === 2) return { scores: columns["score"]!, predicted, actual };
  const scores = predicted.flatMap((_, row) => [0, 1, 2].map((place) => columns[`score${place}`]![row]!));
  return { scores, predicted, actual };
}

describe("expected quality is NannyML's", () => {
  test.each([
    ["two classes", 2, fixtures.binary],
    ["three classes", 3, fixtures.multiclass],
  ] as const)("of %s", (_, classes, cases) => {
    for (const { reference, analysis, estimates } of cases) {
      const estimator = createClassificationEstimator(outputsOf(reference, classes), {
        classes,
        simulations: 50,
      });
      const {
        accuracy,
        precision,
        recall,
        f1,
        rocAuc: area,
      } = estimator.estimate(outputsOf(analysis, classes));
      expect(accuracy.value).toBeCloseTo(estimates["accuracy"]!, 10);
      expect(precision.value).toBeCloseTo(estimates["precision"]!, 10);
      expect(recall.value).toBeCloseTo(estimates["recall"]!, 10);
      expect(f1.value).toBeCloseTo(estimates["f1"]!, 10);
      // NannyML leaves the order of equal scores to the sort, and rounds sums to 5 places.
      expect(Math.abs(area.value - estimates["roc_auc"]!)).toBeLessThan(2e-3);
    }
  });

  test("of regression, within what two models of the loss differ", () => {
    for (const { reference, analysis, estimates } of fixtures.regression) {
      const of = ({ x, other, predicted, actual }: Columns) => ({
        features: [x!, other!],
        predicted: predicted!,
        actual: actual!,
      });
      const { meanAbsoluteError, meanSquaredError } = createRegressionEstimator(of(reference)).estimate(
        of(analysis),
      );
      const { mae, mse } = estimates as { mae: number; mse: number };
      expect(Math.abs(meanAbsoluteError.value / mae - 1)).toBeLessThan(0.1);
      expect(Math.abs(meanSquaredError.value / mse - 1)).toBeLessThan(0.2);
    }
  });
});

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

/** A model whose scores are too sure, on inputs about `centre`; `turn` is how the meaning of an input changes. */
function classify(random: Random, rows: number, centre: number, turn = 1) {
  const inputs = Array.from({ length: rows }, () => random.normal(centre));
  const scores = inputs.map((x) => sigmoid(4 * x));
  return {
    scores,
    predicted: scores.map((score) => (score > 0.5 ? 1 : 0)),
    actual: inputs.map((x) => (random() < sigmoid(1.5 * turn * x) ? 1 : 0)),
  };
}

describe("a classifier's quality without labels", () => {
  test("holds the measured one under covariate shift, as often as it says", () => {
    const random = createRandom(11);
    let inside = 0;
    let all = 0;
    for (let trial = 0; trial < 30; trial += 1) {
      const estimator = createClassificationEstimator(classify(random, 2000, 0), { simulations: 100 });
      const rows = classify(random, 500, [-1, 0, 1][trial % 3]!);
      const estimate = estimator.estimate(rows);
      const { accuracy, classes } = classificationQuality(rows.actual, rows.predicted, { labels: [0, 1] });
      const { precision, recall, f1 } = classes[1]!;
      const measured = [
        [estimate.accuracy, accuracy.value],
        [estimate.precision, precision.value],
        [estimate.recall, recall.value],
        [estimate.f1, f1.value],
        [estimate.rocAuc, rocAuc(rows.actual, rows.scores).value],
      ] as const;
      for (const [{ lower, upper }, value] of measured) {
        all += 1;
        if (value >= lower && value <= upper) inside += 1;
      }
    }
    expect(inside / all).toBeGreaterThan(0.88);
    expect(inside / all).toBeLessThan(0.995);
  });

  test("follows the quality down when inputs move to where the model is unsure", () => {
    const random = createRandom(1);
    const estimator = createClassificationEstimator(classify(random, 3000, 2));
    const [good, bad] = [classify(random, 2000, 2), classify(random, 2000, 0)].map((rows) =>
      estimator.estimate(rows),
    );
    expect(good!.accuracy.lower).toBeGreaterThan(bad!.accuracy.upper);
  });

  test("does not see concept drift: the estimate stays, and the model is wrong", () => {
    const random = createRandom(2);
    const estimator = createClassificationEstimator(classify(random, 3000, 0));
    const before = estimator.estimate(classify(random, 2000, 0));
    const turned = classify(random, 2000, 0, -1);
    const after = estimator.estimate(turned);
    const measured = classificationQuality(turned.actual, turned.predicted).accuracy.value;
    expect(Math.abs(after.accuracy.value - before.accuracy.value)).toBeLessThan(0.02);
    expect(measured).toBeLessThan(after.accuracy.lower - 0.3);
  });

  test("is the same for the same seed, and takes probabilities as they are when told to", () => {
    const random = createRandom(4);
    const [reference, rows] = [classify(random, 500, 0), classify(random, 300, 0)];
    const [first, second] = [1, 1].map((seed) =>
      createClassificationEstimator(reference, { seed }).estimate(rows),
    );
    expect(second).toEqual(first);
    const plain = createClassificationEstimator(reference, { calibration: "none" }).estimate(rows);
    const sure = rows.scores.reduce((sum, score) => sum + Math.max(score, 1 - score), 0) / 300;
    expect(plain.accuracy.value).toBeCloseTo(sure, 12);
    // Too sure, as the scores are: that is what calibration is for.
    expect(plain.accuracy.value).toBeGreaterThan(first!.accuracy.value + 0.1);
  });

  test("the order of equal scores does not matter for the area", () => {
    const random = createRandom(5);
    const reference = classify(random, 400, 0);
    const estimator = createClassificationEstimator(reference, { simulations: 50 });
    const rows = { scores: [0.2, 0.5, 0.5, 0.5, 0.9], predicted: [0, 0, 0, 0, 1] };
    const area = estimator.estimate(rows).rocAuc.value;
    expect(
      estimator.estimate({ scores: rows.scores.toReversed(), predicted: [1, 0, 0, 0, 0] }).rocAuc.value,
    ).toBeCloseTo(area, 14);
  });

  test.each([
    [{ scores: [0.5], predicted: [2] }, /class 2 in predicted\[0\]/],
    [{ scores: [0.5, 0.5], predicted: [1] }, /2 scores for 1 predictions/],
    [{ scores: [Number.NaN], predicted: [1] }, /score NaN/],
    [{ scores: [], predicted: [] }, /no rows/],
  ])("refuses %j", (rows, message) => {
    const estimator = createClassificationEstimator(classify(createRandom(6), 200, 0), { simulations: 50 });
    const refused = expect.objectContaining({
      code: "INVALID_DATA",
      message: expect.stringMatching(message),
    });
    expect(() => estimator.estimate(rows)).toThrow(refused);
  });

  test("refuses a reference that is too small, and scores that are no probabilities", () => {
    const random = createRandom(7);
    expect(() => createClassificationEstimator(classify(random, 99, 0))).toThrow(/99 reference rows/);
    const rows = { ...classify(random, 200, 0), scores: Array(200).fill(2) };
    expect(() => createClassificationEstimator(rows, { calibration: "none" })).toThrow(/no probability/);
  });
});

test("isotonic calibration rises, keeps the mean, and is straight between blocks", () => {
  const actual = [0, 1, 0, 0, 1, 1];
  const { groups } = groupByScore([1, 2, 3, 4, 5, 5], (row) => actual[row] === 1);
  const curve = fitIsotonic(groups);
  expect([0, 1, 2, 4, 4.5, 5, 9].map((score) => calibrate(curve, score))).toEqual([
    0,
    0,
    1 / 3,
    1 / 3,
    1 / 3 + 0.5 * (1 - 1 / 3),
    1,
    1,
  ]);
});

/** A model of y = 2 x whose errors are larger away from 0; `change` is added to what y is. */
function regress(random: Random, rows: number, centre: number, change = 0) {
  const x = Array.from({ length: rows }, () => random.normal(centre));
  const predicted = x.map((value) => 2 * value);
  return {
    features: [x, x.map(() => random())],
    predicted,
    actual: predicted.map((value, row) => value + change + (0.2 + Math.abs(x[row]!)) * random.normal()),
  };
}

describe("a regression model's errors without actual values", () => {
  // At 95 %, 200 trials gave 97 % without a shift and 90 % with one: trees lag behind at the reference's edge.
  test("hold the measured ones under covariate shift, nearly as often as they say", () => {
    const random = createRandom(21);
    let inside = 0;
    let all = 0;
    for (let trial = 0; trial < 3; trial += 1) {
      const estimator = createRegressionEstimator(regress(random, 2000, 0));
      for (const centre of [-0.7, -0.7, 0, 0, 0.7, 0.7]) {
        const rows = regress(random, 500, centre);
        const estimate = estimator.estimate(rows);
        const measured = regressionQuality(rows.actual, rows.predicted);
        for (const measure of ["meanAbsoluteError", "rootMeanSquaredError"] as const) {
          all += 1;
          const { value } = measured[measure];
          if (value >= estimate[measure].lower && value <= estimate[measure].upper) inside += 1;
        }
      }
    }
    expect(inside / all).toBeGreaterThan(0.8);
  });

  test("follow the errors up when features move", () => {
    const random = createRandom(22);
    const estimator = createRegressionEstimator(regress(random, 2000, 0));
    const [near, far] = [regress(random, 1000, 0), regress(random, 1000, 1.2)].map((rows) =>
      estimator.estimate(rows),
    );
    expect(far!.meanAbsoluteError.lower).toBeGreaterThan(near!.meanAbsoluteError.upper);
  });

  test("do not see concept drift: the estimate stays, and the errors are larger", () => {
    const random = createRandom(23);
    const estimator = createRegressionEstimator(regress(random, 2000, 0));
    const changed = regress(random, 1000, 0, 5);
    const { meanAbsoluteError } = estimator.estimate(changed);
    expect(regressionQuality(changed.actual, changed.predicted).meanAbsoluteError.value).toBeGreaterThan(
      meanAbsoluteError.upper + 3,
    );
  });

  test("are refused for too few rows, wrong shapes and missing values", () => {
    const random = createRandom(24);
    expect(() => createRegressionEstimator(regress(random, 399, 0))).toThrow(/at least 400 rows/);
    const estimator = createRegressionEstimator(regress(random, 400, 0));
    expect(() => estimator.estimate({ features: [[1]], predicted: [1] })).toThrow(/wrong shape/);
    expect(() => estimator.estimate({ features: [[1], [Number.NaN]], predicted: [1] })).toThrow(
      /features\[1\]\[0\]/,
    );
  });
});
