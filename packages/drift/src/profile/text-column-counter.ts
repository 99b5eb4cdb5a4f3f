import type { ColumnCounter, ColumnValues } from "./column-counter.ts";
import { describeText, type IsKnownWord, type TextMeasures } from "./describe-text.ts";
import { NumericCounter, type NumericLayout } from "./numeric-counter.ts";
import type { ColumnProfile, NumericSummary, TextColumn, TextDescriptors } from "./profile.ts";

/** The frozen part of a {@link TextColumn}. */
export interface TextLayout {
  readonly vocabulary: readonly string[];
  readonly descriptors: Readonly<Record<keyof TextDescriptors, NumericLayout>>;
}

/** The measures, in the order in which a profile has them. */
export const textDescriptors: readonly (keyof TextMeasures & keyof TextDescriptors)[] = [
  "length",
  "words",
  "digitShare",
  "symbolShare",
  "outOfVocabularyShare",
];

/** Counts texts by their measures. */
export class TextColumnCounter implements ColumnCounter {
  readonly #name: string;
  readonly #vocabulary: readonly string[];
  readonly #isKnown: IsKnownWord;
  readonly #counters: Readonly<Record<keyof TextDescriptors, NumericCounter>>;
  #missing = 0;
  #invalid = 0;

  /** @param isKnown - By default whether the word is in the vocabulary. */
  constructor(name: string, { vocabulary, descriptors }: TextLayout, isKnown?: IsKnownWord) {
    this.#name = name;
    this.#vocabulary = vocabulary;
    const words = new Set(vocabulary);
    this.#isKnown = isKnown ?? ((word) => words.has(word));
    this.#counters = {
      length: new NumericCounter(descriptors.length),
      words: new NumericCounter(descriptors.words),
      digitShare: new NumericCounter(descriptors.digitShare),
      symbolShare: new NumericCounter(descriptors.symbolShare),
      outOfVocabularyShare: new NumericCounter(descriptors.outOfVocabularyShare),
    };
  }

  add(value: unknown, weight: number): void {
    if (value === null || value === undefined) this.#missing += weight;
    else if (typeof value !== "string") this.#invalid += weight;
    else {
      const measures = describeText(value, this.#isKnown);
      for (const name of textDescriptors) this.#counters[name].add(measures[name], weight);
    }
  }

  addAll(values: ColumnValues): void {
    for (let row = 0; row < values.length; row += 1) this.add(values[row], 1);
  }

  merge(columns: readonly ColumnProfile[]): void {
    const others = columns.filter((column) => column.kind === "text");
    for (const { missing, invalid } of others) {
      this.#missing += missing;
      this.#invalid += invalid;
    }
    for (const name of textDescriptors)
      this.#counters[name].merge(others.map(({ descriptors }) => descriptors[name]));
  }

  build(): TextColumn {
    const summaryOf = (name: keyof TextDescriptors): NumericSummary => this.#counters[name].build();
    return {
      name: this.#name,
      kind: "text",
      missing: this.#missing,
      invalid: this.#invalid,
      vocabulary: this.#vocabulary,
      descriptors: {
        length: summaryOf("length"),
        words: summaryOf("words"),
        digitShare: summaryOf("digitShare"),
        symbolShare: summaryOf("symbolShare"),
        outOfVocabularyShare: summaryOf("outOfVocabularyShare"),
      },
    };
  }
}
