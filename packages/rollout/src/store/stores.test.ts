import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { initialState } from "../engine/state.ts";
import { describeStore } from "../testing/describe-store.ts";
import { createFileStore } from "./file-store.ts";
import { expectToSurviveKills } from "./killed-writers.fixtures.ts";
import { createMemoryStore } from "./memory-store.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "rollout-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const shared = createMemoryStore();
describeStore("memory", () => ({ ...shared, close: async () => {} }), { describe, test });
describeStore("file", () => createFileStore({ folder }), { describe, test });

describe("a file store", () => {
  test("loses and corrupts nothing when its writers are killed", { timeout: 120_000 }, () =>
    expectToSurviveKills(join(folder, "killed"), 6),
  );

  test("keeps only the newest revisions that tell of nothing", async () => {
    const store = createFileStore({ folder });
    for (let revision = 1; revision <= 150; revision += 1) {
      const state = { ...initialState("1"), revision };
      await store.compareAndSet("pruned", { expectedRevision: revision - 1, state });
    }
    expect((await readdir(join(folder, "pruned"))).length).toBeLessThan(70);
  });

  test.each(["", "..", "a/b", "../a", "a\0b", "ä", "x".repeat(129)])(
    "takes no name that could leave its folder: %j",
    async (name) => {
      const store = createFileStore({ folder });
      await expect(store.read(name)).rejects.toMatchObject({ code: "INVALID_POLICY", field: "rollout" });
      const evidence = { replica: name, stageRevision: 1, guardrails: {} };
      await expect(store.putEvidence("fine", evidence)).rejects.toMatchObject({ field: "replica" });
    },
  );

  test("says which file it cannot read", async () => {
    const store = createFileStore({ folder });
    await store.compareAndSet("broken", {
      expectedRevision: 0,
      state: { ...initialState("1"), revision: 1 },
    });
    await writeFile(join(folder, "broken", `${"2".padStart(15, "0")}.json`), "{");
    await expect(store.read("broken")).rejects.toMatchObject({
      code: "STORE_FAILED",
      message: expect.stringContaining("broken"),
    });
  });
});
