import { expectTypeOf, test } from "vitest";

import type { Backend } from "../backend/backend.ts";
import type { Predictor } from "../predictor/predictor.ts";
import {
  classification,
  type Embedding,
  embedding,
  type TextClassification,
  textPredictor,
  type TextTokenizer,
} from "./index.ts";
import { tinyTokenizer } from "./tiny-tokenizer.fixtures.ts";

const tokenizer = tinyTokenizer();
declare const backend: Backend;
const base = { name: "text", version: "1", artifact: "text.onnx", backend, tokenizer, maxTokens: 8 };

test("what is read is what predict gives", () => {
  expectTypeOf(textPredictor({ ...base, read: embedding() })).resolves.toExtend<
    Predictor<string, Embedding>
  >();
  expectTypeOf(textPredictor({ ...base, read: classification({ labels: ["a"] }) })).resolves.toExtend<
    Predictor<string, TextClassification>
  >();
  const read = (outputs: object, { cutTokens }: { cutTokens: number }): number =>
    Object.keys(outputs).length + cutTokens;
  expectTypeOf(textPredictor({ ...base, read })).resolves.toExtend<Predictor<string, number>>();
});

test("the tokenizer of @huggingface/tokenizers is one", () => {
  expectTypeOf(tokenizer).toExtend<TextTokenizer>();
});

test("a limit has to be given", () => {
  const { maxTokens: _, ...unlimited } = base;
  type Options = Parameters<typeof textPredictor<Embedding>>[0];
  expectTypeOf({ ...base, read: embedding() }).toExtend<Options>();
  expectTypeOf({ ...unlimited, read: embedding() }).not.toExtend<Options>();
});
