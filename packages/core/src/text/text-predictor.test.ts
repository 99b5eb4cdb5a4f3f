import { expect, test } from "vitest";

import { tensor, type TensorMap } from "../tensor/tensor.ts";
import { fakeBackend } from "../testing/fake-backend.ts";
import type { FakeModel } from "../testing/fake-model.ts";
import { classification, embedding } from "./text-readers.ts";
import { textPredictor, type TextPredictorOptions } from "./text-predictor.ts";
import { textTensors } from "./text-tensors.ts";
import { tinyTokenizer } from "./tiny-tokenizer.fixtures.ts";

const shape = ["batch", "sequence"];

/** Gives for each token its number and that of all tokens of its text that count, and for padding nonsense. */
const model: FakeModel = {
  inputs: [
    { name: "input_ids", dtype: "int64", shape },
    { name: "attention_mask", dtype: "int64", shape },
  ],
  outputs: [
    { name: "hidden", dtype: "float32", shape: [...shape, 2] },
    { name: "logits", dtype: "float32", shape: ["batch", 2] },
  ],
  compute({ input_ids: ids, attention_mask: mask }: TensorMap) {
    const [texts, tokens] = ids!.shape as [number, number];
    const counts = Array.from({ length: texts }, (_, text) =>
      Number(
        (mask!.data as BigInt64Array).slice(text * tokens, (text + 1) * tokens).reduce((a, b) => a + b, 0n),
      ),
    );
    const hidden = [...(ids!.data as BigInt64Array)].flatMap((id, index) =>
      (mask!.data as BigInt64Array)[index] === 1n
        ? [Number(id), counts[Math.floor(index / tokens)]!]
        : [1e6, 1e6],
    );
    return {
      hidden: tensor("float32", hidden, [texts, tokens, 2]),
      logits: tensor(
        "float32",
        counts.flatMap((count) => [count, 4]),
        [texts, 2],
      ),
    };
  },
};

const base = { name: "tiny", version: "1", artifact: "tiny", tokenizer: tinyTokenizer(), maxTokens: 6 };
const texts = ["a fox", "a quick brown fox", "a quick brown fox jumps over a dog", "dog"];

test("texts of different length share a run, and each has what it has alone", async () => {
  const backend = fakeBackend({ model });
  const options = { ...base, backend, read: embedding({ normalize: false, output: "hidden" }) };
  await using alone = await textPredictor({ ...options, batching: false });
  await using together = await textPredictor({ ...options, padId: 9 });
  const expected = [];
  for (const text of texts) expected.push(await alone.predict(text));
  expect(expected.map(({ tokens, cutTokens }) => [tokens, cutTokens])).toEqual([
    [4, 0],
    [6, 0],
    [6, 4],
    [3, 0],
  ]);
  expect(expected[0]!.vector).toEqual(Float32Array.of((2 + 4 + 7 + 3) / 4, 4));
  backend.hold({ until: 1 });
  const answers = together.predictMany(["a", ...texts]);
  await backend.untilRuns(7);
  backend.letGo();
  expect((await answers).slice(1)).toEqual(expected);
  const widest = backend.runs.findLast(({ inputs }) => inputs["input_ids"]!.shape[0]! > 1)!;
  expect([...(widest.inputs["input_ids"]!.data as BigInt64Array)]).toContain(9n);
});

test("a classifier tells its labels", async () => {
  const read = classification({ labels: ["long", "short"], output: "logits" });
  await using predictor = await textPredictor({ ...base, backend: fakeBackend({ model }), read });
  expect(predictor.info.labels).toEqual(["long", "short"]);
  expect(await predictor.predict("a quick brown fox")).toMatchObject({
    label: "long",
    tokens: 6,
    cutTokens: 0,
  });
  expect(await predictor.predict("dog")).toMatchObject({ label: "short" });
});

test("what is no text is refused, and what is too long where that is declared", async () => {
  const options = { ...base, backend: fakeBackend({ model }), read: embedding(), tooLong: "refuse" as const };
  await using predictor = await textPredictor(options);
  // @ts-expect-error - a text is a string
  await expect(predictor.predict(3)).rejects.toMatchObject({
    code: "INVALID_INPUT",
    issues: [{ message: "is number, but has to be a string" }],
  });
  await expect(predictor.predict(texts[2]!)).rejects.toMatchObject({ code: "INVALID_INPUT" });
});

test.each([
  ["an input", { inputs: { types: "token_type_ids" } }],
  ["an output", { read: embedding({ output: "pooled" }) }],
  ["the number of labels", { read: classification({ labels: ["a"], output: "logits" }) }],
])("%s that does not fit is found when the model is loaded", async (_, options) => {
  const all = { ...base, backend: fakeBackend({ model }), read: embedding(), ...options };
  await expect(textPredictor(all as TextPredictorOptions<unknown>)).rejects.toMatchObject({
    code: "MODEL_LOAD_FAILED",
  });
});

test.each([
  [() => embedding({ pooling: "cls" as "first" }), "pooling"],
  [() => classification({ labels: [] }), "labels"],
  [() => classification({ labels: ["a", "a"] }), "labels"],
  [() => classification({ labels: ["a"], activation: "tanh" as "none" }), "activation"],
])("refuses %s", (make, option) => {
  let refusal: unknown;
  try {
    make();
  } catch (error) {
    refusal = error;
  }
  expect(refusal).toMatchObject({ code: "INVALID_OPTIONS", option });
});

test("several texts are padded to the longest, in either element type", () => {
  const encoded = [
    { ids: [2, 4, 3], typeIds: [0, 0, 0], cutTokens: 0 },
    { ids: [2], typeIds: [1], cutTokens: 0 },
  ];
  expect(textTensors(encoded, { ids: "a", mask: "b", types: "c" }, { padId: 9, dtype: "int32" })).toEqual({
    a: tensor("int32", [2, 4, 3, 2, 9, 9], [2, 3]),
    b: tensor("int32", [1, 1, 1, 1, 0, 0], [2, 3]),
    c: tensor("int32", [0, 0, 0, 1, 0, 0], [2, 3]),
  });
  expect(textTensors(encoded)["input_ids"]).toEqual(tensor("int64", [2n, 4n, 3n, 2n, 0n, 0n], [2, 3]));
});
