import { describe, test } from "vitest";

import type { Requirement } from "./requirement.ts";

/** A part that is there. */
type AvailablePart = Extract<Requirement, { available: true }>;

/**
 * `describe` for tests that need a part.
 *
 * Where the part is missing, they are skipped and the run's closing lines say
 * how to get it; with `CI=true` a missing part is a failed test instead.
 *
 * @example
 * describeWith(requirement("redis"), "RedisStore", ({ path }) => {
 *   beforeAll(() => startRedis(path));
 *   test("keeps a value", …);
 * });
 */
export function describeWith(needed: Requirement, name: string, define: (part: AvailablePart) => void): void {
  if (needed.available) {
    describe(name, () => define(needed));
    return;
  }
  const reason = `${needed.name} is missing: ${needed.howToGet}`;
  if (process.env["CI"] === "true") {
    test(`${name} (needs ${needed.name})`, () => {
      throw new Error(`With CI=true nothing is skipped, and ${reason}.`);
    });
    return;
  }
  // `define` only declares here: no hook and no test of a skipped suite runs.
  describe(name, { skip: true, meta: { skipReason: reason } }, () =>
    define({ ...needed, available: true, path: "" }),
  );
}
