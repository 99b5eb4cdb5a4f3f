import { expect } from "vitest";

/** Expects two numbers to agree to `relative` of their size, or to 1e-15 where they are that small. */
export function expectClose(actual: number | undefined, expected: number, relative = 1e-12): void {
  const distance = Math.abs((actual ?? Number.NaN) - expected);
  const allowed = Math.max(relative * Math.abs(expected), 1e-15);
  expect(distance <= allowed || actual === expected, `${actual} is ${distance} away from ${expected}`).toBe(
    true,
  );
}

/** The same for a range. */
export function expectInterval(
  actual: { readonly lower: number; readonly upper: number } | undefined,
  expected: readonly (number | string)[],
  relative = 1e-12,
): void {
  expectClose(actual?.lower, Number(expected[0]), relative);
  expectClose(actual?.upper, Number(expected[1]), relative);
}
