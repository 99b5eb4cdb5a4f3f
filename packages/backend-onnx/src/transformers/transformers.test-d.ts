import type { pipeline } from "@huggingface/transformers";
import { expectTypeOf, test } from "vitest";

import { type TransformersPipeline, type TransformersPredictor, transformersPredictor } from "./index.ts";

declare const anyPipeline: TransformersPipeline;
const named = { name: "any", version: "1" };

test("every task's pipeline of transformers.js is one", () => {
  type Of<Task extends Parameters<typeof pipeline>[0]> = Awaited<ReturnType<typeof pipeline<Task>>>;
  expectTypeOf<Of<"feature-extraction">>().toExtend<TransformersPipeline>();
  expectTypeOf<Of<"text-classification">>().toExtend<TransformersPipeline>();
  expectTypeOf<Of<"image-classification">>().toExtend<TransformersPipeline>();
  expectTypeOf<Of<"automatic-speech-recognition">>().toExtend<TransformersPipeline>();
});

test("an answer is unknown until it is decoded", () => {
  expectTypeOf(transformersPredictor(anyPipeline, named)).resolves.toEqualTypeOf<
    TransformersPredictor<string, unknown>
  >();
  const decode = (_result: unknown, input: URL): number => input.href.length;
  expectTypeOf(transformersPredictor(anyPipeline, { ...named, decode })).resolves.toEqualTypeOf<
    TransformersPredictor<URL, number>
  >();
});
