import { describe, expect, test } from "vitest";

import { describeAssignmentStore } from "../testing/describe-assignment-store.ts";
import type { AssignmentStore } from "./assignment-store.ts";
import { createMemoryAssignmentStore } from "./memory-assignment-store.ts";

const shared = createMemoryAssignmentStore();
describeAssignmentStore("memory", () => shared, { describe, test });

/** Runs the suite on a store, and gives the titles of the tests that failed. */
async function failuresOf(store: AssignmentStore): Promise<string[]> {
  const failed: string[] = [];
  const running: Promise<void>[] = [];
  describeAssignmentStore("broken", () => store, {
    describe: (_, body) => body(),
    test: (title, body) => {
      running.push(body().catch(() => void failed.push(title)));
    },
  });
  await Promise.all(running);
  return failed;
}

describe("the suite refuses a store", () => {
  test.each<[string, Partial<AssignmentStore>]>([
    ["whose last claim wins", { claim: async (_, __, proposal) => proposal }],
    ["that counts outcomes again", { report: async () => "counted" }],
    [
      "that sums keys too early",
      {
        tally: (scope, { generation }) =>
          createMemoryAssignmentStore().tally(scope, { generation, before: Infinity }),
      },
    ],
    ["that forgets", { read: async (_, keys) => keys.map(() => undefined) }],
  ])("%s", async (_, change) => {
    expect(await failuresOf({ ...createMemoryAssignmentStore(), ...change })).not.toEqual([]);
  });
});
