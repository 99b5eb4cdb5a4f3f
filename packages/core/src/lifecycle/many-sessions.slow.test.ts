import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, test } from "vitest";

import type { SessionsReport } from "./many-sessions.fixtures.ts";

const program = new URL("many-sessions.fixtures.ts", import.meta.url);

test.each(["inline", "worker", "auto", "process"])(
  "50 sessions of a model of 10 MB, loaded and closed by execution %s, leave less than 50 MB",
  async (execution) => {
    const parameters = ["--conditions=@mlops/source", program.pathname, execution, "50", "close"];
    const { stdout } = await promisify(execFile)(process.execPath, parameters, {
      env: { ...process.env, NODE_OPTIONS: "" },
    });
    expect((JSON.parse(stdout) as SessionsReport).grownBytes).toBeLessThan(50_000_000);
  },
);
