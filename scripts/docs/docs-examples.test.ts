import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { repositoryRoot } from "../lib/repository.ts";
import { findDocuments } from "./code-blocks.ts";
import { commandLines, findKnownCommand, knownCommands } from "./commands.ts";
import { DocumentExecution } from "./execute.ts";
import { applyEdits, type Edit } from "./expected-output.ts";
import { planDocument } from "./plan.ts";
import { missingCopies, typeErrors, writePrograms } from "./workspace.ts";

/** `UPDATE_DOCS=true` writes what is printed into the documents instead of failing. */
const update = process.env["UPDATE_DOCS"] === "true";
const cache = join(repositoryRoot, ".cache/docs-examples");
const plans = findDocuments(repositoryRoot)
  .filter(({ blocks }) => blocks.length > 0)
  .map(planDocument);

let errors: ReadonlyMap<string, readonly string[]>;

beforeAll(async () => {
  writePrograms(repositoryRoot, cache, plans);
  errors = await typeErrors(repositoryRoot, cache, plans);
}, 120_000);

describe.each(plans.map((plan) => [plan.document.path, plan] as const))("%s", (_path, plan) => {
  const { document, steps, problems } = plan;
  const execution = new DocumentExecution(repositoryRoot, cache, plan);
  const edits: Edit[] = [];

  afterAll(async () => {
    await execution.close();
    if (edits.length === 0) return;
    writeFileSync(join(repositoryRoot, document.path), applyEdits(document.text, edits));
  }, 30_000);

  test("has only blocks that are known", () => {
    expect([...problems, ...missingCopies(repositoryRoot, plan)]).toEqual([]);
  });

  test("passes the type check", () => {
    expect(errors.get(document.path) ?? []).toEqual([]);
  });

  for (const step of steps) {
    test(`line ${step.blocks[0]?.line}: ${step.kind}`, { timeout: 180_000 }, async () => {
      const comparison = await execution.execute(step);
      const updated = update && comparison.edits.length > 0;
      if (updated) edits.push(...comparison.edits);
      const { difference = "" } = updated ? {} : comparison;
      expect(difference).toBe("");
    });
  }

  test("everything that it started ends cleanly", async () => {
    expect(await execution.close()).toBeUndefined();
  });
});

test("every entry of the table of commands is used", () => {
  const lines = plans
    .flatMap(({ steps }) => steps.filter(({ kind }) => kind === "commands"))
    .flatMap(({ blocks }) => blocks.flatMap(({ text }) => commandLines(text)));
  const used = new Set(lines.map(findKnownCommand));
  expect(knownCommands.filter((command) => !used.has(command))).toEqual([]);
});
