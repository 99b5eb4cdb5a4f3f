import { describe, expect, it } from "vitest";
import { normalSf } from "../distributions/normal.ts";
import { binomialInterval } from "../intervals/binomial-interval.ts";
import { quantileInterval } from "../intervals/quantile-interval.ts";
import { seededNormal, seededRandom } from "../resampling/seeded-random.fixtures.ts";
import { groupSequentialBounds, type GroupSequentialShape } from "./group-sequential.ts";
import {
  countMisses,
  expectBroken,
  expectHeld,
  peekedTest,
  watchedStreams,
} from "./watched-streams.fixtures.ts";
import { OnlineFalseDiscoveryRate, windowLevel } from "./window-levels.ts";

describe("bounds that claim to hold at every look", () => {
  for (const stream of watchedStreams) {
    it(`miss no more often than they say: ${stream.name}`, () => {
      const { runs = 200, alpha } = stream;
      expectHeld(countMisses(stream, runs, 1), runs, alpha);
    });
  }

  it("differ from a test for one look, which the same check catches", () => {
    const missed = countMisses(peekedTest, 200, 1);
    expectBroken(missed, 200, peekedTest.alpha);
    expect(missed / 200).toBeGreaterThan(0.3);
  });
});

describe("groupSequentialBounds", () => {
  it("cross as often as alpha says, no more and no less", () => {
    const shapes: GroupSequentialShape[] = [{ kind: "pocock" }, { kind: "lan-demets-obrien-fleming" }];
    for (const shape of shapes) {
      const looks = groupSequentialBounds({ shape, looks: [0.2, 0.4, 0.5, 0.9, 1], alpha: 0.1 });
      const normal = seededNormal(seededRandom(11));
      const runs = 20_000;
      let crossed = 0;
      for (let run = 0; run < runs; run += 1) {
        let [sum, before] = [0, 0];
        for (const { time, bound } of looks) {
          sum += normal() * Math.sqrt(time - before);
          before = time;
          if (Math.abs(sum) / Math.sqrt(time) < bound) continue;
          crossed += 1;
          break;
        }
      }
      const { lower, upper } = binomialInterval({ successes: crossed, trials: runs }, { confidence: 0.999 });
      expect(lower).toBeLessThan(0.1);
      expect(upper).toBeGreaterThan(0.1);
    }
  });
});

describe("quantileInterval", () => {
  it("covers the p95 of log-normal latencies at least as often as it says", () => {
    const normal = seededNormal(seededRandom(12));
    const truth = Math.exp(1.6448536269514722);
    const runs = 2_000;
    let missed = 0;
    for (let run = 0; run < runs; run += 1) {
      const sample = Float64Array.from({ length: 150 }, () => Math.exp(normal()));
      const { lower = 0, upper = Infinity } = quantileInterval(sample, { probability: 0.95 });
      if (truth < lower || truth > upper) missed += 1;
    }
    expectHeld(missed, runs, 0.05);
  });
});

describe("a stream of windows", () => {
  it("has any false alarm no more often than alpha by windowLevel", () => {
    const random = seededRandom(13);
    let alarmed = 0;
    for (let run = 0; run < 1_000; run += 1) {
      let any = false;
      for (let window = 1; window <= 300; window += 1)
        any ||= random() <= windowLevel(window, { alpha: 0.1 });
      if (any) alarmed += 1;
    }
    expectHeld(alarmed, 1_000, 0.1);
    expect(alarmed).toBeGreaterThan(50);
  });

  it("has no more false discoveries than alpha by OnlineFalseDiscoveryRate, and makes some", () => {
    const random = seededRandom(14);
    const normal = seededNormal(random);
    let share = 0;
    let found = 0;
    const runs = 300;
    for (let run = 0; run < runs; run += 1) {
      const stream = new OnlineFalseDiscoveryRate({ alpha: 0.1 });
      let [right, wrong] = [0, 0];
      for (let test = 0; test < 200; test += 1) {
        const isReal = random() < 0.3;
        const z = normal() + (isReal ? 3.5 : 0);
        if (!stream.test(normalSf(z)).rejected) continue;
        if (isReal) right += 1;
        else wrong += 1;
      }
      share += wrong / Math.max(right + wrong, 1) / runs;
      found += right / runs;
    }
    expect(share).toBeLessThan(0.1);
    expect(found).toBeGreaterThan(20);
  });
});
