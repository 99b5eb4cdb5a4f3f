import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { onnx } from "@mlops/backend-onnx";
import { createPredictor, openModelPackage, type Predictor } from "@mlops/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { pictureSize, rasterise } from "./rasterise.ts";
import { samples } from "./samples.ts";
import type { Drawing } from "./strokes.ts";
import { type SymbolGuess, symbolModel } from "./symbol-model.ts";
import { writeSymbolPackage } from "./symbol-package.ts";

let folder: string;
let predictor: Predictor<Drawing, readonly SymbolGuess[]>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "symbols-"));
  await writeSymbolPackage(folder);
  predictor = await createPredictor({ model: symbolModel(await openModelPackage(folder)), backend: onnx() });
});

afterAll(async () => {
  await predictor.close();
  await rm(folder, { recursive: true });
});

describe("the symbol model", () => {
  it.each(samples)("recognises the sample $name", async ({ drawing, character }) => {
    const [best] = await predictor.predict(drawing);
    expect(best?.character).toBe(character);
  });

  it("takes a drawing of any size at any place", async () => {
    const { drawing } = samples[0]!;
    const moved = drawing.map((stroke) => stroke.map(([x, y]) => [x * 64 + 100, y * 64 - 30] as const));
    expect(rasterise(moved)).toEqual(rasterise(drawing));
  });

  it("refuses an empty drawing", async () => {
    await expect(predictor.predict([[]])).rejects.toThrow("draw something");
  });
});

describe("the picture", () => {
  it("has white lines, 8 pixels wide, with a margin, on black", () => {
    const picture = rasterise([
      [
        [0, 0],
        [1, 0],
      ],
    ]);
    const middle = pictureSize / 2;
    const column = Array.from({ length: pictureSize }, (_, row) => picture[row * pictureSize + middle]!);
    expect(column.reduce((a, b) => a + b)).toBe(8);
    const row = Array.from({ length: pictureSize }, (_, x) => picture[middle * pictureSize + x]!);
    // From 10 to 214, and half a width beyond at both ends.
    expect(row.reduce((a, b) => a + b)).toBeCloseTo(204 + 8, 0);
  });

  it("shows a single point", () => {
    expect(Math.max(...rasterise([[[3, 3]]]))).toBe(1);
  });
});
