import { describe, expect, test } from "vitest";
import { resolveDriftOptions } from "../detect/drift-options.ts";
import { type LookControl, LookLevels } from "./look-control.ts";

const looks = Array.from({ length: 10_000 }, (_, index) => index + 1);

function spent(control: LookControl, numbers: readonly number[]): number {
  const levels = new LookLevels(0.05, control);
  return numbers.reduce((sum, look) => sum + levels.levelOf(look), 0);
}

test("ever: all levels together never exceed alpha", () => {
  expect(spent("ever", looks)).toBeLessThan(0.05);
  expect(spent("ever", looks)).toBeCloseTo(0.05 * (1 - 1 / 10_001), 12);
});

test("looks: any N looks in a row spend alpha, however late", () => {
  for (const first of [1, 37, 9_900]) {
    expect(spent({ looks: 100 }, looks.slice(first - 1, first + 99))).toBeCloseTo(0.05, 12);
  }
  expect(new LookLevels(0.05, { looks: 7 }).optionsOf(15).look).toEqual({ look: 1, of: 7 });
});

test("false discovery rate: what was found, and matters, earns level back", () => {
  const levels = new LookLevels(0.05, "false-discovery-rate");
  const settle = (status: "drift" | "stable", adjustedPValue: number): void => {
    levels.settle({ status, columns: [{ adjustedPValue }] });
  };
  for (let look = 0; look < 10; look += 1) settle("stable", 0.5);
  const low = levels.levelOf(11);
  settle("stable", 1e-12);
  expect(levels.levelOf(12)).toBeLessThan(low);
  settle("drift", 1e-12);
  expect(levels.levelOf(13)).toBeGreaterThan(10 * low);
  const restored = new LookLevels(0.05, "false-discovery-rate", levels.toJson());
  expect(restored.levelOf(13)).toBe(levels.levelOf(13));
});

describe.each([
  ["ever", "ever"],
  ["looks", { looks: 7 }],
  ["false discovery rate", "false-discovery-rate"],
] as const)("%s", (_name, control) => {
  test("detectDrift is told the same level", () => {
    const levels = new LookLevels(0.02, control);
    for (const look of [1, 6, 7, 8, 700]) {
      expect(resolveDriftOptions(levels.optionsOf(look)).level).toBe(levels.levelOf(look));
    }
  });
});
