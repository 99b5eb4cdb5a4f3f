// Makes the model of the README's section on text, and its tokenizer: a dozen words, each with a weight
// for "content" and "angry". Run with `node --conditions=@mlops/source make-mood.fixtures.ts`.

import { writeFileSync } from "node:fs";
import { buildModel, elementTypeCodes, int, node } from "@mlops/onnx-builder";

const special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"];
const weights: Readonly<Record<string, readonly [number, number]>> = {
  thanks: [2, -1],
  great: [3, -2],
  works: [1, 0],
  again: [0, 0],
  the: [0, 0],
  screen: [0, 0],
  battery: [0, 0],
  is: [0, 0],
  and: [0, 0],
  broken: [-2, 3],
  dead: [-2, 2],
  not: [-1, 1],
};
const words = [...special, ...Object.keys(weights)];

const model = buildModel({
  name: "mood",
  inputs: ["input_ids", "attention_mask"].map((name) => ({
    name,
    dtype: "int64",
    shape: ["batch", "sequence"],
  })),
  outputs: [{ name: "logits", dtype: "float32", shape: ["batch", 2] }],
  initializers: {
    table: {
      dtype: "float32",
      shape: [words.length, 2],
      data: Float32Array.from(words.flatMap((word) => weights[word] ?? [0, 0])),
    },
    axis_1: { dtype: "int64", shape: [1], data: BigInt64Array.of(1n) },
    axis_2: { dtype: "int64", shape: [1], data: BigInt64Array.of(2n) },
  },
  nodes: [
    node("Gather", ["table", "input_ids"], ["scored"]),
    node("Cast", ["attention_mask"], ["counts"], { to: int(elementTypeCodes.float32) }),
    node("Unsqueeze", ["counts", "axis_2"], ["column"]),
    node("Mul", ["scored", "column"], ["kept"]),
    node("ReduceSum", ["kept", "axis_1"], ["logits"], { keepdims: int(0) }),
  ],
});

const piece = (id: string): object => ({ SpecialToken: { id, type_id: 0 } });
const sequence = { Sequence: { id: "A", type_id: 0 } };
const tokenizer = {
  version: "1.0",
  added_tokens: special.map((content, id) => ({ id, content, special: true, normalized: false })),
  normalizer: { type: "BertNormalizer", clean_text: true, handle_chinese_chars: true, lowercase: true },
  pre_tokenizer: { type: "BertPreTokenizer" },
  post_processor: {
    type: "TemplateProcessing",
    single: [piece("[CLS]"), sequence, piece("[SEP]")],
    pair: [piece("[CLS]"), sequence, piece("[SEP]")],
    special_tokens: {
      "[CLS]": { id: "[CLS]", ids: [2], tokens: ["[CLS]"] },
      "[SEP]": { id: "[SEP]", ids: [3], tokens: ["[SEP]"] },
    },
  },
  decoder: { type: "WordPiece", prefix: "##", cleanup: true },
  model: {
    type: "WordPiece",
    unk_token: "[UNK]",
    continuing_subword_prefix: "##",
    max_input_chars_per_word: 100,
    vocab: Object.fromEntries(words.map((word, id) => [word, id])),
  },
};

writeFileSync(new URL("mood.onnx", import.meta.url), model);
writeFileSync(
  new URL("mood-tokenizer.json", import.meta.url),
  `${JSON.stringify(tokenizer, undefined, 2)}\n`,
);
