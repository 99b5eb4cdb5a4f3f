import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { normalQuantile } from "../distributions/normal.ts";
import { binomialInterval } from "../intervals/binomial-interval.ts";
import { bootstrapRows } from "../resampling/bootstrap.ts";
import { expectClose, expectInterval } from "../numeric/close.fixtures.ts";
import { seededNormal, seededRandom } from "../resampling/seeded-random.fixtures.ts";
import { averagePrecision } from "./average-precision.ts";
import { calibrationError } from "./calibration-error.ts";
import { classificationQuality, type AveragedQuality } from "./classification-quality.ts";
import { compareLosses, compareMeasure, compareAccuracy } from "./compare-models.ts";
import { confusionMatrix } from "./confusion-matrix.ts";
import { brierScore, logLoss, multiclassLogLoss } from "./probability-loss.ts";
import fixtures from "./quality.fixtures.json" with { type: "json" };
import { quantileLoss, regressionQuality } from "./regression-quality.ts";
import { compareRocAuc, rocAuc } from "./roc-auc.ts";
import { deltaStandardError, f1StandardError, nothing, tallies } from "./tally.ts";

describe("classificationQuality", () => {
  for (const row of fixtures.classification) {
    it(`agrees with scikit-learn: ${row.labels.length} classes, ${row.actual.length} rows`, () => {
      const quality = classificationQuality(row.actual, row.predicted, { labels: row.labels });
      expect(quality.matrix.counts).toEqual(row.matrix);
      expectClose(quality.accuracy.value, row.accuracy);
      expectClose(quality.balancedAccuracy.value, row.balancedAccuracy);
      expectClose(quality.matthewsCorrelation.value, row.matthewsCorrelation);
      expectClose(quality.cohensKappa?.value, row.cohensKappa);
      const averages: [AveragedQuality, (number | null)[]][] = [
        [quality.macro, row.macro],
        [quality.micro, row.micro],
        [quality.weighted, row.weighted],
      ];
      for (const [average, [precision, recall, f1]] of averages) {
        expectClose(average.precision.value, precision ?? Number.NaN);
        expectClose(average.recall.value, recall ?? Number.NaN);
        expectClose(average.f1.value, f1 ?? Number.NaN);
      }
      for (const [place, { precision, recall, f1 }] of quality.classes.entries()) {
        expectClose(precision.value, row.None[0]?.[place] ?? Number.NaN);
        expectClose(recall.value, row.None[1]?.[place] ?? Number.NaN);
        expectClose(f1.value, row.None[2]?.[place] ?? Number.NaN);
      }
    });

    it(`has statsmodels' interval of kappa: ${row.labels.length} classes`, () => {
      const { cohensKappa } = classificationQuality(row.actual, row.predicted, { labels: row.labels });
      const margin = normalQuantile(0.975) * row.kappaStandardError;
      const { lower = 0, upper = 0 } = cohensKappa?.interval ?? {};
      expectClose(upper < 1 ? upper - row.cohensKappa : row.cohensKappa - lower, margin, 1e-6);
    });
  }

  it("has intervals that agree with drawing the rows anew", () => {
    const row = fixtures.classification[1] ?? fixtures.classification[0]!;
    const quality = classificationQuality(row.actual, row.predicted);
    const measures: [keyof typeof row, (of: typeof quality) => { value: number; interval?: unknown }][] = [
      ["macro", (of) => of.macro.f1],
      ["weighted", (of) => of.weighted.f1],
      ["matthewsCorrelation", (of) => of.matthewsCorrelation],
      ["balancedAccuracy", (of) => of.balancedAccuracy],
    ];
    for (const [, measure] of measures) {
      const options = { random: seededRandom(31), resamples: 400 };
      const { standardError } = bootstrapRows(
        row.actual.length,
        (rows) =>
          measure(
            classificationQuality(
              Array.from(rows, (index) => row.actual[index] ?? 0),
              Array.from(rows, (index) => row.predicted[index] ?? 0),
            ),
          ).value,
        { ...options, method: "percentile" },
      );
      const { interval } = measure(quality) as { interval: { lower: number; upper: number } };
      const ours = (interval.upper - interval.lower) / 2 / normalQuantile(0.975);
      expect(ours / standardError).toBeGreaterThan(0.85);
      expect(ours / standardError).toBeLessThan(1.15);
    }
  });

  it("has the same interval of F1 in closed form and by differences", () => {
    for (const { actual, predicted, labels } of fixtures.classification) {
      const { counts } = confusionMatrix(actual, predicted, { labels });
      for (const [place, tally] of tallies(counts).entries()) {
        const byDifferences = deltaStandardError(counts, (classes) => {
          const { right, support, predicted: rows } = classes[place] ?? nothing;
          return support + rows === 0 ? 0 : (2 * right) / (support + rows);
        });
        expectClose(f1StandardError(tally), byDifferences, 1e-7);
      }
    }
  });

  it("takes a hundred classes", () => {
    const random = seededRandom(37);
    const actual = Array.from({ length: 20_000 }, () => Math.floor(100 * random()));
    const predicted = actual.map((label) => (random() < 0.5 ? label : Math.floor(100 * random())));
    const { macro, accuracy } = classificationQuality(actual, predicted);
    expect(Math.abs(macro.f1.value - accuracy.value)).toBeLessThan(0.01);
    const width = ({ interval }: typeof accuracy): number => (interval?.upper ?? 0) - (interval?.lower ?? 0);
    expect(width(macro.f1) / width(accuracy)).toBeCloseTo(1, 1);
  });

  it("holds whatever the labels are called, and in any order of rows", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(3), fc.nat(3)), { minLength: 1, maxLength: 40 }), (rows) => {
        const names = ["d", "a", "c", "b"];
        const numbers = classificationQuality(
          rows.map(([actual]) => actual),
          rows.map(([, predicted]) => predicted),
        );
        const texts = classificationQuality(
          rows.toReversed().map(([actual]) => names[actual] ?? ""),
          rows.toReversed().map(([, predicted]) => names[predicted] ?? ""),
        );
        expectClose(texts.macro.f1.value, numbers.macro.f1.value);
        expectClose(texts.matthewsCorrelation.value, numbers.matthewsCorrelation.value);
        expectClose(numbers.micro.f1.value, numbers.accuracy.value);
      }),
      { seed: 7, numRuns: 60 },
    );
  });

  it("says what cannot be known", () => {
    const perfect = classificationQuality(["a", "b", "a"], ["a", "b", "a"]);
    expect(perfect.accuracy).toEqual({
      value: 1,
      interval: binomialInterval({ successes: 3, trials: 3 }),
    });
    expect(perfect.macro.f1).toEqual({ value: 1, interval: undefined });
    expect(classificationQuality(["a", "a"], ["a", "a"]).cohensKappa).toBeUndefined();
    const missing = ["a", "b", "c"] as const;
    const zero = classificationQuality(["a", "b"], ["a", "b"], { labels: missing });
    const omit = classificationQuality(["a", "b"], ["a", "b"], { labels: missing, emptyShare: "omit" });
    expectClose(zero.macro.recall.value, 2 / 3);
    expect(omit.macro.recall.value).toBe(1);
    expect(omit.classes[2]).toMatchObject({ support: 0, predicted: 0, recall: { interval: undefined } });
  });

  it("refuses columns that do not fit", () => {
    expect(() => confusionMatrix([], [])).toThrow("actual has 0 values");
    expect(() => confusionMatrix(["a"], ["a", "b"])).toThrow("predicted has 2 values and actual has 1");
    expect(() => confusionMatrix(["a"], ["b"], { labels: ["a"] })).toThrow(
      'predicted[0] is "b", which is not among labels',
    );
    expect(() => confusionMatrix([Number.NaN], [1])).toThrow("actual[0] is NaN, which is no class");
  });
});

describe("scores and probabilities", () => {
  for (const row of fixtures.probabilistic) {
    it(`agree with scikit-learn and DeLong: ${row.actual.length} rows`, () => {
      expectClose(logLoss(row.actual, row.first).value, row.logLoss);
      expectClose(brierScore(row.actual, row.first).value, row.brier);
      expectClose(averagePrecision(row.actual, row.first), row.averagePrecision);
      expectClose(calibrationError(row.actual, row.first).expected, row.calibrationError, 1e-11);
      const auc = rocAuc(row.actual, row.first);
      expectClose(auc.value, row.auc);
      expectClose(auc.standardError, row.aucStandardError, 1e-11);
      const compared = compareRocAuc(row.actual, row.first, row.second);
      expectClose(compared.second, row.secondAuc);
      expectClose(compared.pValue, row.pValue, 1e-9);
      const { lower = 0, upper = 0 } = compared.difference.interval ?? {};
      expectClose(upper - lower, 2 * normalQuantile(0.975) * row.differenceStandardError, 1e-10);
    });
  }

  it("agree with scikit-learn for several classes", () => {
    const { actual, probabilities, logLoss: expected } = fixtures.multiclass;
    expectClose(multiclassLogLoss(actual, probabilities, { classes: 3 }).value, expected, 1e-12);
    expect(() => multiclassLogLoss([0], [0.5, 0.4], { classes: 2 })).toThrow(
      "The probabilities of row 0 sum to 0.9",
    );
    expect(() => multiclassLogLoss([2], [0.5, 0.5], { classes: 2 })).toThrow("actual[0] is 2");
  });

  it("say what cannot be known", () => {
    expect(rocAuc([1, 0], [2, 1])).toMatchObject({ value: 1, interval: undefined });
    expect(() => rocAuc([1, 1], [1, 2])).toThrow("actual has 2 positive and 0 negative rows");
    expect(() => rocAuc([1, 2], [1, 2])).toThrow("actual[1] is 2; pass true or 1");
    expect(() => averagePrecision([0], [1])).toThrow("no positive row");
    expect(compareRocAuc([0, 1, 1], [1, 2, 3], [10, 20, 30])).toMatchObject({
      pValue: 1,
      difference: { interval: undefined },
    });
    expect(logLoss([1], [0]).value).toBeCloseTo(36.04, 2);
    expect(() => logLoss([1], [1.2])).toThrow("probabilities[0] is 1.2");
  });

  it("rocAuc counts pairs, ties as half, and turns over with the scores", () => {
    const rows = fc.array(fc.tuple(fc.boolean(), fc.nat(5)), { minLength: 2, maxLength: 40 });
    fc.assert(
      fc.property(rows, (pairs) => {
        const actual = pairs.map(([label]) => label);
        const scores = pairs.map(([, score]) => score);
        fc.pre(actual.includes(true) && actual.includes(false));
        let [won, total] = [0, 0];
        for (const [row, label] of actual.entries()) {
          for (const [other, otherLabel] of actual.entries()) {
            if (!label || otherLabel) continue;
            total += 1;
            won += scores[row]! > scores[other]! ? 1 : scores[row] === scores[other] ? 0.5 : 0;
          }
        }
        expectClose(rocAuc(actual, scores).value, won / total);
        expectClose(
          rocAuc(
            actual,
            scores.map((score) => -score),
          ).value,
          1 - won / total,
          1e-11,
        );
      }),
      { seed: 8, numRuns: 60 },
    );
  });

  it("DeLong's interval covers the true area about as often as it says", () => {
    const normal = seededNormal(seededRandom(32));
    let covered = 0;
    const runs = 1_000;
    // P(N(1, 1) > N(0, 1)) = Φ(1 / √2).
    const truth = 0.7602499389065233;
    for (let run = 0; run < runs; run += 1) {
      const actual = Array.from({ length: 80 }, (_, row) => row % 2);
      const { interval } = rocAuc(
        actual,
        actual.map((positive) => positive + normal()),
      );
      if (interval !== undefined && interval.lower <= truth && truth <= interval.upper) covered += 1;
    }
    const { lower, upper } = binomialInterval({ successes: covered, trials: runs }, { confidence: 0.999 });
    expect(lower).toBeLessThan(0.95);
    expect(upper).toBeGreaterThan(0.93);
  });
});

describe("calibrationError", () => {
  it("takes chance away: a calibrated model has no squared error left", () => {
    const random = seededRandom(33);
    let [expected, debiased, squared] = [0, 0, 0];
    for (let run = 0; run < 100; run += 1) {
      const probabilities = Float64Array.from({ length: 200 }, random);
      const actual = Array.from(probabilities, (probability) => random() < probability);
      const result = calibrationError(actual, probabilities, {
        binning: run % 2 === 0 ? "equal-mass" : "equal-width",
      });
      expected += result.expected / 100;
      debiased += result.debiased / 100;
      squared += result.squared / 100;
    }
    expect(expected).toBeGreaterThan(0.06);
    expect(debiased).toBeLessThan(0.65 * expected);
    expect(Math.abs(squared)).toBeLessThan(0.0015);
    expect(expected ** 2).toBeGreaterThan(0.004);
  });

  it("keeps what is there: with many rows the two agree", () => {
    const random = seededRandom(34);
    const probabilities = Float64Array.from({ length: 20_000 }, random);
    const actual = Array.from(probabilities, (probability) => random() < probability ** 2);
    const { expected, debiased } = calibrationError(actual, probabilities);
    expect(debiased).toBeGreaterThan(0.98 * expected);
    expect(expected).toBeCloseTo(1 / 6, 1);
  });

  it("puts every row in one bin, with equal values together", () => {
    const probabilities = [0, 0.1, 0.1, 0.1, 0.5, 1];
    for (const binning of ["equal-width", "equal-mass"] as const) {
      const { bins } = calibrationError([0, 0, 0, 1, 1, 1], probabilities, { binning, bins: 3 });
      expect(bins.reduce((count, bin) => count + bin.count, 0)).toBe(6);
      for (const { lower, upper, meanProbability } of bins) {
        expect(meanProbability).toBeGreaterThanOrEqual(lower);
        expect(meanProbability).toBeLessThanOrEqual(upper);
      }
    }
    const { maximum } = calibrationError([1, 0], [0, 1]);
    expect(maximum).toBe(1);
  });
});

describe("regressionQuality", () => {
  const { actual, predicted, ...expected } = fixtures.regression;

  it("agrees with scikit-learn and scipy", () => {
    const quality = regressionQuality(actual, predicted);
    expectClose(quality.meanAbsoluteError.value, expected.mae);
    expectInterval(quality.meanAbsoluteError.interval, expected.maeInterval);
    expectClose(quality.meanSquaredError.value, expected.mse);
    expectClose(quality.rootMeanSquaredError.value, expected.rmse);
    expectClose(quality.r2?.value, expected.r2);
    expectClose(quality.meanAbsolutePercentageError?.value, expected.mape);
    expectClose(quality.medianAbsoluteError.value, expected.medianAe);
    expectClose(quantileLoss(actual, predicted, { probability: 0.9 }).value, expected.pinball);
  });

  it("has an interval of r² like that of drawing the rows anew", () => {
    const { r2 } = regressionQuality(actual, predicted);
    const resampled = bootstrapRows(
      actual.length,
      (rows) => {
        const pick = (values: readonly number[]): number[] => Array.from(rows, (row) => values[row] ?? 0);
        return regressionQuality(pick(actual), pick(predicted)).r2?.value ?? 0;
      },
      { random: seededRandom(35), resamples: 500, method: "percentile" },
    );
    const { lower = 0, upper = 0 } = r2?.interval ?? {};
    const ours = (upper - lower) / 2 / normalQuantile(0.975);
    expect(ours / resampled.standardError).toBeGreaterThan(0.8);
    expect(ours / resampled.standardError).toBeLessThan(1.2);
  });

  it("leaves out zeros from percentages, and counts them", () => {
    const quality = regressionQuality([0, 2, 4], [1, 3, 4]);
    expect(quality.zeroActuals).toBe(1);
    expectClose(quality.meanAbsolutePercentageError?.value, 0.25);
    expect(regressionQuality([0, 0], [1, 2])).toMatchObject({
      meanAbsolutePercentageError: undefined,
      r2: undefined,
      zeroActuals: 2,
    });
  });

  it("says what cannot be known, and refuses what is no number", () => {
    const perfect = regressionQuality([1, 2, 3], [1, 2, 3]);
    expect(perfect.meanAbsoluteError).toEqual({ value: 0, interval: undefined });
    expect(perfect.r2).toEqual({ value: 1, interval: undefined });
    expect(() => regressionQuality([1], [Number.NaN])).toThrow("predicted[0] is NaN");
    expect(() => regressionQuality([1e200], [-1e200])).toThrow("whose square is beyond 1.8e308");
  });
});

describe("comparing two models", () => {
  it("compareAccuracy agrees with statsmodels", () => {
    for (const { onlyFirst, onlySecond, exact, chiSquared } of fixtures.mcnemar) {
      const first = [...Array<number>(onlyFirst).fill(1), ...Array<number>(onlySecond).fill(0), 1, 0];
      const second = [...Array<number>(onlyFirst).fill(0), ...Array<number>(onlySecond).fill(1), 1, 0];
      const test = compareAccuracy(first, second);
      expect(test).toMatchObject({ onlyFirst, onlySecond });
      expectClose(test.pValue, exact, 1e-10);
      expectClose(compareAccuracy(first, second, { method: "chi-squared" }).pValue, chiSquared, 1e-10);
      const midP = compareAccuracy(first, second, { method: "mid-p" }).pValue;
      expect(midP).toBeLessThanOrEqual(onlyFirst + onlySecond > 0 ? exact - 1e-6 : exact);
      expectClose(compareAccuracy(second, first, { method: "mid-p" }).pValue, midP, 1e-10);
    }
  });

  it("mid-p sums to what it should: half the chance of the observed table counts", () => {
    // b = 1, c = 3: P(B <= 1) + P(B >= 3) less the chance of 1, of B(4, 1/2): 10/16 - 4/16.
    const first = [1, 0, 0, 0];
    const second = [0, 1, 1, 1];
    expectClose(compareAccuracy(first, second, { method: "mid-p" }).pValue, 6 / 16);
  });

  it("compareLosses finds the better model, and nothing between equals", () => {
    const random = seededRandom(36);
    const normal = seededNormal(random);
    const options = { random, resamples: 999 };
    const hard = Array.from({ length: 200 }, () => 5 * random());
    const first = hard.map((loss) => loss + 0.1 * normal());
    const better = compareLosses(
      first,
      hard.map((loss) => loss + 0.1 * normal() - 0.05),
      options,
    );
    expect(better.pValue).toBe(0.001);
    expect(better.interval.lower).toBeGreaterThan(0);
    const same = compareLosses(
      first,
      hard.map((loss) => loss + 0.1 * normal()),
      options,
    );
    expect(same.pValue).toBeGreaterThan(0.01);
    const measured = compareMeasure(
      200,
      (model, rows) => rows.reduce((sum, row) => sum + (model === 0 ? first : hard)[row]!, 0) / 200,
      options,
    );
    expect(measured.lower).toBeLessThan(measured.upper);
  });
});
