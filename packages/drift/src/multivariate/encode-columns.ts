import { toCategory } from "../profile/category-column-counter.ts";
import { wordsOf } from "../profile/describe-text.ts";
import { toVector } from "../profile/embedding-column-counter.ts";
import { inferKind } from "../profile/infer-kind.ts";
import { toNumber } from "../profile/numeric-column-counter.ts";
import type { ColumnKind } from "../profile/profile.ts";
import { type Feature, type FeatureMatrix, standardized, toMatrix } from "./feature-matrix.ts";

/** A column of both sides, one after the other. */
export interface PooledColumn {
  readonly name: string;
  readonly values: ArrayLike<unknown>;
  readonly kind?: ColumnKind | undefined;
}

const mostCategories = 30;
const mostWords = 400;
/** Products of all pairs of more numbers than this would be too many features. */
const mostPairedNumbers = 15;

/**
 * Makes features of columns. All is learned from both sides together, so that it favours neither.
 *
 * - Numbers become their ranks, with the square; up to 15 of them also all products of two, in which a
 *   change of correlation shows.
 * - Categories and words become whether they are there: the 30 and 400 most frequent.
 * - Vectors become their components.
 * - A missing value is a feature of its own.
 */
export function encodeColumns(columns: readonly PooledColumn[], rows: number): FeatureMatrix {
  const numbers: Feature[] = [];
  const features: (Feature | undefined)[] = [];
  for (const column of columns) {
    const { name, values } = column;
    features.push(
      standardized(
        `${name}: missing`,
        Float64Array.from(values, (value) => Number(value === null || value === undefined)),
      ),
    );
    switch (column.kind ?? inferKind(values)) {
      case "numeric":
      case "datetime": {
        const ranks = standardized(name, ranksOf(values));
        if (ranks !== undefined) numbers.push(ranks);
        break;
      }
      case "categorical":
      case "boolean":
        features.push(
          ...presences(
            name,
            Array.from(values, (value) => [toCategory(value)]),
            mostCategories,
          ),
        );
        break;
      case "text":
        features.push(
          ...presences(
            name,
            Array.from(values, (value) => (typeof value === "string" ? wordsOf(value) : [])),
            mostWords,
          ),
        );
        break;
      case "embedding":
        features.push(...components(name, values));
    }
  }
  for (const [index, { name, values }] of numbers.entries()) {
    features.push(
      { name, values },
      standardized(
        `${name}²`,
        values.map((value) => value * value),
      ),
    );
    if (numbers.length > mostPairedNumbers) continue;
    for (const other of numbers.slice(index + 1)) {
      const products = values.map((value, row) => value * other.values[row]!);
      features.push(standardized(`${name} × ${other.name}`, products));
    }
  }
  return toMatrix(
    features.filter((feature) => feature !== undefined),
    rows,
  );
}

/** Midranks in [-½, ½]; what is no number is in the middle. */
function ranksOf(values: ArrayLike<unknown>): Float64Array {
  const numbers = Float64Array.from(values, (value) => toNumber(value) ?? Number.NaN);
  const order = Array.from(numbers, (_, row) => row).filter((row) => !Number.isNaN(numbers[row]!));
  order.sort((left, right) => numbers[left]! - numbers[right]! || 0);
  const ranks = new Float64Array(numbers.length);
  for (let start = 0; start < order.length;) {
    let end = start + 1;
    while (end < order.length && numbers[order[end]!] === numbers[order[start]!]) end += 1;
    for (let place = start; place < end; place += 1) {
      ranks[order[place]!] = (start + end) / 2 / order.length - 0.5;
    }
    start = end;
  }
  return ranks;
}

function presences(
  column: string,
  items: readonly (readonly (string | undefined)[])[],
  most: number,
): (Feature | undefined)[] {
  const rowsByItem = new Map<string, number[]>();
  for (const [row, present] of items.entries()) {
    for (const item of new Set(present)) {
      if (item === undefined) continue;
      const rows = rowsByItem.get(item);
      if (rows === undefined) rowsByItem.set(item, [row]);
      else rows.push(row);
    }
  }
  return [...rowsByItem]
    .filter(([, rows]) => rows.length >= 3)
    .sort((left, right) => right[1].length - left[1].length || (left[0] < right[0] ? -1 : 1))
    .slice(0, most)
    .map(([item, rows]) => {
      const values = new Float64Array(items.length);
      for (const row of rows) values[row] = 1;
      return standardized(`${column}: ${item}`, values);
    });
}

function components(column: string, values: ArrayLike<unknown>): (Feature | undefined)[] {
  const vectors = Array.from(values, toVector);
  const dimensions = vectors.find((vector) => vector !== undefined)?.length ?? 0;
  return Array.from({ length: dimensions }, (_, dimension) =>
    standardized(
      `${column}[${dimension}]`,
      Float64Array.from(vectors, (vector) => (vector?.length === dimensions ? vector[dimension]! : 0)),
    ),
  );
}
