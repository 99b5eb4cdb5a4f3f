import { expect, test } from "vitest";

import { runProgram } from "./worker.fixtures.ts";

test("a program that is no worker cannot host a backend", async () => {
  const result = await runProgram(new URL("fake-worker.fixtures.ts", import.meta.url));
  expect(result.code).toBe(1);
  expect(result.stderr).toContain("Hosting a backend outside of a worker is not supported.");
});
