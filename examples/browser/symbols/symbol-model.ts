import { CodecError, defineModel, type Model, type ModelPackage, tensor } from "@mlops/core";
import { z } from "zod";

import { pictureSize, rasterise } from "./rasterise.ts";
import { type Drawing, isEmpty } from "./strokes.ts";

/** A symbol that a drawing may be. */
export interface SymbolGuess {
  /** The symbol itself, such as `∞`. */
  readonly character: string;
  /** Its name in Typst, such as `infinity`. */
  readonly name: string;
  /** How much of the model's belief it has, in [0, 1]; all symbols together have 1. */
  readonly probability: number;
}

/** How many guesses a drawing gets. */
const guessCount = 5;

const extraSchema = z.object({ characters: z.array(z.string()) });
const point = z.tuple([z.number(), z.number()]);
const drawingSchema: z.ZodType<Drawing> = z
  .array(z.array(point).max(10_000))
  .max(100)
  .refine((drawing) => !isEmpty(drawing), { error: "has no point; draw something" });

/**
 * The symbol model: a drawing in, the symbols that it may be out, the likeliest first.
 *
 * @param modelPackage - What `writeSymbolPackage` made of the npm package `detypify-service`.
 */
export function symbolModel(modelPackage: ModelPackage): Model<Drawing, readonly SymbolGuess[]> {
  const { characters } = extraSchema.parse(modelPackage.manifest.extra);
  const { labels = [], ...definition } = modelPackage.model("onnx");
  return defineModel({
    ...definition,
    labels,
    input: drawingSchema,
    encode: (drawing) => ({
      x: tensor("float32", rasterise(drawing), [1, 1, pictureSize, pictureSize]),
    }),
    decode({ linear }): readonly SymbolGuess[] {
      if (linear?.dtype !== "float32" || linear.data.length !== characters.length) {
        const problem = `there are no ${characters.length} float32 scores named linear`;
        throw new CodecError({ model: definition.name, stage: "decode", problem });
      }
      return softmax(linear.data)
        .map((probability, index) => ({
          character: characters[index]!,
          name: labels[index]!,
          probability,
        }))
        .toSorted((a, b) => b.probability - a.probability)
        .slice(0, guessCount);
    },
  });
}

function softmax(scores: Float32Array): number[] {
  const highest = scores.reduce((a, b) => Math.max(a, b));
  const weights = Array.from(scores, (score) => Math.exp(score - highest));
  const sum = weights.reduce((a, b) => a + b);
  return weights.map((weight) => weight / sum);
}
