import { describe, expect, test } from "vitest";

import { isolations, isRunning, runProgram, until } from "./worker.fixtures.ts";

const endings = [
  ["forgets", "undefined"],
  ["forgets what has printed", "undefined"],
  ["forgets without a session", "undefined"],
  ["stops", "exited"],
  ["stops what has printed", "exited"],
  ["waits", "undefined"],
  ["loses", "WORKER_LOST"],
] as const;

const givenUp = { thread: "abandoned", process: "killed" };

describe.each(isolations)("a program that has a worker %s", (isolation) => {
  test.each(endings)("and %s ends by itself, and nothing but it prints", async (ending, said) => {
    const result = await runProgram(new URL("lifetime.fixtures.ts", import.meta.url), isolation, ending);
    expect(result).toEqual({ code: 0, stdout: `${ending} ${said}\n`, stderr: "" });
  });

  test.each([
    ["abandons", " WORKER_LOST"],
    ["abandons what hangs", ""],
  ])("and %s ends when the worker does", async (ending, said) => {
    const result = await runProgram(new URL("lifetime.fixtures.ts", import.meta.url), isolation, ending);
    expect(result).toEqual({ code: 0, stdout: `${ending} ${givenUp[isolation]}${said}\n`, stderr: "" });
  });
});

test("a process does not outlive who started it, though something is under way", async () => {
  const result = await runProgram(new URL("lifetime.fixtures.ts", import.meta.url), "process", "dies");
  expect(result).toEqual({ code: "SIGKILL", stdout: expect.stringMatching(/^\d+$/), stderr: "" });
  await until(() => !isRunning(Number(result.stdout)));
});
