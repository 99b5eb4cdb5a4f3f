import { Tokenizer } from "@huggingface/tokenizers";

const words = [
  "[PAD]",
  "[UNK]",
  "[CLS]",
  "[SEP]",
  "a",
  "quick",
  "brown",
  "fox",
  "jumps",
  "over",
  "##s",
  "dog",
];

/** BERT's tokenizer in small, with a dozen words: `[PAD]` is 0, `[CLS]` is 2 and `[SEP]` is 3. */
export function tinyTokenizer(special: "bert" | "end" | "none" = "bert"): Tokenizer {
  const piece = (id: string): object => ({ SpecialToken: { id, type_id: 0 } });
  const sequence = { Sequence: { id: "A", type_id: 0 } };
  const single = {
    bert: [piece("[CLS]"), sequence, piece("[SEP]")],
    end: [sequence, piece("[SEP]")],
    none: [sequence],
  };
  const token = (content: string, id: number): object => ({ id, content, special: true, normalized: false });
  return new Tokenizer(
    {
      version: "1.0",
      added_tokens: words.slice(0, 4).map(token),
      normalizer: { type: "BertNormalizer", clean_text: true, handle_chinese_chars: true, lowercase: true },
      pre_tokenizer: { type: "BertPreTokenizer" },
      post_processor: {
        type: "TemplateProcessing",
        single: single[special],
        pair: single[special],
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
    },
    {},
  );
}
