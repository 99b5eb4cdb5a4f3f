import { describe, expect, it } from "vitest";
import {
  andersonDarlingKSample,
  binomialCdf,
  binomialSf,
  chiSquaredIndependence,
  cramerVonMisesTwoSample,
  eppsSingleton,
  fisherExact,
  gIndependence,
  ksOneSample,
  ksTwoSample,
  levene,
  mannWhitneyU,
  mcNemar,
  normalCdf,
  signTest,
  studentTTest,
  twoProportionZTest,
  welchTTest,
  wilcoxonSignedRank,
} from "../index.ts";
import { seededNormals, seededUniform } from "../numeric/seeded.fixtures.ts";

const runs = 2_000;
const level = 0.05;
const normals = seededNormals(7);
const uniform = seededUniform(8);
const count = (trials: number, share: number) =>
  Array.from({ length: trials }, uniform).filter((u) => u < share).length;
const categories = (size: number) => {
  const counts = [0, 0, 0, 0];
  for (let i = 0; i < size; i++) {
    const category = Math.floor(4 * uniform() ** 1.5);
    counts[category] = (counts[category] ?? 0) + 1;
  }
  return counts;
};
const coins = (trials: number) => {
  const successes = count(trials, 0.3);
  return [successes, trials - successes] as const;
};

/** How often each test alarms at 5 % although the hypothesis holds. */
const nominal: Readonly<Record<string, () => number>> = {
  ksExact: () => ksTwoSample(normals(60), normals(85)).pValue,
  ksAsymptotic: () => ksTwoSample(normals(400), normals(250), { method: "asymptotic" }).pValue,
  ksOneSample: () => ksOneSample(normals(40), normalCdf).pValue,
  mannWhitneyU: () => mannWhitneyU(normals(30), normals(45)).pValue,
  mannWhitneyUWithTies: () =>
    mannWhitneyU(
      normals(60).map((x) => Math.round(x)),
      normals(45).map((x) => Math.round(x)),
    ).pValue,
  wilcoxon: () => wilcoxonSignedRank(normals(35)).pValue,
  cramerVonMises: () => cramerVonMisesTwoSample(normals(40), normals(30)).pValue,
  andersonDarling: () => andersonDarlingKSample([normals(25), normals(20), normals(30)]).pValue,
  eppsSingleton: () => eppsSingleton(normals(60), normals(80)).pValue,
  welch: () =>
    welchTTest(
      normals(12),
      normals(40).map((x) => 3 * x),
    ).pValue,
  student: () => studentTTest(normals(12), normals(9)).pValue,
  levene: () => levene([normals(30), normals(40)]).pValue,
  chiSquared: () => chiSquaredIndependence([categories(300), categories(120)]).pValue,
  g: () => gIndependence([categories(300), categories(200)]).pValue,
  twoProportions: () =>
    twoProportionZTest(
      { successes: count(200, 0.3), trials: 200 },
      { successes: count(150, 0.3), trials: 150 },
    ).pValue,
};

/** Tests of counts whose p-value can only be a few numbers: they alarm less often, never more. */
const conservative: Readonly<Record<string, () => number>> = {
  fisher: () => fisherExact([coins(40), coins(30)]).pValue,
  sign: () => signTest(normals(25)).pValue,
  mcNemar: () => {
    const firstOnly = count(30, 0.5);
    return mcNemar({ firstOnly, secondOnly: 30 - firstOnly }).pValue;
  },
  ksWithTies: () =>
    ksTwoSample(
      normals(60).map((x) => Math.round(2 * x)),
      normals(60).map((x) => Math.round(2 * x)),
    ).pValue,
};

function alarms(test: () => number): number {
  let found = 0;
  for (let run = 0; run < runs; run++) if (test() <= level) found += 1;
  return found;
}

/** Outside these bounds a true rate of `rate` falls once in 10,000 tests, on either side. */
const tooMany = (found: number, rate: number) => binomialSf(found - 1, runs, rate) < 1e-4;
const tooFew = (found: number, rate: number) => binomialCdf(found, runs, rate) < 1e-4;

describe("under the hypothesis, 2,000 simulated samples alarm at 5 % about as often as that", () => {
  it.each(Object.entries(nominal))("%s", (_, test) => {
    const found = alarms(test);
    expect(tooMany(found, 1.1 * level), `${found} alarms`).toBe(false);
    expect(tooFew(found, 0.8 * level), `${found} alarms`).toBe(false);
  });

  it.each(Object.entries(conservative))("%s alarms at most that often", (_, test) => {
    expect(tooMany(alarms(test), level)).toBe(false);
  });
});

describe("p-values are uniform under the hypothesis", () => {
  it.each(["ksOneSample", "mannWhitneyU", "cramerVonMises", "welch"])("%s", (name) => {
    const test = nominal[name];
    if (test === undefined) throw new Error(`${name} is not among the tests`);
    const pValues = Array.from({ length: runs }, test);
    expect(ksOneSample(pValues, (p) => p).statistic).toBeLessThan(0.06);
  });
});
