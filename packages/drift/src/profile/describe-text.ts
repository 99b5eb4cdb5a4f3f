/** What is measured of one text. */
export interface TextMeasures {
  readonly length: number;
  readonly words: number;
  readonly digitShare: number;
  readonly symbolShare: number;
  readonly outOfVocabularyShare: number;
}

/** The runs of letters, marks and digits, in lower case. */
export function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];
}

/** Measures a text; what each measure means is said at `TextDescriptors`. */
export function describeText(text: string, vocabulary: ReadonlySet<string>): TextMeasures {
  let length = 0;
  let digits = 0;
  let symbols = 0;
  for (const character of text) {
    length += 1;
    if (/\p{Nd}/u.test(character)) digits += 1;
    else if (/[^\p{L}\p{M}\p{N}\s]/u.test(character)) symbols += 1;
  }
  const words = wordsOf(text);
  const unknown = words.filter((word) => !vocabulary.has(word)).length;
  return {
    length,
    words: words.length,
    digitShare: length === 0 ? 0 : digits / length,
    symbolShare: length === 0 ? 0 : symbols / length,
    outOfVocabularyShare: words.length === 0 ? Number.NaN : unknown / words.length,
  };
}
