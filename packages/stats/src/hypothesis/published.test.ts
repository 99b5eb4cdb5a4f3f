import { describe, expect, it } from "vitest";
import { andersonDarlingKSample, eppsSingleton, fisherExact, ksOneSample, mannWhitneyU } from "../index.ts";

const range = (size: number, shift = 0) => Array.from({ length: size }, (_, i) => i + 1 + shift);

/** Values that others published, to the digits that they printed. */
describe("published values", () => {
  it("Scholz and Stephens 1987, four laboratories: 4.449 and 4.480, p about 0.002", () => {
    const laboratories = [
      [38.7, 41.5, 43.8, 44.5, 45.5, 46.0, 47.7, 58.0],
      [39.2, 39.3, 39.7, 41.4, 41.8, 42.9, 43.3, 45.8],
      [34.0, 35.0, 39.0, 40.0, 43.0, 43.0, 44.0, 45.0],
      [34.0, 34.8, 34.8, 35.4, 37.2, 37.8, 41.2, 42.8],
    ];
    const midrank = andersonDarlingKSample(laboratories);
    expect(andersonDarlingKSample(laboratories, { variant: "right" }).statistic).toBeCloseTo(4.449, 3);
    expect(midrank.statistic).toBeCloseTo(4.48, 3);
    expect(Math.abs(midrank.pValue - 0.002)).toBeLessThan(0.00025);
  });

  it("R's kSamples 1.2-6: 41.105 and 41.235 for 1…100 and the same 40.5 higher", () => {
    const samples = [range(100), range(100, 40.5)];
    expect(andersonDarlingKSample(samples, { variant: "right" }).statistic).toBeCloseTo(41.105, 3);
    expect(andersonDarlingKSample(samples).statistic).toBeCloseTo(41.235, 3);
  });

  it("Goerg and Kaiser 2009, both examples of Epps and Singleton's test", () => {
    const first = eppsSingleton(
      [-0.35, 2.55, 1.73, 0.73, 0.35, 2.69, 0.46, -0.94, -0.37, 12.07],
      [-1.15, -0.15, 2.48, 3.25, 3.71, 4.29, 5.0, 7.74, 8.38, 8.6],
    );
    expect(Math.abs(first.statistic - 15.14)).toBeLessThan(0.03);
    const second = eppsSingleton(
      [0, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 5, 5, 5, 5, 6, 10, 10, 10, 10],
      [10, 4, 0, 5, 10, 10, 0, 5, 6, 7, 10, 3, 1, 7, 0, 8, 1, 5, 8, 10],
    );
    expect(Math.abs(second.statistic - 8.9)).toBeLessThan(1e-3);
    expect(Math.abs(second.pValue - 0.06364)).toBeLessThan(5e-5);
  });

  it("R's wilcox.test, as SciPy's tests quote it", () => {
    const x = [210.05211, 110.19063, 307.918612];
    const y = [
      436.08811482466416, 416.3739732976819, 179.96975939463582, 197.8118754228619, 34.038757281225756,
      138.54220550921517, 128.7769351470246, 265.9272142795185, 275.6617533155341, 592.3408339541626,
      448.73177590617018, 300.61495185038905, 187.97508449019588,
    ];
    expect(mannWhitneyU(x, y)).toMatchObject({ statistic: 16, method: "exact" });
    expect(mannWhitneyU(x, y).pValue).toBeCloseTo(0.7035714285714, 12);
    expect(mannWhitneyU(x, y, { method: "asymptotic" }).pValue).toBeCloseTo(0.6865041817876, 12);
  });

  it("Fisher's tea: 3 of 4 cups on either side are no evidence", () => {
    const tea = [
      [3, 1],
      [1, 3],
    ] as const;
    expect(fisherExact(tea, { alternative: "greater" }).pValue).toBeCloseTo(17 / 70, 14);
    expect(fisherExact(tea).pValue).toBeCloseTo(34 / 70, 14);
  });

  it("Marsaglia, Tsang and Wang 2003: P(D₁₀ < 0.274) is 0.6284796154565043", () => {
    const sample = Array.from({ length: 10 }, (_, i) => (i + 1) / 10);
    // All values at the right end of their tenth, then moved so that the distance is 0.274.
    const { statistic, pValue } = ksOneSample(sample, (x) => Math.max(0, x - 0.274));
    expect(statistic).toBeCloseTo(0.274, 12);
    expect(1 - pValue).toBeCloseTo(0.6284796154565043, 11);
  });
});
