import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { type Label, majorityVote, weightedVote } from "./vote.ts";

describe("majorityVote()", () => {
  test.each<[labels: readonly Label[], winner: Label]>([
    [["cat", "dog", "cat"], "cat"],
    [["dog"], "dog"],
    [["dog", "cat"], "cat"],
    [["b", "a", "b", "a", "c"], "a"],
    [[10, 9], 9],
    [[10, 9, 10], 10],
    [[true, false], false],
    [[2n, 1n], 1n],
    [["a", "b", "c", "d", "d"], "d"],
  ])("of %o is %o", (labels, winner) => {
    expect(majorityVote()(labels)).toBe(winner);
  });

  test("takes the label from an output", () => {
    const vote = majorityVote({ label: (output: { label: string }) => output.label });
    expect(vote([{ label: "b" }, { label: "a" }, { label: "b" }])).toBe("b");
  });

  test("refuses to elect from nothing", () => {
    expect(() => majorityVote()([])).toThrow(RangeError);
  });
});

describe("weightedVote()", () => {
  test("is argmax_k of the sum of the weights of the members that say k", () => {
    expect(weightedVote({ weights: [3, 1, 1] })(["cat", "dog", "dog"])).toBe("cat");
    expect(weightedVote({ weights: [2, 1, 1.5] })(["cat", "dog", "dog"])).toBe("dog");
    expect(weightedVote({ weights: [2, 1, 1] })(["dog", "cat", "cat"])).toBe("cat");
  });

  test("takes the weights of the members that answered", () => {
    expect(weightedVote({ weights: [1, 9, 3] })(["a", "b"], { answeredBy: [0, 2] })).toBe("b");
    expect(() => weightedVote({ weights: [1, 2] })(["a", "b"], { answeredBy: [0, 2] })).toThrow(RangeError);
  });

  test("takes the label from an output", () => {
    const vote = weightedVote({ weights: [1, 3], label: (scores: readonly number[]) => scores.indexOf(1) });
    expect(
      vote([
        [1, 0],
        [0, 1],
      ]),
    ).toBe(1);
  });

  test("lets rounding decide nothing", () => {
    // 0.1 + 0.2 is more than 0.3 in floating point.
    expect(weightedVote({ weights: [0.1, 0.2, 0.3] })(["b", "b", "a"])).toBe("a");
    expect(weightedVote({ weights: [0.1, 0.2, 0.3] })(["a", "a", "b"])).toBe("a");
  });

  test.each([[0], [-1], [NaN], [Infinity]])("refuses the weight %j", (weight) => {
    expect(() => weightedVote({ weights: [weight] })).toThrow(expect.objectContaining({ option: "weights" }));
  });
});

const ballot = fc.record({ label: fc.constantFrom("a", "b", "c"), weight: fc.integer({ min: 1, max: 5 }) });
const ballots = fc.array(ballot, { minLength: 1, maxLength: 12 });
type Ballots = readonly { readonly label: string; readonly weight: number }[];
const elect = (cast: Ballots, factor = 1): string =>
  weightedVote({ weights: cast.map(({ weight }) => weight * factor) })(cast.map(({ label }) => label));

describe("a vote", () => {
  test("is the definition: no label has more weight, and none with as much comes before", () => {
    fc.assert(
      fc.property(ballots, (cast) => {
        const weightOf = (label: string): number =>
          cast.filter((entry) => entry.label === label).reduce((sum, { weight }) => sum + weight, 0);
        const best = ["a", "b", "c"].reduce((winner, label) =>
          weightOf(label) > weightOf(winner) ? label : winner,
        );
        expect(elect(cast)).toBe(best);
      }),
    );
  });

  test("does not depend on the order of the members", () => {
    const shuffled = ballots.chain((cast) =>
      fc.tuple(fc.constant(cast), fc.shuffledSubarray(cast, { minLength: cast.length })),
    );
    fc.assert(
      fc.property(shuffled, ([cast, other]) => {
        expect(elect(other)).toBe(elect(cast));
      }),
    );
  });

  test("does not depend on the scale of the weights", () => {
    // Powers of two, which scale without rounding: a tie stays one.
    const factor = fc.integer({ min: -10, max: 10 }).map((exponent) => 2 ** exponent);
    fc.assert(
      fc.property(ballots, factor, (cast, by) => {
        expect(elect(cast, by)).toBe(elect(cast));
      }),
    );
  });

  test("with equal weights is the majority's", () => {
    fc.assert(
      fc.property(ballots, (cast) => {
        const labels = cast.map(({ label }) => label);
        expect(weightedVote({ weights: labels.map(() => 7) })(labels)).toBe(majorityVote()(labels));
      }),
    );
  });
});
