import { describe, it } from "vitest";
import {
  countMisses,
  expectBroken,
  expectHeld,
  peekedTest,
  watchedStreams,
} from "./watched-streams.fixtures.ts";

describe("bounds that claim to hold at every look, in ten times as many streams of twice the length", () => {
  for (const stream of watchedStreams) {
    it(`miss no more often than they say: ${stream.name}`, () => {
      const { runs = 200, looks = 1_000, alpha } = stream;
      const long = { ...stream, looks: 2 * looks };
      const missed = countMisses(long, 10 * runs, 1_000_000);
      expectHeld(missed, 10 * runs, alpha);
    });
  }

  it("the check catches a test for one look", () => {
    expectBroken(countMisses(peekedTest, 2_000, 1_000_000), 2_000, peekedTest.alpha);
  });
});
