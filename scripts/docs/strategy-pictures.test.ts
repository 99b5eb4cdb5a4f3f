import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { repositoryRoot } from "../lib/repository.ts";
import { drawStrategies, findOutdatedPictures } from "./strategy-pictures.ts";

test("the pictures of the strategies are as they are drawn; `pnpm docs:pictures` draws them", () => {
  expect(findOutdatedPictures()).toEqual([]);
});

test("every picture is in the page, and is small", () => {
  const page = readFileSync(join(repositoryRoot, "docs/strategies.md"), "utf8");
  for (const [name, svg] of Object.entries(drawStrategies())) {
    expect(page, name).toContain(`strategies/${name})`);
    expect(svg.length, name).toBeLessThan(6_000);
  }
});
