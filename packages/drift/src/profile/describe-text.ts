/** What is measured of one text. */
export interface TextMeasures {
  readonly length: number;
  readonly words: number;
  readonly digitShare: number;
  readonly symbolShare: number;
  readonly outOfVocabularyShare: number;
}

/** Whether a word counts as known in a text that has it so many times. */
export type IsKnownWord = (word: string, timesInText: number) => boolean;

/** The runs of letters, marks and digits, in lower case. */
export function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];
}

/** Measures a text; what each measure means is said at `TextDescriptors`. */
export function describeText(text: string, isKnown: IsKnownWord): TextMeasures {
  let length = 0;
  let digits = 0;
  let symbols = 0;
  for (const character of text) {
    length += 1;
    if (/\p{Nd}/u.test(character)) digits += 1;
    else if (/[^\p{L}\p{M}\p{N}\s]/u.test(character)) symbols += 1;
  }
  const words = wordsOf(text);
  const times = new Map<string, number>();
  for (const word of words) times.set(word, (times.get(word) ?? 0) + 1);
  let unknown = 0;
  for (const [word, count] of times) if (!isKnown(word, count)) unknown += count;
  return {
    length,
    words: words.length,
    digitShare: length === 0 ? 0 : digits / length,
    symbolShare: length === 0 ? 0 : symbols / length,
    outOfVocabularyShare: words.length === 0 ? Number.NaN : unknown / words.length,
  };
}
