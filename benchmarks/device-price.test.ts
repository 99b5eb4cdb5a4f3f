import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";

import { describe, expect, test } from "vitest";

import { temporaryFolder } from "../scripts/test/temporary-folder.ts";
import type { Row } from "./lib/row.ts";
import { findPython, servingPeers } from "./peers/python.ts";

const timeout = 180_000;
const loads = ["100 requests", "1 at once", "16 at once", "64 at once"];
// CI gets Flask from pip where it can; elsewhere nothing is installed behind anybody's back.
const python = await findPython({
  needs: servingPeers,
  install: process.env["CI"] === "true",
  progress: () => {},
});
const skip = python.available ? {} : { skip: true, meta: { skipReason: python.reason } };

describe("pnpm bench, alone", () => {
  test("measures our server, and judges nothing that needs a peer", { timeout }, async () => {
    const { rows, stdout, stderr } = await runQuickly("--no-peers");
    expect(stderr).toContain("Flask is not measured: ");
    for (const load of loads) {
      expect(stdout).toContain(load);
      const mean = rowOf(rows, `${load}, mean, @mlops/server`);
      expect(mean).toMatchObject({ against: "Flask", ratio: null, goal: "<= 0.5", holds: null });
      expect(rowOf(rows, `${load}, error rate, @mlops/server`)).toMatchObject({ value: 0, holds: true });
    }
  });
});

describe("pnpm bench, with Flask", skip, () => {
  test("has every figure of both servers, and judges every goal", { timeout }, async () => {
    const { rows, stdout } = await runQuickly("--no-install");
    for (const row of rows) {
      expect(Object.keys(row)).toEqual([
        "name",
        "value",
        "unit",
        "against",
        "ratio",
        "ratioRange",
        "goal",
        "holds",
      ]);
      expect(row.value).toBeGreaterThanOrEqual(0);
      expect(typeof row.holds).toBe(row.goal === null ? "object" : "boolean");
    }
    const errorRates = rows.filter(({ name }) => name.includes("error rate"));
    expect(errorRates.map(({ value }) => value)).toEqual(errorRates.map(() => 0));
    for (const { name } of rows.filter(({ goal }) => goal !== null)) expect(stdout).toContain(name);
    for (const load of loads) {
      for (const figure of ["mean", "p50", "p95", "p99", "max", "requests/s"]) {
        const { value, ratio } = rowOf(rows, `${load}, ${figure}, @mlops/server`);
        // Of a single round, the median of the ratios is the ratio of the medians.
        expect(ratio).toBeCloseTo(value / rowOf(rows, `${load}, ${figure}, Flask`).value, 9);
      }
    }
    expect(rowOf(rows, "cold start, @mlops/server").ratio).toBeGreaterThan(0);
  });
});

/** The whole benchmark in small. */
async function runQuickly(...options: string[]): Promise<{ rows: Row[]; stdout: string; stderr: string }> {
  const json = join(temporaryFolder(), "rows.json");
  const script = join(import.meta.dirname, "device-price.ts");
  const command = ["--conditions=@mlops/source", script, "--quick", "--json", json, ...options];
  const { stdout, stderr } = await promisify(execFile)(process.execPath, command);
  return { rows: JSON.parse(readFileSync(json, "utf8")) as Row[], stdout, stderr };
}

function rowOf(rows: readonly Row[], name: string): Row {
  const [row, ...others] = rows.filter((candidate) => candidate.name === name);
  expect([name, row !== undefined, others.length]).toEqual([name, true, 0]);
  return row!;
}
