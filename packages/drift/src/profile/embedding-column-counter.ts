import type { ColumnCounter, ColumnValues } from "./column-counter.ts";
import { NumericCounter, type NumericLayout } from "./numeric-counter.ts";
import type { ColumnProfile, EmbeddingColumn } from "./profile.ts";

/** The frozen part of an {@link EmbeddingColumn}. */
export interface EmbeddingLayout {
  readonly dimensions: number;
  readonly center: Float64Array;
  readonly scale: number;
  readonly norm: NumericLayout;
  readonly distance: NumericLayout;
}

/** Steps per scale: whole numbers of them add up exactly for 2²⁵ vectors and more. */
const steps = 2 ** 24;
/** A component counts as at most so many scales away from the center. */
const maxDeviation = 16;

/** Counts vectors: exact moments per dimension, and the distributions of norm and distance. */
export class EmbeddingColumnCounter implements ColumnCounter {
  readonly #name: string;
  readonly #layout: EmbeddingLayout;
  readonly #sums: Float64Array;
  readonly #squares: Float64Array;
  readonly #norm: NumericCounter;
  readonly #distance: NumericCounter;
  #missing = 0;
  #invalid = 0;

  constructor(name: string, layout: EmbeddingLayout) {
    this.#name = name;
    this.#layout = layout;
    this.#sums = new Float64Array(layout.dimensions);
    this.#squares = new Float64Array(layout.dimensions);
    this.#norm = new NumericCounter(layout.norm);
    this.#distance = new NumericCounter(layout.distance);
  }

  add(value: unknown, weight: number): void {
    if (value === null || value === undefined) {
      this.#missing += weight;
      return;
    }
    const vector = toVector(value);
    if (vector?.length !== this.#layout.dimensions) {
      this.#invalid += weight;
      return;
    }
    const { center, scale } = this.#layout;
    let norm = 0;
    let distance = 0;
    for (let index = 0; index < vector.length; index += 1) {
      const component = vector[index]!;
      const deviation = component - center[index]!;
      norm += component * component;
      distance += deviation * deviation;
      const scaled = Math.min(Math.max(deviation / scale, -maxDeviation), maxDeviation);
      this.#sums[index]! += Math.round(scaled * weight * steps);
      this.#squares[index]! += Math.round(scaled * scaled * weight * steps);
    }
    this.#norm.add(Math.sqrt(norm), weight);
    this.#distance.add(Math.sqrt(distance), weight);
  }

  addAll(values: ColumnValues): void {
    for (let row = 0; row < values.length; row += 1) this.add(values[row], 1);
  }

  merge(columns: readonly ColumnProfile[]): void {
    const others = columns.filter((column) => column.kind === "embedding");
    for (const { missing, invalid, sums, squares } of others) {
      this.#missing += missing;
      this.#invalid += invalid;
      for (let index = 0; index < this.#sums.length; index += 1) {
        this.#sums[index]! += sums[index]!;
        this.#squares[index]! += squares[index]!;
      }
    }
    this.#norm.merge(others.map(({ norm }) => norm));
    this.#distance.merge(others.map(({ distance }) => distance));
  }

  build(): EmbeddingColumn {
    const { dimensions, center, scale } = this.#layout;
    return {
      name: this.#name,
      kind: "embedding",
      missing: this.#missing,
      invalid: this.#invalid,
      dimensions,
      center,
      scale,
      sums: this.#sums.slice(),
      squares: this.#squares.slice(),
      norm: this.#norm.build(),
      distance: this.#distance.build(),
    };
  }
}

/** A list of finite numbers; undefined for anything else. */
export function toVector(value: unknown): ArrayLike<number> | undefined {
  if (!Array.isArray(value) && !ArrayBuffer.isView(value)) return undefined;
  // An array or a view of numbers has both; what it holds is checked below.
  const vector = value as ArrayLike<unknown>;
  if (!Number.isInteger(vector.length) || vector.length === 0) return undefined;
  for (let index = 0; index < vector.length; index += 1) {
    if (!Number.isFinite(vector[index])) return undefined;
  }
  return vector as ArrayLike<number>;
}

/** The mean vector of a column, or `undefined` while it holds no vector. */
export function embeddingMean(column: EmbeddingColumn): Float64Array | undefined {
  const weight = vectorWeight(column);
  if (weight === 0) return undefined;
  return column.center.map((center, index) => center + (column.sums[index]! / steps / weight) * column.scale);
}

/** The variance of each dimension (divided by the weight), or `undefined` while it holds no vector. */
export function embeddingVariance(column: EmbeddingColumn): Float64Array | undefined {
  const weight = vectorWeight(column);
  if (weight === 0) return undefined;
  return column.squares.map((square, index) => {
    const meanDeviation = column.sums[index]! / steps / weight;
    return Math.max(square / steps / weight - meanDeviation ** 2, 0) * column.scale ** 2;
  });
}

function vectorWeight({ norm }: EmbeddingColumn): number {
  let weight = norm.positiveInfinity;
  for (const count of norm.counts) weight += count;
  return weight;
}
