import { spawnSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { openModelPackage } from "@mlops/core";
import { describe, expect, onTestFinished, test } from "vitest";

import type { DeviceRow } from "./data/device-row.ts";
import { numericFeatures } from "./data/numeric-features.ts";
import { syntheticDevices } from "./testing/synthetic-devices.ts";

const script = fileURLToPath(new URL("../train.ts", import.meta.url));

describe("the command line refuses", () => {
  test.each([
    { args: [], message: "--data is missing." },
    { args: ["--data", "x.csv", "--seed", "-1"], message: "--seed" },
    {
      args: ["--data", "x.csv", "--splits", "0"],
      message: '--splits is "0"; it has to be an integer from 1',
    },
    { args: ["--data", "x.csv", "--epoch", "3"], message: "--epoch" },
  ])("$args", ({ args, message }) => {
    const { status, stderr, stdout } = spawnSync(
      process.execPath,
      ["--conditions=@mlops/source", script, ...args],
      { encoding: "utf8" },
    );
    expect(stderr).toContain(message);
    expect(stderr).toContain("--evaluate-only");
    expect([status, stdout]).toEqual([2, ""]);
  });
});

describe("the command itself", { timeout: 120_000 }, () => {
  const run = async (csv: string) => {
    const folder = await mkdtemp(join(tmpdir(), "device-price-"));
    onTestFinished(() => rm(folder, { recursive: true }));
    const data = join(folder, "devices.csv");
    const out = join(folder, "model");
    await writeFile(data, csv);
    const options = ["--data", data, "--out", out];
    const result = spawnSync(process.execPath, ["--conditions=@mlops/source", script, ...options], {
      encoding: "utf8",
    });
    return { ...result, out };
  };

  test("makes a model package of a data file", async () => {
    const { status, stderr, stdout, out } = await run(toCsv(300, ifBigAndCheap));
    expect([status, stderr]).toEqual([0, ""]);
    expect(stdout).toContain("ridge regression");
    const modelPackage = await openModelPackage(out);
    expect(modelPackage.manifest.training?.data?.rows).toBe(300);
    for (const { path } of modelPackage.manifest.files) await modelPackage.file(path).read();
  });

  test("writes nothing that does not beat ridge regression", async () => {
    const { status, stderr, out } = await run(toCsv(60, ({ lnPrice }) => lnPrice));
    expect([status, stderr]).toEqual([
      1,
      "The network does not beat ridge regression, so it is not written.\n",
    ]);
    await expect(openModelPackage(out)).rejects.toThrow("no such file");
  });
});

/** A rule that no straight line follows. */
function ifBigAndCheap({ numeric }: DeviceRow): number {
  const isBig = (numeric.storageGb ?? 0) > 40;
  const isCheap = (numeric.newPriceEur ?? 0) < 150;
  return isBig === isCheap ? 5 : 3;
}

/** The columns of the data set, filled with devices that were never sold. */
function toCsv(count: number, lnPriceOf: (row: DeviceRow) => number): string {
  const columns = numericFeatures.map(({ column }) => column);
  const rows = syntheticDevices(count, 5).map((row) => [
    row.brand,
    row.os,
    ...numericFeatures.map(({ name, column }) => {
      const value = row.numeric[name];
      if (value === undefined) return "";
      if (column === "normalized_new_price") return Math.log(value);
      return name === "has4g" || name === "has5g" ? (value === 1 ? "yes" : "no") : value;
    }),
    lnPriceOf(row),
  ]);
  return [["device_brand", "os", ...columns, "normalized_used_price"], ...rows].join("\n");
}
