import { hashText, SlidingCells } from "@mlops/stats";
import {
  overflowCellCount,
  overflowCellOf,
  toBoolean,
  toCategory,
} from "../profile/category-column-counter.ts";
import { describeText } from "../profile/describe-text.ts";
import { toVector } from "../profile/embedding-column-counter.ts";
import { toNumber } from "../profile/numeric-column-counter.ts";
import type { CategoricalColumn, ColumnProfile, NumericSummary } from "../profile/profile.ts";
import { textDescriptors } from "../profile/text-column-counter.ts";
import type { EvidenceSubject } from "../verdict/evidence.ts";

/** One measure of a column, in a sliding window. */
export interface SlidingStream {
  readonly subject: EvidenceSubject;
  readonly cells: SlidingCells;
  /** How far off the reference's cumulative shares may be, as a fraction. */
  readonly slack: number;
}

/** A column in a sliding window: its streams, and what puts a value into their cells. */
export interface SlidingColumn {
  readonly streams: readonly SlidingStream[];
  add(value: unknown): void;
}

/** A row of the reference has exactly one cell, and all cells have an order that does not depend on counts. */
export function createSlidingColumn(column: ColumnProfile, windowSize: number): SlidingColumn {
  switch (column.kind) {
    case "numeric":
    case "datetime":
      return numberColumn(column, column.numbers, windowSize);
    case "categorical":
    case "boolean":
      return categoryColumn(column, windowSize);
    case "text": {
      const { descriptors } = column;
      const vocabulary = new Set(column.vocabulary);
      const isKnown = (word: string): boolean => vocabulary.has(word);
      const measures = textDescriptors.map((name) => ({
        name,
        stream: numberStream(name, descriptors[name], column, windowSize),
      }));
      return {
        streams: measures.map(({ stream }) => stream),
        add: (value) => {
          const described = typeof value === "string" ? describeText(value, isKnown) : undefined;
          for (const { name, stream } of measures) {
            stream.cells.add(stream.cellOf(described === undefined ? absenceOf(value) : described[name]));
          }
        },
      };
    }
    case "embedding": {
      const norm = numberStream("norm", column.norm, column, windowSize);
      const distance = numberStream("distance", column.distance, column, windowSize);
      return {
        streams: [norm, distance],
        add: (value) => {
          const vector = toVector(value);
          const isVector = vector?.length === column.dimensions;
          norm.cells.add(norm.cellOf(isVector ? distanceFrom(vector) : absenceOf(value)));
          distance.cells.add(
            distance.cellOf(isVector ? distanceFrom(vector, column.center) : absenceOf(value)),
          );
        },
      };
    }
  }
}

type Absence = "missing" | "invalid";

function absenceOf(value: unknown): Absence {
  return value === null || value === undefined ? "missing" : "invalid";
}

function numberColumn(column: ColumnProfile, summary: NumericSummary, windowSize: number): SlidingColumn {
  const stream = numberStream("values", summary, column, windowSize);
  return {
    streams: [stream],
    add: (value) => stream.cells.add(stream.cellOf(toNumber(value) ?? absenceOf(value))),
  };
}

interface NumberStream extends SlidingStream {
  cellOf(value: number | Absence): number;
}

/** With one cell more, a window's tree would take twice the memory. */
const mostCells = 1_024;

/**
 * -Infinity, the cells, Infinity, and after them what has no place on the scale. Where that makes too many,
 * the lowest cells are joined, two and two.
 */
function numberStream(
  subject: EvidenceSubject,
  summary: NumericSummary,
  { missing, invalid }: Pick<ColumnProfile, "missing" | "invalid">,
  windowSize: number,
): NumberStream {
  const { cells, counts, negativeInfinity, positiveInfinity, nan } = summary;
  const joined = Math.max(cells.cellCount + 5 - mostCells, 0);
  const end = cells.cellCount - joined;
  const placeOf = (cell: number): number => 1 + (cell < 2 * joined ? cell >> 1 : cell - joined);
  const reference = new Float64Array(end + 5);
  for (let cell = 0; cell < counts.length; cell += 1) reference[placeOf(cell)]! += counts[cell]!;
  reference[0] = negativeInfinity;
  reference.set([positiveInfinity, nan, missing, invalid], end + 1);
  return {
    subject,
    cells: new SlidingCells({ reference, windowSize }),
    slack: summary.rankError,
    cellOf: (value) => {
      if (value === "missing") return end + 3;
      if (value === "invalid") return end + 4;
      if (Number.isFinite(value)) return placeOf(cells.indexOf(value));
      return value === -Infinity ? 0 : value === Infinity ? end + 1 : end + 2;
    },
  };
}

/**
 * Categories in the order of their text, with the gaps between them as cells for new ones: numbers of
 * another kind. In the order of their counts, the test would take the choice of the order for drift.
 * Where the reference does not know all of its categories, all fall into 64 cells by their hash.
 */
function categoryColumn(column: CategoricalColumn, windowSize: number): SlidingColumn {
  const { categories, counts, isComplete, missing, invalid, countError } = column;
  const cellOf = isComplete ? orderedCells(categories) : hashedCells;
  const width = isComplete ? 2 * categories.length + 1 : overflowCellCount(false);
  const reference = new Float64Array(width + 2);
  for (const [index, category] of categories.entries()) reference[cellOf(category)]! += counts[index]!;
  if (!isComplete) {
    for (let cell = 0; cell < width; cell += 1) reference[cell]! += counts[categories.length + cell]!;
  }
  reference[width] = missing;
  reference[width + 1] = invalid;
  const rows = reference.reduce((sum, count) => sum + count, 0);
  const cells = new SlidingCells({ reference, windowSize });
  const slack = rows === 0 ? 0 : Math.min((countError * categories.length) / rows, 1);
  const textOf = column.kind === "boolean" ? toBoolean : toCategory;
  return {
    streams: [{ subject: "values", cells, slack }],
    add: (value) => {
      const category = textOf(value);
      if (category !== undefined) cells.add(cellOf(category));
      else cells.add(absenceOf(value) === "missing" ? width : width + 1);
    },
  };
}

function hashedCells(category: string): number {
  return overflowCellOf(hashText(category).low, false);
}

/** Category i of the sorted ones has cell 2i + 1; what lies between two has the cell between. */
function orderedCells(categories: readonly string[]): (category: string) => number {
  const sorted = [...categories].sort();
  const places = new Map(sorted.map((category, index) => [category, 2 * index + 1]));
  return (category) => {
    const place = places.get(category);
    if (place !== undefined) return place;
    let low = 0;
    let high = sorted.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (sorted[middle]! < category) low = middle + 1;
      else high = middle;
    }
    return 2 * low;
  };
}

function distanceFrom(vector: ArrayLike<number>, center?: Float64Array): number {
  let squares = 0;
  for (let index = 0; index < vector.length; index += 1) {
    squares += (vector[index]! - (center?.[index] ?? 0)) ** 2;
  }
  return Math.sqrt(squares);
}
