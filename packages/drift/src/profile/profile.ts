import type { ExactAccumulatorState, QuantileCells } from "@mlops/stats";

/** What a column holds, which decides how it is counted. */
export type ColumnKind = "numeric" | "datetime" | "categorical" | "boolean" | "text" | "embedding";

/**
 * What some rows looked like, column by column: counts on cells, and exact sums. No row can be read
 * from it.
 *
 * Plain data, never changed after it was made. Everything in it is a whole number, or a multiple of
 * 2⁻²⁰ with weights: profiles counted on the same cells are merged by adding, in any order, and
 * give to the last bit what one profile of all rows would hold.
 */
export interface Profile {
  /** How many rows there were. */
  readonly rows: number;
  /** The sum of the rows' weights, the same as `rows` without weights. All counts are in weight. */
  readonly weight: number;
  /** The sum of the squares of the weights: the rows are worth weight² / squaredWeight equal ones. */
  readonly squaredWeight: number;
  /** In the order of the data; no two with one name. */
  readonly columns: readonly ColumnProfile[];
}

/** One column of a {@link Profile}. */
export type ColumnProfile = NumericColumn | CategoricalColumn | TextColumn | EmbeddingColumn;

interface Column {
  readonly name: string;
  /** Weight of the rows that have null, undefined or nothing here. */
  readonly missing: number;
  /** Weight of the rows that have something of another type here: a text in a numeric column. */
  readonly invalid: number;
}

/** Numbers, also whole ones, or moments in time as milliseconds since 1970 (UTC). */
export interface NumericColumn extends Column {
  readonly kind: "numeric" | "datetime";
  /** Whether all finite values are whole numbers; true where there are none. */
  readonly isInteger: boolean;
  readonly numbers: NumericSummary;
}

/** One of a list of values. Numbers and booleans count as their text. */
export interface CategoricalColumn extends Column {
  readonly kind: "categorical" | "boolean";
  /** The reference's categories, the most frequent first; at most 1,024. */
  readonly categories: readonly string[];
  /** Whether these were all that the reference had: then whatever else comes is new. */
  readonly isComplete: boolean;
  /**
   * Weight per category, then per overflow cell: one for all others where the categories are
   * complete, otherwise 64, into which the others fall by their hash, so that a change among
   * the rare ones can be seen.
   */
  readonly counts: CellCounts;
  /**
   * HyperLogLog registers of the values that are none of the categories; 1,024 bytes. (Of all values
   * in a reference learned from a stream with more than 16,384 different ones.)
   */
  readonly otherRegisters: Uint8Array;
  /** By how much the count of a category may be too low; 0 unless learned from a stream of very many. */
  readonly countError: number;
}

/** Free text, by measures that need no language. */
export interface TextColumn extends Column {
  readonly kind: "text";
  /** The most frequent words of the reference, lower case; at most 2,000. */
  readonly vocabulary: readonly string[];
  readonly descriptors: TextDescriptors;
}

/** What is measured of each text. */
export interface TextDescriptors {
  /** Code points. */
  readonly length: NumericSummary;
  /** Runs of letters, marks and digits. */
  readonly words: NumericSummary;
  /** The share of code points that are digits, in [0, 1]. */
  readonly digitShare: NumericSummary;
  /** The share of code points that are neither letters, marks, digits nor white space, in [0, 1]. */
  readonly symbolShare: NumericSummary;
  /**
   * The share of words that are not in the vocabulary, in [0, 1]; NaN without a word. For a text the
   * vocabulary was learned from: that would not be in it without this text.
   */
  readonly outOfVocabularyShare: NumericSummary;
}

/** Vectors of one length. */
export interface EmbeddingColumn extends Column {
  readonly kind: "embedding";
  readonly dimensions: number;
  /** The reference's mean vector; frozen. */
  readonly center: Float64Array;
  /** A power of two above every component of the reference; frozen. */
  readonly scale: number;
  /** Per dimension Σ (x - center), in units of 2⁻²⁴·scale. */
  readonly sums: Float64Array;
  /** Per dimension Σ (x - center)², in units of 2⁻²⁴·scale². */
  readonly squares: Float64Array;
  /** The vectors' Euclidean norms. */
  readonly norm: NumericSummary;
  /** Their Euclidean distances from `center`. */
  readonly distance: NumericSummary;
}

/** Weight per cell; the narrowest array that holds it. Not to be changed. */
export type CellCounts = Uint8Array | Uint16Array | Uint32Array | Float64Array;

/** Numbers, counted on frozen cells. */
export interface NumericSummary {
  /** The frozen cells, from the reference's quantiles. */
  readonly cells: QuantileCells;
  /** Weight of the finite values per cell. */
  readonly counts: CellCounts;
  readonly nan: number;
  readonly negativeInfinity: number;
  readonly positiveInfinity: number;
  /** The smallest finite value; null where there is none. */
  readonly minimum: number | null;
  /** The largest finite value; null where there is none. */
  readonly maximum: number | null;
  /** A usual value; frozen. */
  readonly center: number;
  /** How far values usually are from the center; frozen, above 0. */
  readonly spread: number;
  /** Σ x, exact but for rounding each x to about 15 digits of a usual value. */
  readonly sum: ExactAccumulatorState;
  /** Σ (x - center)², likewise. */
  readonly squares: ExactAccumulatorState;
  /**
   * How far off the cumulative counts may be, as a fraction: 0, unless learned from a stream that
   * was too long to keep, where it is the sketch's bound (99 of 100 cases).
   */
  readonly rankError: number;
}

/** The column of that name, if there is one. */
export function columnOf(profile: Profile, name: string): ColumnProfile | undefined {
  return profile.columns.find((column) => column.name === name);
}

/** How many rows of weight 1 the rows are worth: weight² / squaredWeight; 0 without rows. */
export function effectiveRows(profile: Profile): number {
  return profile.squaredWeight === 0 ? 0 : profile.weight ** 2 / profile.squaredWeight;
}
