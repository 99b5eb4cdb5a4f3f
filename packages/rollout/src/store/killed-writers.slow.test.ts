import { join } from "node:path";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";

import { test } from "vitest";

import { expectToSurviveKills } from "./killed-writers.fixtures.ts";

test("two writers killed two hundred times lose and corrupt nothing", async () => {
  const folder = await mkdtemp(join(tmpdir(), "rollout-"));
  try {
    await expectToSurviveKills(folder, 200);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
