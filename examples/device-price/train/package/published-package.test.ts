import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { onnx } from "@mlops/backend-onnx";
import { openModelPackage } from "@mlops/core";
import { describe, expect, test } from "vitest";

import { encodeRows } from "../data/encode-rows.ts";
import { missingValue, numericFeatures } from "../data/numeric-features.ts";
import { compareFormats, formatTolerance } from "./compare-formats.ts";
import { extraSchema } from "./extra.ts";
import { runFormat } from "./run-format.ts";
import { signature } from "./signature.ts";

const folder = fileURLToPath(new URL("../../model/", import.meta.url));
const modelPackage = await openModelPackage(folder);
const { manifest, card } = modelPackage;
const extra = extraSchema.parse(manifest.extra);

describe("ONNX and TensorFlow.js agree on random devices", () => {
  test.each(["wasm", "cpu"] as const)("on the engine %s", async (device) => {
    const difference = await compareFormats(modelPackage, { count: 4000, seed: 42, device });
    expect(difference).toBeLessThanOrEqual(formatTolerance);
  });
});

test("the manifest lists every file with its size and hash", async () => {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const found = entries
    .filter((entry) => entry.isFile())
    .map((entry) => `${entry.parentPath}/${entry.name}`.replaceAll("\\", "/").replace(/\/+/g, "/"));
  expect(found.map((path) => path.slice(folder.length)).toSorted()).toEqual(
    ["model.json", ...manifest.files.map(({ path }) => path)].toSorted(),
  );
  for (const { path, sizeBytes, sha256 } of manifest.files) {
    const bytes = await readFile(`${folder}${path}`);
    expect(bytes.length, path).toBe(sizeBytes);
    expect(createHash("sha256").update(bytes).digest("hex"), path).toBe(sha256);
  }
});

test("a format is no larger than 300 kB", () => {
  for (const format of ["onnx/", "tfjs/"]) {
    const files = manifest.files.filter(({ path }) => path.startsWith(format));
    expect(
      files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
      format,
    ).toBeLessThan(300_000);
  }
});

test("the network beats ridge regression, and both beat the mean", () => {
  const figure = (name: string, of?: string): number => {
    const metric = card.metrics?.find((m) => m.name === name && m.of === of);
    if (metric === undefined) throw new Error(`The card has no ${name}.`);
    return metric.value;
  };
  expect(figure("r2")).toBeGreaterThan(figure("r2", "ridge regression"));
  expect(figure("r2-mean")).toBeGreaterThan(figure("r2-mean", "ridge regression"));
  expect(figure("r2", "ridge regression")).toBeGreaterThan(0.8);
  for (const error of ["mean-absolute-error", "median-relative-price-error"]) {
    expect(figure(error)).toBeLessThan(figure(error, "ridge regression"));
    expect(figure(error, "ridge regression")).toBeLessThan(figure(error, "mean of the training rows"));
  }
});

test("the card names the data and how to make the model again", () => {
  expect(card.training).toMatchObject({
    data: { name: "Used Phones & Tablets Pricing", rows: 2793 },
    script: "examples/device-price/train.ts",
    seed: 1,
  });
  expect(card.training?.data?.sha256).toMatch(/^[0-9a-f]{64}$/);
  expect(card.license).toBe("Apache-2.0");
  for (const text of [card.description, card.intendedUse, card.limitations]) expect(text).toBeTruthy();
});

test("the saved layers are those that every loader knows", async () => {
  const bytes = await modelPackage.file("tfjs/model.json").read();
  const { modelTopology } = JSON.parse(new TextDecoder().decode(bytes)) as {
    modelTopology: { config: { layers: { class_name: string }[] } };
  };
  const names = modelTopology.config.layers.map((layer) => layer.class_name);
  expect([...new Set(names)].toSorted()).toEqual([
    "Add",
    "Average",
    "Concatenate",
    "Dense",
    "Embedding",
    "Flatten",
    "InputLayer",
    "ReLU",
  ]);
});

test("the inputs are described in the order of the tensor", () => {
  expect(manifest.signature).toEqual(signature);
  expect(extra.numericFeatures.map(({ name, unit }) => [name, unit])).toEqual(
    numericFeatures.map(({ name, unit }) => [name, unit]),
  );
  for (const { min, max } of extra.numericFeatures) expect(min).toBeLessThan(max);
  expect(extra.brands).toHaveLength(34);
  expect([extra.brands[0], extra.operatingSystems[0]]).toEqual(["Others", "unknown"]);
});

describe("prices make sense", () => {
  const phone = {
    newPriceEur: 300,
    releaseYear: 2018,
    daysUsed: 500,
    ramGb: 4,
    storageGb: 64,
    screenCm: 14,
    rearCameraMp: 13,
    frontCameraMp: 8,
    batteryMah: 3200,
    weightGrams: 160,
    has4g: 1,
    has5g: 0,
  };
  const priceOf = async (
    ...changes: readonly Partial<Record<keyof typeof phone, number>>[]
  ): Promise<number[]> => {
    const rows = changes.map((change) => ({
      brand: "Samsung",
      os: "Android",
      numeric: { ...phone, ...change },
    }));
    const prices = await runFormat(modelPackage.model("onnx").artifact, onnx(), encodeRows(rows, extra));
    return Array.from(prices, Math.exp);
  };

  test("a phone of 300 euros is worth less than that, and more than a tenth of it", async () => {
    const [price] = await priceOf({});
    expect(price).toBeGreaterThan(30);
    expect(price).toBeLessThan(300);
  });

  test("a dearer one is worth more", async () => {
    const prices = await priceOf({ newPriceEur: 100 }, {}, { newPriceEur: 900 });
    expect(prices.toSorted((a, b) => a - b)).toEqual(prices);
  });

  test.each(numericFeatures)("a $name beyond the training range counts as its end", async ({ name }) => {
    const { min, max } = extra.numericFeatures.find((feature) => feature.name === name)!;
    const [low, lower, high, higher] = await priceOf(
      { [name]: min },
      { [name]: min / 2 },
      { [name]: max },
      { [name]: 2 * max },
    );
    // To a cent or two: the bins of memory begin at 0, just below the least that a device has.
    expect(lower).toBeCloseTo(low!, 1);
    expect(higher).toBeCloseTo(high!, 1);
  });

  test("every number up to −0.001 is a missing value", async () => {
    const [missing, ...others] = await priceOf(
      { newPriceEur: missingValue },
      { newPriceEur: -0.001 },
      { newPriceEur: -500 },
    );
    for (const other of others) expect(other).toBeCloseTo(missing!, 4);
  });

  test("with nothing known it is a finite price in the range of the data", async () => {
    const nothing = Object.fromEntries(Object.keys(phone).map((name) => [name, missingValue]));
    const [price] = await priceOf(nothing);
    expect(price).toBeGreaterThan(5);
    expect(price).toBeLessThan(750);
  });
});
