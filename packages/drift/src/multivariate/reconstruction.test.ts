import { createRandom } from "@mlops/stats";
import { describe, expect, test } from "vitest";
import { detectDrift, DriftError } from "../index.ts";
import { detectReconstructionDrift } from "./detect-reconstruction-drift.ts";
import { principalComponents } from "./principal-components.ts";

const random = createRandom(5);
const draws = <Value>(count: number, draw: () => Value): Value[] => Array.from({ length: count }, draw);

/** Six columns that two causes make up; after a change, the fourth hangs on the other cause. */
const row = (isChanged: boolean) => (): Record<string, unknown> => {
  const [one, two] = [random.normal(), random.normal()];
  const noise = (): number => random.normal(0, 0.3);
  return {
    a: one + noise(),
    b: -one + noise(),
    c: 100 * (one + noise()),
    d: (isChanged ? two : one) + noise(),
    e: two + noise(),
    f: two - noise(),
  };
};

describe("detectReconstructionDrift", () => {
  test("sees how numbers hang together, which no single column shows", () => {
    const before = draws(1_000, row(false));
    const after = draws(400, row(true));
    expect(detectDrift(before, after).status).toBe("stable");
    const result = detectReconstructionDrift(before, after);
    expect(result).toMatchObject({
      status: "drift",
      components: { kept: 2, of: 6 },
      rows: { reference: 500, current: 400 },
    });
    expect(result.meanError!.current).toBeGreaterThan(1.5 * result.meanError!.reference);
    expect(JSON.parse(JSON.stringify(result))).toEqual(result);
    expect(detectReconstructionDrift(before, draws(400, row(false))).status).toBe("stable");
  });

  test("without change it alarms as often as it says", () => {
    const mixed = (): Record<string, unknown> => ({
      ...row(false)(),
      heavy: random.studentT(1.5),
      category: "aaab"[random.integer(4)],
      vector: [random.normal(), random.normal()],
      gaps: random() < 0.2 ? null : random.poisson(2),
    });
    let alarms = 0;
    for (let run = 0; run < 300; run += 1) {
      const result = detectReconstructionDrift(draws(120, mixed), draws(60, mixed), {
        seed: run,
        materialShift: 1e-9,
      });
      if (result.status === "drift") alarms += 1;
    }
    // P(more than 30 of 300) at 5 % is 1 in 10,000.
    expect(alarms).toBeLessThanOrEqual(30);
    expect(alarms).toBeGreaterThan(0);
  });

  test("missing values count as the mean, new categories as rare, and one broken value breaks nothing", () => {
    const before = draws(400, row(false));
    const after = draws(200, row(false));
    after[0] = { ...after[0], a: 1e300, b: Infinity, c: "broken", d: null };
    expect(detectReconstructionDrift(before, after).status).toBe("stable");
    const withCategory = before.map((values, index) => ({ ...values, category: "ab"[index % 2] }));
    const withNew = after.map((values) => ({ ...values, category: "new" }));
    expect(detectReconstructionDrift(withCategory, withNew).meanError!.current).toBeGreaterThan(0);
  });

  test("too few rows or features, and wrong options", () => {
    const few = draws(8, row(false));
    expect(detectReconstructionDrift(few, few)).toMatchObject({
      status: "not-enough-data",
      components: null,
    });
    const single = draws(50, () => ({
      x: random.normal(),
      constant: 1,
      text: "the same long text for all of them",
    }));
    expect(detectReconstructionDrift(single, single).status).toBe("invalid");
    expect(detectReconstructionDrift([], []).status).toBe("invalid");
    const many = draws(100, row(false));
    expect(detectReconstructionDrift(many, [])).toMatchObject({ status: "not-enough-data", meanError: null });
    expect(detectReconstructionDrift(many, many, { exclude: ["a", "b", "c", "d", "e"] }).status).toBe(
      "invalid",
    );
    expect(() => detectReconstructionDrift([], [], { alpha: 2 })).toThrow(DriftError);
    expect(() => detectReconstructionDrift([], [], { explainedShare: 1 })).toThrow(/explainedShare/);
  });
});

describe("principal components", () => {
  test("keeps as few as hold the share, and never all", () => {
    const rows = draws(2_000, () =>
      Float64Array.of(random.normal(0, 3), random.normal(0, 2), random.normal()),
    );
    const { vectors, explained } = principalComponents(rows, 0.5);
    expect(vectors).toHaveLength(1);
    expect(Math.abs(vectors[0]![0]!)).toBeGreaterThan(0.99);
    expect(explained).toBeCloseTo(9 / 14, 1);
    expect(principalComponents(rows, 0.9999).vectors).toHaveLength(2);
  });
});
