import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";

import { expect, test } from "vitest";

import { temporaryFolder } from "../scripts/test/temporary-folder.ts";
import { goalsOf, loadFigures } from "./engine/figures.ts";
import { benchmarkModels } from "./engine/models.ts";
import { ownName, subjects } from "./engine/subjects.ts";
import type { Row } from "./lib/row.ts";

test("has every figure of every subject, and judges every goal", { timeout: 180_000 }, async () => {
  const json = join(temporaryFolder(), "rows.json");
  const script = join(import.meta.dirname, "engine.ts");
  const command = ["--conditions=@mlops/source", script, "--quick", "--json", json];
  const { stdout } = await promisify(execFile)(process.execPath, command);
  const rows = JSON.parse(readFileSync(json, "utf8")) as Row[];

  const names = rows.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  for (const { name: model } of benchmarkModels) {
    for (const load of ["1 caller", "16 callers", "64 callers"]) {
      expect(stdout).toContain(`${model}, ${load}`);
      for (const { title } of loadFigures) {
        for (const subject of Object.keys(subjects))
          expect(names).toContain(`${model}, ${load}, ${title}, ${subject}`);
      }
    }
    for (const { figure, against, goal } of goalsOf(model)) {
      const name = against === undefined ? figure : `${figure}, against ${against}`;
      const row = rows.find((candidate) => candidate.name === name)!;
      expect(row, name).toMatchObject({ goal: goal ?? null, against: against ?? null });
      expect(typeof row.holds).toBe(goal === undefined ? "object" : "boolean");
      if (against === undefined) continue;
      // Of a single round, the median of the ratios is the ratio of the medians.
      const [own, peer] = [ownName, against].map(
        (subject) => rows.find((candidate) => candidate.name === `${figure}, ${subject}`)!.value,
      );
      // On a small model the loop may be no later than an idle one.
      expect(row.ratio ?? 0).toBeCloseTo(peer === 0 ? 0 : own! / peer!, 9);
    }
  }
});
