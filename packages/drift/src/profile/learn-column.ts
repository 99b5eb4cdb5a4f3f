import { FrequentItems, powerOfTwoScale } from "@mlops/stats";
import { CategoryColumnCounter, toCategory } from "./category-column-counter.ts";
import type { ColumnCounter, ColumnValues } from "./column-counter.ts";
import { describeText, type IsKnownWord, wordsOf } from "./describe-text.ts";
import { EmbeddingColumnCounter, toVector } from "./embedding-column-counter.ts";
import { learnNumeric } from "./learn-numeric.ts";
import { isNumberArray, NumericColumnCounter, toNumber } from "./numeric-column-counter.ts";
import type { ColumnKind } from "./profile.ts";
import type { ResolvedColumnOptions } from "./profile-options.ts";
import { TextColumnCounter } from "./text-column-counter.ts";

/** A reference column that is there as a whole. */
export interface LearnableColumn {
  readonly name: string;
  readonly kind: ColumnKind;
  readonly values: ColumnValues;
  /** The rows' weights, where they are not all 1. */
  readonly weights?: ArrayLike<number> | undefined;
}

/** How many cells a measure of a text or a vector has: of lengths and shares, a few hundred will do. */
const descriptorCells = 256;
const vocabularySize = 2_000;

/** A counter on cells that follow the values of a reference column; still empty. */
export function learnColumn(column: LearnableColumn, options: ResolvedColumnOptions): ColumnCounter {
  const { name, kind } = column;
  switch (kind) {
    case "numeric":
    case "datetime":
      return new NumericColumnCounter(name, kind, learnNumeric(numbersOf(column), options.maxCells));
    case "boolean":
      return new CategoryColumnCounter(name, { kind, categories: ["false", "true"], isComplete: true });
    case "categorical":
      return new CategoryColumnCounter(name, { kind, ...learnCategories(column, options.maxCategories) });
    case "text":
      return learnText(column);
    case "embedding":
      return learnEmbedding(column);
  }
}

function numbersOf({ values, weights }: LearnableColumn): {
  readonly values: ArrayLike<number>;
  readonly weights?: ArrayLike<number>;
} {
  if (isNumberArray(values)) return weights === undefined ? { values } : { values, weights };
  const numbers = Float64Array.from(values, (value) => toNumber(value) ?? Number.NaN);
  return weights === undefined ? { values: numbers } : { values: numbers, weights };
}

function learnCategories(
  { values, weights }: LearnableColumn,
  maxCategories: number,
): { readonly categories: readonly string[]; readonly isComplete: boolean } {
  const rowsByCategory = new Map<string, number>();
  for (let row = 0; row < values.length; row += 1) {
    const category = toCategory(values[row]);
    if (category === undefined) continue;
    rowsByCategory.set(category, (rowsByCategory.get(category) ?? 0) + (weights?.[row] ?? 1));
  }
  return frequentFirst(rowsByCategory, maxCategories);
}

/** The most frequent categories; equal ones in the order of their code units. */
export function frequentFirst(
  rowsByCategory: ReadonlyMap<string, number>,
  maxCategories: number,
): { readonly categories: readonly string[]; readonly isComplete: boolean } {
  const sorted = [...rowsByCategory].sort(
    ([leftName, leftRows], [rightName, rightRows]) => rightRows - leftRows || (leftName < rightName ? -1 : 1),
  );
  return {
    categories: sorted.slice(0, maxCategories).map(([category]) => category),
    isComplete: sorted.length <= maxCategories,
  };
}

function learnText({ name, values }: LearnableColumn): TextColumnCounter {
  const words = new FrequentItems(8 * vocabularySize);
  for (let row = 0; row < values.length; row += 1) {
    const text = values[row];
    if (typeof text !== "string") continue;
    for (const word of wordsOf(text)) if (word.length <= 64) words.add(word);
  }
  const frequent = words.top(vocabularySize + 1);
  // Of words that are equally frequent none is chosen over another: the count alone decides.
  const least = (frequent[vocabularySize]?.count ?? 0) + 1;
  const timesByWord = new Map(
    frequent.filter(({ count }) => count >= least).map(({ item, count }) => [item, count]),
  );
  const vocabulary = [...timesByWord.keys()];
  // Without one of its texts the vocabulary might lack the words of that text, as it may lack those of
  // any later text. Otherwise no text of the reference would ever have an unknown word.
  const isKnown: IsKnownWord = (word, timesInText) =>
    (timesByWord.get(word) ?? -Infinity) - timesInText >= least;
  const measures = Array.from(values)
    .filter((value) => typeof value === "string")
    .map((text) => describeText(text, isKnown));
  const layoutOf = (measure: keyof (typeof measures)[number]): ReturnType<typeof learnNumeric> =>
    learnNumeric({ values: measures.map((measured) => measured[measure]) }, descriptorCells);
  const descriptors = {
    length: layoutOf("length"),
    words: layoutOf("words"),
    digitShare: layoutOf("digitShare"),
    symbolShare: layoutOf("symbolShare"),
    outOfVocabularyShare: layoutOf("outOfVocabularyShare"),
  };
  return new TextColumnCounter(name, { vocabulary, descriptors }, isKnown);
}

function learnEmbedding({ name, values }: LearnableColumn): EmbeddingColumnCounter {
  const candidates = Array.from(values, toVector).filter((vector) => vector !== undefined);
  const dimensions = mostFrequent(candidates.map(({ length }) => length)) ?? 1;
  const vectors = candidates.filter(({ length }) => length === dimensions);
  const center = new Float64Array(dimensions);
  let largest = 0;
  for (const vector of vectors) {
    for (let index = 0; index < dimensions; index += 1) {
      center[index]! += vector[index]! / vectors.length;
      largest = Math.max(largest, Math.abs(vector[index]!));
    }
  }
  const lengths = (origin: ArrayLike<number>): number[] =>
    vectors.map((vector) => {
      let sum = 0;
      for (let index = 0; index < dimensions; index += 1) sum += (vector[index]! - origin[index]!) ** 2;
      return Math.sqrt(sum);
    });
  return new EmbeddingColumnCounter(name, {
    dimensions,
    center,
    scale: powerOfTwoScale(largest),
    norm: learnNumeric({ values: lengths(new Float64Array(dimensions)) }, descriptorCells),
    distance: learnNumeric({ values: lengths(center) }, descriptorCells),
  });
}

function mostFrequent(numbers: readonly number[]): number | undefined {
  const counts = new Map<number, number>();
  for (const number of numbers) counts.set(number, (counts.get(number) ?? 0) + 1);
  return [...counts].sort((left, right) => right[1] - left[1])[0]?.[0];
}
