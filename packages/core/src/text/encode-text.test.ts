import { expect, test } from "vitest";

import { createTextEncoder } from "./encode-text.ts";
import { tinyTokenizer } from "./tiny-tokenizer.fixtures.ts";

const text = "A quick brown fox jumps";

test("a text that fits is the tokenizer's own", () => {
  const encode = createTextEncoder({ tokenizer: tinyTokenizer(), maxTokens: 7 });
  expect(encode(text)).toEqual({ ids: [2, 4, 5, 6, 7, 8, 3], typeIds: [0, 0, 0, 0, 0, 0, 0], cutTokens: 0 });
  expect(encode("")).toEqual({ ids: [2, 3], typeIds: [0, 0], cutTokens: 0 });
});

test.each([
  ["bert", "cut-end", [2, 4, 5, 3], 3],
  ["bert", "cut-start", [2, 7, 8, 3], 3],
  ["end", "cut-end", [4, 5, 6, 3], 2],
  ["end", "cut-start", [6, 7, 8, 3], 2],
  ["none", "cut-end", [4, 5, 6, 7], 1],
  ["none", "cut-start", [5, 6, 7, 8], 1],
] as const)("of %s a long text is %s, its special tokens kept", (special, tooLong, ids, cutTokens) => {
  const encode = createTextEncoder({ tokenizer: tinyTokenizer(special), maxTokens: 4, tooLong });
  expect(encode(text)).toEqual({ ids, typeIds: [0, 0, 0, 0], cutTokens });
});

test("a special token that a text spells is no other than that", () => {
  const encode = createTextEncoder({ tokenizer: tinyTokenizer(), maxTokens: 4 });
  expect(encode("[SEP] a fox")).toEqual({ ids: [2, 3, 4, 3], typeIds: [0, 0, 0, 0], cutTokens: 1 });
});

test("texts that cannot be taken are refused", () => {
  const encode = createTextEncoder({ tokenizer: tinyTokenizer("none"), maxTokens: 2, tooLong: "refuse" });
  const refusal = (given: string): unknown => {
    try {
      return encode(given);
    } catch (error) {
      return error;
    }
  };
  expect(refusal(text)).toMatchObject({
    code: "INVALID_INPUT",
    issues: [{ message: "has 5 tokens, but the model takes at most 2" }],
  });
  expect(refusal("")).toMatchObject({ issues: [{ message: "has no token that the model knows" }] });
});

test.each([
  [{ maxTokens: 2 }, "maxTokens"],
  [{ maxTokens: 4.5 }, "maxTokens"],
  [{ tooLong: "cut" as "refuse" }, "tooLong"],
  [{ tokenizer: {} as ReturnType<typeof tinyTokenizer> }, "tokenizer"],
])("refuses %o", (options, option) => {
  let refusal: unknown;
  try {
    createTextEncoder({ tokenizer: tinyTokenizer(), maxTokens: 4, ...options });
  } catch (error) {
    refusal = error;
  }
  expect(refusal).toMatchObject({ code: "INVALID_OPTIONS", option });
});
