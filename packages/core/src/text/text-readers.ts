import { InvalidOptionsError } from "../errors/invalid-options-error.ts";
import { TensorNameError } from "../errors/tensor-name-error.ts";
import type { Tensor, TensorMap } from "../tensor/tensor.ts";
import { type Activation, type Classification, classify } from "./classify.ts";
import type { EncodedText } from "./encode-text.ts";
import { normalize, pool, type Pooling } from "./pool.ts";
import { toNumbers } from "./to-numbers.ts";

/** Makes the answer for one text of the model's outputs, of which the padding has been cut off. */
export interface TextReader<Output> {
  (outputs: TensorMap, text: EncodedText): Output;
  /** The names of the classes, for `info.labels`. */
  readonly labels?: readonly string[] | undefined;
}

/** How long a text was, for the model. */
export interface TextLength {
  /** How many tokens the model was given. */
  readonly tokens: number;
  /** How many more the text had, which were left out. */
  readonly cutTokens: number;
}

/** A text as a vector. */
export interface Embedding extends TextLength {
  readonly vector: Float32Array<ArrayBuffer>;
}

/** Options of {@link embedding}. */
export interface EmbeddingOptions {
  /** How the tokens' vectors become one. Default `mean`. An output `[texts, size]` is one already. */
  readonly pooling?: Pooling | undefined;
  /** Whether the vector is made one of length 1, so that a product of two is their cosine. Default true. */
  readonly normalize?: boolean | undefined;
  /** The name of the output. Default the first. */
  readonly output?: string | undefined;
}

/** Reads a model that gives vectors, of each token or of the text. */
export function embedding(options: EmbeddingOptions = {}): TextReader<Embedding> {
  const { pooling = "mean", normalize: isNormalized = true, output } = options;
  if (!["mean", "max", "first", "last"].includes(pooling)) {
    const problem = `is ${JSON.stringify(pooling)}; it has to be "mean", "max", "first" or "last"`;
    throw new InvalidOptionsError({ option: "pooling", problem });
  }
  return (outputs, text) => {
    const hidden = outputOf(outputs, output);
    const [pooled] =
      hidden.shape.length === 2 ? [Float32Array.from(toNumbers(hidden))] : pool(hidden, pooling);
    // One text has been asked for.
    return { vector: isNormalized ? normalize(pooled!) : pooled!, ...lengthOf(text) };
  };
}

/** What a classifier says of a text, and how much of it it has read. */
export interface TextClassification extends Classification, TextLength {}

/** Options of {@link classification}. */
export interface ClassificationOptions {
  /** The names of the classes, by output index: the model's `id2label`. */
  readonly labels: readonly string[];
  /** Default `softmax`. */
  readonly activation?: Activation | undefined;
  /** The name of the output. Default the first. */
  readonly output?: string | undefined;
}

/** Reads a model that gives one number for each class. */
export function classification(options: ClassificationOptions): TextReader<TextClassification> {
  const { activation = "softmax", output } = options;
  const labels = Object.freeze([...(options.labels ?? [])]);
  if (labels.length === 0 || new Set(labels).size !== labels.length) {
    const problem = "has to name every class, each once, in the order of the model's outputs";
    throw new InvalidOptionsError({ option: "labels", problem });
  }
  if (!["softmax", "sigmoid", "none"].includes(activation)) {
    const problem = `is ${JSON.stringify(activation)}; it has to be "softmax", "sigmoid" or "none"`;
    throw new InvalidOptionsError({ option: "activation", problem });
  }
  const read = (outputs: TensorMap, text: EncodedText): TextClassification => ({
    ...classify(toNumbers(outputOf(outputs, output)), labels, activation),
    ...lengthOf(text),
  });
  return Object.assign(read, { labels });
}

function outputOf(outputs: TensorMap, name: string | undefined): Tensor {
  const names = Object.keys(outputs);
  const wanted = name ?? names[0];
  const found = wanted === undefined ? undefined : outputs[wanted];
  if (found !== undefined) return found;
  throw new TensorNameError({ missing: [name ?? "any output"], unexpected: [], expected: names });
}

function lengthOf({ ids, cutTokens }: EncodedText): TextLength {
  return { tokens: ids.length, cutTokens };
}
