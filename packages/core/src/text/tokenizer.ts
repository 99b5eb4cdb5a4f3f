/**
 * The part of a tokenizer that is called here: that of `@huggingface/tokenizers`' `Tokenizer`. Typed
 * by this subset, core needs the package neither to compile nor to run.
 */
export interface TextTokenizer {
  encode(
    text: string,
    options?: { readonly add_special_tokens?: boolean; readonly return_token_type_ids?: boolean | null },
  ): TokenizedText;
}

/** What a {@link TextTokenizer} makes of a text. */
export interface TokenizedText {
  readonly ids: readonly number[];
  readonly token_type_ids?: readonly number[];
}
