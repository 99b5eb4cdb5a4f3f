import { describe, expect, it } from "vitest";
import {
  andersonDarlingKSample,
  chiSquaredGoodnessOfFit,
  chiSquaredIndependence,
  cramerVonMisesTwoSample,
  createKsReference,
  energyDistance,
  eppsSingleton,
  fisherExact,
  InvalidArgumentError,
  ksOneSample,
  ksTwoSample,
  levene,
  mannWhitneyU,
  mcNemar,
  oneProportionZTest,
  type Sample,
  signTest,
  studentTTest,
  twoProportionZTest,
  wassersteinDistance,
  welchTTest,
  wilcoxonSignedRank,
} from "../index.ts";

const good = [1, 2, 4, 7, 9, 12];

/** Every test of two samples, and whether it takes infinities. */
const twoSamples = {
  ksTwoSample: [ksTwoSample, true],
  reference: [(a: Sample, b: Sample) => createKsReference(a).test(b), true],
  mannWhitneyU: [mannWhitneyU, true],
  cramerVonMises: [cramerVonMisesTwoSample, true],
  andersonDarling: [(a: Sample, b: Sample) => andersonDarlingKSample([a, b]), true],
  eppsSingleton: [eppsSingleton, false],
  welch: [welchTTest, false],
  student: [studentTTest, false],
  levene: [(a: Sample, b: Sample) => levene([a, b]), false],
  wasserstein: [wassersteinDistance, false],
  energy: [energyDistance, false],
} as const;

describe.each(Object.entries(twoSamples))("%s", (_, [test, takesInfinities]) => {
  it.each([
    ["a NaN", [1, Number.NaN, 3, 4, 5, 6], /\[1\] is NaN; leave missing values out/],
    ["null", [1, 2, null, 4, 5, 6], /\[2\] is null; leave missing values out/],
    ["a string", ["1", 2, 3, 4, 5, 6], /\[0\] is 1; leave missing values out/],
    ["an empty sample", [], /is empty; pass at least/],
    ["no array", undefined, /is undefined; pass an array of numbers/],
  ])("refuses %s on either side", (__, bad, message) => {
    // What comes from outside may be anything.
    const sample = bad as Sample;
    for (const call of [() => test(sample, good), () => test(good, sample)]) {
      expect(call).toThrow(InvalidArgumentError);
      expect(call).toThrow(message);
    }
  });

  it("takes or refuses infinities", () => {
    const attempt = () => {
      try {
        test([...good, Infinity], [-Infinity, ...good]);
      } catch (error) {
        return String(error);
      }
      return "taken";
    };
    expect(attempt()).toMatch(takesInfinities ? /^taken$/ : /\[[06]\] is -?Infinity, which has no distance/);
  });

  it("takes typed arrays", () => {
    expect(test(Float32Array.from(good), Int16Array.from(good))).toEqual(test(good, good.slice()));
  });
});

describe("what has no answer is refused by name", () => {
  it.each<[string, () => unknown, string]>([
    ["two equal constants", () => welchTTest([2, 2], [2, 2, 2]), "first"],
    [
      "all values equal",
      () =>
        andersonDarlingKSample([
          [1, 1],
          [1, 1],
        ]),
      "samples",
    ],
    ["too few values", () => andersonDarlingKSample([[1], [2]]), "samples"],
    ["one group", () => levene([good]), "samples"],
    [
      "constant groups",
      () =>
        levene([
          [1, 1, 1],
          [2, 2, 2],
        ]),
      "samples",
    ],
    ["no spread", () => eppsSingleton([1, 1, 1, 1, 1], [1, 1, 1, 1, 5]), "first"],
    ["a bad point", () => eppsSingleton(good, good, { points: [0] }), "options.points[0]"],
    ["ties with exact ranks", () => mannWhitneyU([1, 2], [2, 3], { method: "exact" }), "options.method"],
    ["a cdf above 1", () => ksOneSample(good, (x) => x), "cdf"],
    [
      "an empty row",
      () =>
        chiSquaredIndependence([
          [1, 2],
          [0, 0],
        ]),
      "table",
    ],
    [
      "an empty column",
      () =>
        chiSquaredIndependence([
          [1, 0],
          [3, 0],
        ]),
      "table",
    ],
    [
      "one column",
      () =>
        chiSquaredIndependence(
          [
            [1, 0],
            [3, 0],
          ],
          { emptyMargins: "drop" },
        ),
      "table",
    ],
    ["ragged rows", () => chiSquaredIndependence([[1, 2], [3]]), "table[1]"],
    [
      "a negative count",
      () =>
        chiSquaredIndependence([
          [1, -2],
          [3, 4],
        ]),
      "table[0][1]",
    ],
    ["no counts", () => chiSquaredGoodnessOfFit([0, 0]), "observed"],
    [
      "a category that cannot be",
      () => chiSquaredGoodnessOfFit([3, 4], { expected: [1, 0] }),
      "options.expected[1]",
    ],
    ["no freedom", () => chiSquaredGoodnessOfFit([3, 4], { estimatedParameters: 1 }), "observed"],
    [
      "a fraction of a count",
      () =>
        fisherExact([
          [1.5, 2],
          [3, 4],
        ]),
      "table[0][0]",
    ],
    ["a count below 0", () => mcNemar({ firstOnly: -1, secondOnly: 2 }), "pairs.firstOnly"],
    ["a share of 0", () => oneProportionZTest({ successes: 1, trials: 2 }, 0), "probability"],
    [
      "more successes than trials",
      () => twoProportionZTest({ successes: 3, trials: 2 }, { successes: 1, trials: 2 }),
      "first.successes",
    ],
    ["weights of 0", () => wassersteinDistance([1], [2], { firstWeights: [0] }), "options.firstWeights"],
    [
      "a negative weight",
      () => wassersteinDistance([1, 2], [2], { firstWeights: [2, -1] }),
      "options.firstWeights[1]",
    ],
    ["too few weights", () => energyDistance([1, 2], [2], { secondWeights: [] }), "options.secondWeights"],
    [
      "too many signs",
      () => wilcoxonSignedRank(new Float64Array(1_001).fill(1), { method: "exact" }),
      "options.method",
    ],
    [
      "a large exact sum",
      () => cramerVonMisesTwoSample(new Float64Array(21), good, { method: "exact" }),
      "options.method",
    ],
    // @ts-expect-error - from JavaScript anything may come
    ["an unknown alternative", () => ksTwoSample(good, good, { alternative: "both" }), "options.alternative"],
  ])("%s", (_, call, argument) => {
    expect(call).toThrow(expect.objectContaining({ code: "INVALID_ARGUMENT", argument }));
  });
});

describe("what is certain is said", () => {
  it("without any difference the p-value is 1", () => {
    expect(signTest([0, 0])).toMatchObject({ statistic: 0, size: 0, pValue: 1 });
    expect(wilcoxonSignedRank([0, 0])).toMatchObject({ statistic: 0, pValue: 1 });
    expect(mcNemar({ firstOnly: 0, secondOnly: 0 }).pValue).toBe(1);
    expect(mannWhitneyU([3, 3], [3, 3, 3])).toMatchObject({ pValue: 1, effectSize: 0.5 });
    expect(twoProportionZTest({ successes: 4, trials: 4 }, { successes: 9, trials: 9 }).pValue).toBe(1);
    expect(cramerVonMisesTwoSample([1, 1], [1, 1]).pValue).toBe(1);
    expect(
      fisherExact([
        [0, 0],
        [0, 0],
      ]),
    ).toMatchObject({ oddsRatio: undefined, pValue: 1 });
    expect([wassersteinDistance(good, good), energyDistance(good, good)]).toEqual([0, 0]);
  });

  it("constants that differ are certain to differ", () => {
    expect(welchTTest([1, 1], [2, 2, 2])).toMatchObject({ statistic: -Infinity, pValue: 0 });
    expect(ksTwoSample([1, 1], [2, 2])).toMatchObject({ statistic: 1 });
  });

  it("drops cells that cannot be counted only when told to", () => {
    const table = [
      [12, 0, 8],
      [5, 0, 15],
      [0, 0, 0],
    ];
    const dropped = chiSquaredIndependence(table, { emptyMargins: "drop" });
    expect(dropped).toEqual(
      chiSquaredIndependence([
        [12, 8],
        [5, 15],
      ]),
    );
    const fit = chiSquaredGoodnessOfFit([6, 0, 4], { expected: [1, 0, 1], unexpected: "drop" });
    expect(fit).toEqual(chiSquaredGoodnessOfFit([6, 4]));
  });

  it("results are frozen, plain objects", () => {
    const result = ksTwoSample(good, good);
    expect(Object.isFrozen(result)).toBe(true);
    expect(Object.getPrototypeOf(result)).toBe(Object.prototype);
  });
});
