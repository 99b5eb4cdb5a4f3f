import { execFile } from "node:child_process";
import { promisify } from "node:util";

import { expect, test } from "vitest";

// A process of its own: what a native library prints goes past everything that a test could hold.
test("loads and runs that fail, and one that does not, print nothing", async () => {
  const script = new URL("silence.fixtures.ts", import.meta.url);
  const { stdout, stderr } = await promisify(execFile)(
    process.execPath,
    ["--conditions=@mlops/source", script.pathname],
    { env: { ...process.env, NODE_OPTIONS: "" } },
  );
  expect(stderr).toBe("");
  expect(stdout.trim().split("\n")).toEqual([
    "MODEL_LOAD_FAILED",
    "MODEL_LOAD_FAILED",
    "MODEL_LOAD_FAILED",
    "NO_ERROR",
    "BACKEND_FAILED",
    "DTYPE_MISMATCH",
    "NO_ERROR",
  ]);
});
