import { InvalidInputError } from "../errors/invalid-input-error.ts";
import { InvalidOptionsError } from "../errors/invalid-options-error.ts";
import type { TextTokenizer } from "./tokenizer.ts";

/** Options of {@link createTextEncoder}. */
export interface TextEncoderOptions {
  /** Such as `new Tokenizer(tokenizerJson, tokenizerConfig)` of `@huggingface/tokenizers`. */
  readonly tokenizer: TextTokenizer;
  /**
   * The most tokens that the model takes, with the special ones, such as 512 for BERT: the
   * `model_max_length` of its `tokenizer_config.json`, or what it was trained with.
   */
  readonly maxTokens: number;
  /**
   * What happens to a longer text. `cut-end` and `cut-start` leave tokens out there, and keep the
   * special ones; `refuse` fails it with `INVALID_INPUT`. Default `cut-end`.
   */
  readonly tooLong?: "cut-end" | "cut-start" | "refuse" | undefined;
}

/** A text as the model takes it. */
export interface EncodedText {
  /** The tokens' numbers, at most `maxTokens`. */
  readonly ids: readonly number[];
  /** The part that each token belongs to: 0 everywhere for a single text. */
  readonly typeIds: readonly number[];
  /** How many tokens of the text were left out, as they were too many. */
  readonly cutTokens: number;
}

/**
 * Makes what turns texts into tokens, with the special tokens that the model was trained with.
 *
 * @throws InvalidOptionsError `INVALID_OPTIONS` when `maxTokens` is too small for a token beside the
 *   special ones, or an option is of another kind. What it makes throws InvalidInputError
 *   `INVALID_INPUT` for a text without any token, and for one that is too long where those are refused.
 *
 * @example
 * ```ts
 * const encode = createTextEncoder({ tokenizer, maxTokens: 512 });
 * const { ids, cutTokens } = encode("A long text");
 * ```
 */
export function createTextEncoder({
  tokenizer,
  maxTokens,
  tooLong = "cut-end",
}: TextEncoderOptions): (text: string) => EncodedText {
  if (typeof tokenizer?.encode !== "function") {
    const problem = "has no encode(); pass a `new Tokenizer(json, config)` of @huggingface/tokenizers";
    throw new InvalidOptionsError({ option: "tokenizer", problem });
  }
  if (tooLong !== "cut-end" && tooLong !== "cut-start" && tooLong !== "refuse") {
    const problem = `is ${JSON.stringify(tooLong)}; it has to be "cut-end", "cut-start" or "refuse"`;
    throw new InvalidOptionsError({ option: "tooLong", problem });
  }
  const special = findSpecialTokens(tokenizer);
  const specialCount = special.before + special.after;
  if (!Number.isInteger(maxTokens) || maxTokens <= specialCount) {
    const problem = `is ${String(maxTokens)}; it has to be a whole number above ${specialCount}, the special tokens of each text`;
    throw new InvalidOptionsError({ option: "maxTokens", problem });
  }
  return (text) => {
    const { ids, token_type_ids: typeIds = ids.map(() => 0) } = tokenizer.encode(text, {
      return_token_type_ids: true,
    });
    if (ids.length === 0) {
      throw new InvalidInputError({ issues: [{ path: [], message: "has no token that the model knows" }] });
    }
    const cutTokens = Math.max(ids.length - maxTokens, 0);
    if (cutTokens === 0) return { ids, typeIds, cutTokens };
    if (tooLong === "refuse") {
      const message = `has ${ids.length} tokens, but the model takes at most ${maxTokens}`;
      throw new InvalidInputError({ issues: [{ path: [], message }] });
    }
    const start = tooLong === "cut-start" ? special.before : ids.length - special.after - cutTokens;
    const cut = (list: readonly number[]): number[] => [
      ...list.slice(0, start),
      ...list.slice(start + cutTokens),
    ];
    return { ids: cut(ids), typeIds: cut(typeIds), cutTokens };
  };
}

/** How many special tokens a tokenizer puts before a text and after it. */
function findSpecialTokens(tokenizer: TextTokenizer): { readonly before: number; readonly after: number } {
  const text = "a";
  const { ids: bare } = tokenizer.encode(text, { add_special_tokens: false });
  const { ids: whole } = tokenizer.encode(text);
  const count = whole.length - bare.length;
  for (let before = 0; before <= count; before += 1) {
    if (bare.every((id, index) => whole[before + index] === id)) return { before, after: count - before };
  }
  throw new InvalidOptionsError({
    option: "tokenizer",
    problem: "gives other tokens for a text with special tokens than without, so that none can be cut",
  });
}
