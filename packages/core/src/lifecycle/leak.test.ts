import { describe, expect, test } from "vitest";

import { runProgram } from "../worker/worker.fixtures.ts";

const program = new URL("leak.fixtures.ts", import.meta.url);

async function play(how: string) {
  const { stdout, stderr } = await runProgram(program, how);
  const { warnings, freed } = JSON.parse(stdout);
  return { warnings, freed, stderr };
}

const warning = {
  type: "predictor-not-closed",
  model: "doubling",
  message:
    'A predictor of "doubling" was collected without having been closed; its model is freed now. ' +
    'Close it, or hold it with "await using".',
};

describe("a predictor that is", () => {
  test.each([
    ["created and forgotten", 1, 1],
    ["created and closed", 0, 1],
    ["created and held", 0, 0],
    ["opened and forgotten", 1, 1],
    ["opened and closed", 0, 1],
    ["opened, reloaded and forgotten", 1, 1],
    ["opened twice, and one forgotten", 1, 0],
  ])("%s is warned of %i times, and its model freed %i times", async (how, times, freed) => {
    const warnings = Array.from({ length: times }, () => warning);
    expect(await play(how)).toEqual({ warnings, freed, stderr: "" });
  });

  test("forgotten, without a hook of the application's, is a warning of Node's", async () => {
    const { warnings, freed, stderr } = await play("forgotten without a hook");
    expect([warnings, freed]).toEqual([[], 1]);
    expect(stderr).toContain(`[PREDICTOR_NOT_CLOSED] MlopsWarning: ${warning.message}`);
    expect(stderr.match(/MlopsWarning/g)).toHaveLength(1);
  });
});
