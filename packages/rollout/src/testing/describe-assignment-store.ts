import type { Assignment, AssignmentStore, ReportReceipt, Tally } from "../experiment/assignment-store.ts";
import { StoreConformanceError, type StoreTestRunner } from "./describe-store.ts";

/**
 * The conformance suite of assignment stores: registers a test for each thing that experiments rely on.
 *
 * @param open - Opens the store; called twice for each test, for what both share. Each test uses a scope of its own.
 *
 * @example
 * ```ts no-run
 * import { describe, test } from "vitest";
 *
 * describeAssignmentStore("mine", () => createMyAssignmentStore(url), { describe, test });
 * ```
 */
export function describeAssignmentStore(
  name: string,
  open: () => AssignmentStore | Promise<AssignmentStore>,
  { describe, test }: StoreTestRunner,
): void {
  describe(name, () => {
    for (const [title, check] of Object.entries(checks)) {
      test(title, async () => check(await open(), await open(), `conformance/${crypto.randomUUID()}`));
    }
  });
}

type Check = (one: AssignmentStore, other: AssignmentStore, scope: string) => Promise<void>;

const checks: Readonly<Record<string, Check>> = {
  "a key holds nothing before it was given a version, and keys of other scopes hold their own": async (
    one,
    other,
    scope,
  ) => {
    await one.claim(scope, "user-1", assignment({ version: "b" }));
    await one.claim(`${scope}-2`, "user-2", assignment({}));
    const held = await other.read(scope, ["user-2", "user-1"]);
    expectEqual(
      held.map((found) => found?.version),
      [undefined, "b"],
    );
    expectEqual(held[1], assignment({ version: "b" }));
  },

  "of several that claim a key at once one is first, and the key counts once": async (one, other, scope) => {
    const proposals = Array.from({ length: 20 }, (_, turn) =>
      assignment({ version: turn % 2 === 0 ? "a" : "b" }),
    );
    const claimed = await Promise.all(
      proposals.map((proposal, turn) => (turn % 3 === 0 ? one : other).claim(scope, "user-1", proposal)),
    );
    expectEqual(new Set(claimed.map((found) => found?.version)).size, 1);
    expectEqual(keysOf(await one.tally(scope, { generation: 1, before: 2_000 })), 1);
  },

  "a later generation takes a key over, and is counted anew; an earlier one does not": async (
    one,
    other,
    scope,
  ) => {
    await one.claim(scope, "user-1", assignment({ version: "a" }));
    const next = assignment({ version: "b", generation: 2 });
    expectEqual(await other.claim(scope, "user-1", next), next);
    expectEqual(await one.claim(scope, "user-1", assignment({ version: "c" })), next);
    const tallies = await one.tally(scope, { generation: 2, before: 2_000 });
    expectEqual(
      tallies.map(({ version, keys }) => [version, keys]),
      [["b", 1]],
    );
  },

  "an outcome counts once, in time, and for keys of its generation": async (one, other, scope) => {
    const report = (
      store: AssignmentStore,
      key: string,
      at: number,
      generation = 1,
    ): Promise<ReportReceipt> => store.report(scope, key, { generation, value: 1, at, attributionMs: 100 });
    expectEqual(await report(one, "user-1", 1_000), "unknown-key");
    for (const key of ["user-1", "user-2"]) await one.claim(scope, key, assignment({}));
    expectEqual(await report(one, "user-1", 1_050, 2), "unknown-key");
    expectEqual(await report(other, "user-1", 1_100), "counted");
    expectEqual(await report(one, "user-1", 1_100), "repeated");
    expectEqual(await report(one, "user-2", 1_101), "late");
  },

  "sums are of keys whose time is over, by version and weights, and stay": async (one, other, scope) => {
    const weights = [2_000, 8_000];
    await one.claim(scope, "early", assignment({ version: "a" }));
    await one.claim(scope, "valued", assignment({ version: "b" }));
    await other.claim(scope, "other weights", assignment({ version: "b", weights }));
    await other.claim(scope, "late", assignment({ version: "a", at: 3_000 }));
    await other.report(scope, "valued", { generation: 1, value: -2.5, at: 1_001, attributionMs: 100 });
    const sums = (tallies: readonly Tally[]): unknown =>
      tallies
        .map((tally) => [tally.version, tally.weights[0], tally.keys, tally.sum, tally.sumOfSquares])
        .sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
    const expected = [
      ["a", 5_000, 1, 0, 0],
      ["b", 2_000, 1, 0, 0],
      ["b", 5_000, 1, -2.5, 6.25],
    ];
    expectEqual(sums(await one.tally(scope, { generation: 1, before: 2_000 })), expected);
    expectEqual(sums(await other.tally(scope, { generation: 1, before: 2_000 })), expected);
    expectEqual(keysOf(await other.tally(scope, { generation: 1, before: 4_000 })), 4);
  },

  "any text is a key": async (one, other, scope) => {
    const keys = ["", "userŁ", "userA", "__proto__", "a/b:c{d}", "'; drop table", "x".repeat(500)];
    for (const key of keys) await one.claim(scope, key, assignment({ version: key.slice(0, 9) }));
    const held = await other.read(scope, keys);
    expectEqual(
      held.map((found) => found?.version),
      keys.map((key) => key.slice(0, 9)),
    );
  },
};

function assignment(change: Partial<Assignment>): Assignment {
  const drawn = { versions: ["b", "a"], weights: [5_000, 5_000] };
  return { version: "a", bucketVersion: 0, generation: 1, at: 1_000, ...drawn, ...change };
}

function keysOf(tallies: readonly Tally[]): number {
  return tallies.reduce((sum, { keys }) => sum + keys, 0);
}

function expectEqual(found: unknown, expected: unknown): void {
  const [text, wanted] = [found, expected].map((value) => JSON.stringify(sorted(value)));
  if (text !== wanted) throw new StoreConformanceError(`The store gave ${text}; it has to give ${wanted}.`);
}

/** A value with its fields in one order, as stores may keep them in any. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
}
