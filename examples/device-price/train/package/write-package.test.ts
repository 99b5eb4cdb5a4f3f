import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openModelPackage } from "@mlops/core";
import { afterAll, beforeAll, expect, test } from "vitest";

import { evaluate } from "../evaluation/evaluate.ts";
import { fitNetwork } from "../network/fit.ts";
import { openTensorFlow } from "../network/tensorflow.ts";
import { defaultSettings } from "../settings.ts";
import { syntheticDevices } from "../testing/synthetic-devices.ts";
import { compareFormats, formatTolerance } from "./compare-formats.ts";
import { describeInputs } from "./extra.ts";
import { modelCard } from "./model-card.ts";
import { writePackage } from "./write-package.ts";

let folder: string;

beforeAll(async () => {
  await openTensorFlow();
  folder = await mkdtemp(join(tmpdir(), "device-price-"));
});

afterAll(() => rm(folder, { recursive: true }));

const rows = syntheticDevices(200, 1);
const settings = { ...defaultSettings, epochs: 2 };

async function trainInto(target: string): Promise<void> {
  const evaluations = [
    await evaluate(rows, { settings, seed: 1 }),
    await evaluate(rows, { settings, seed: 2 }),
  ] as const;
  using fitted = await fitNetwork(rows, { settings, seed: 1 });
  const { model, vocabulary } = fitted;
  await writePackage(target, {
    model,
    version: "1.0.0",
    card: modelCard({
      dataRows: rows.length,
      dataSha256: "0".repeat(64),
      evaluations: [...evaluations],
      seed: 1,
      trainedOn: "2026-11-23",
    }),
    extra: describeInputs(rows, vocabulary),
  });
}

test("from rows to a package that runs in both formats, twice the same bytes", async () => {
  const [first, second] = [join(folder, "first"), join(folder, "second")];
  await trainInto(first);
  // What lay there before goes.
  await trainInto(second);
  await writeFile(join(second, "onnx", "old.onnx"), "");
  await trainInto(second);

  const modelPackage = await openModelPackage(first);
  expect(await compareFormats(modelPackage, { count: 500, seed: 3 })).toBeLessThanOrEqual(formatTolerance);

  const files = await readdir(first, { recursive: true, withFileTypes: true });
  const paths = files
    .filter((file) => file.isFile())
    .map((file) => join(file.parentPath, file.name).slice(first.length));
  expect(paths.toSorted()).toEqual([
    "/model.json",
    "/onnx/model.onnx",
    "/tfjs/model.json",
    "/tfjs/weights.bin",
  ]);
  expect(await readdir(join(second, "onnx"))).toEqual(["model.onnx"]);
  for (const path of paths)
    expect(await readFile(join(second, path)), path).toEqual(await readFile(join(first, path)));

  const json = await readFile(join(first, "model.json"), "utf8");
  expect(json.endsWith("}\n")).toBe(true);
  expect(json).not.toContain(tmpdir());
});

test("the card says what was measured on what", async () => {
  const target = join(folder, "card");
  await trainInto(target);
  const { card, manifest } = await openModelPackage(target);
  const { network, ridge, testRows } = await evaluate(rows, { settings, seed: 1 });
  const heldOut =
    `held-out 20 % of the rows (${testRows}), seed 1, by the same procedure fitted on the other 80 %; ` +
    "the published weights were then refitted on all rows";
  const r2 = (measuredOn: string, of?: string) =>
    card.metrics?.find((m) => m.name === "r2" && m.measuredOn === measuredOn && m.of === of)?.value;
  expect(r2(heldOut)).toBeCloseTo(network.r2, 4);
  expect(r2(heldOut, "ridge regression")).toBeCloseTo(ridge.r2, 4);
  expect(r2(`${heldOut}; newPriceEur missing`)).toBeLessThan(network.r2);
  expect(card.metrics?.filter((m) => m.name === "r2-mean").map((m) => m.measuredOn)).toEqual([
    "2 such splits, seeds 1 to 2",
    "2 such splits, seeds 1 to 2",
  ]);
  expect(card.training).toMatchObject({ seed: 1, trainedOn: "2026-11-23", data: { rows: 200 } });
  expect(manifest.extra).toMatchObject({ brands: ["Others", "Aleph", "Bet", "Gimel"] });
});
