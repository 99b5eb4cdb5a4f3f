import { expect, it } from "vitest";

import { latestOnly } from "./latest-only.ts";

it("runs one call at a time, and of those that wait the last", async () => {
  const started: string[] = [];
  const finish: (() => void)[] = [];
  const run = latestOnly(async (name: string) => {
    started.push(name);
    await new Promise<void>((resolve) => finish.push(resolve));
  });
  for (const name of ["first", "second", "third"]) run(name);
  expect(started).toEqual(["first"]);
  finish[0]!();
  await expect.poll(() => started).toEqual(["first", "third"]);
  finish[1]!();
  await expect.poll(() => finish.length).toBe(2);
  run("fourth");
  await expect.poll(() => started).toEqual(["first", "third", "fourth"]);
});
