import { toCategory } from "../profile/category-column-counter.ts";
import { toVector } from "../profile/embedding-column-counter.ts";
import { inferKind } from "../profile/infer-kind.ts";
import { toNumber } from "../profile/numeric-column-counter.ts";
import type { DataColumns } from "../profile/profile-data.ts";
import type { ColumnKind } from "../profile/profile.ts";

/** How rows become vectors, learned from some rows of the reference. */
export interface RowEncoding {
  readonly featureCount: number;
  /** The vectors of rows; of all of them unless some are named. */
  encode(data: DataColumns, rows?: readonly number[]): Float64Array[];
}

/** What is left out, and what columns are. */
export interface RowEncodingOptions {
  readonly exclude: readonly string[];
  readonly kinds: Readonly<Record<string, ColumnKind>>;
}

/** Further out a value counts as this many standard deviations: one broken value must not turn every component to itself. */
const mostDeviations = 8;

interface Feature {
  readonly column: string;
  /** `undefined` for what counts as the mean. */
  readonly read: (value: unknown) => number | undefined;
  readonly mean: number;
  readonly deviation: number;
}

/** Learns an encoding; what has one value only is left out. */
export function learnRowEncoding(
  data: DataColumns,
  rows: readonly number[],
  { exclude, kinds }: RowEncodingOptions,
): RowEncoding {
  const excluded = new Set(exclude);
  const features = data.columns
    .filter(({ name }) => !excluded.has(name))
    .flatMap(({ name, values }) => {
      const known = rows.map((row) => values[row]);
      const kind = Object.hasOwn(kinds, name) ? kinds[name]! : inferKind(known);
      return readersOf(kind, known).flatMap((read) => standardize(name, read, known));
    });
  return {
    featureCount: features.length,
    encode(side, wanted = Array.from({ length: side.rowCount }, (_, row) => row)) {
      const valuesByName = new Map(side.columns.map(({ name, values }) => [name, values]));
      const encoded = wanted.map(() => new Float64Array(features.length));
      for (const [index, { column, read, mean, deviation }] of features.entries()) {
        const values = valuesByName.get(column);
        for (const [place, row] of wanted.entries()) {
          const number = values === undefined ? undefined : read(values[row]);
          if (number === undefined) continue;
          const deviations = (number - mean) / deviation;
          encoded[place]![index] = Math.min(Math.max(deviations, -mostDeviations), mostDeviations);
        }
      }
      return encoded;
    },
  };
}

function readersOf(kind: ColumnKind, known: readonly unknown[]): Feature["read"][] {
  switch (kind) {
    case "numeric":
    case "datetime":
      return [finiteNumber];
    case "categorical":
    case "boolean": {
      const counts = new Map<string, number>();
      for (const value of known) {
        const category = toCategory(value);
        if (category !== undefined) counts.set(category, (counts.get(category) ?? 0) + 1);
      }
      return [
        (value) => {
          const category = toCategory(value);
          return category === undefined ? undefined : (counts.get(category) ?? 0) / known.length;
        },
      ];
    }
    case "embedding": {
      const dimensions = known.map(toVector).find((vector) => vector !== undefined)?.length ?? 0;
      return Array.from({ length: dimensions }, (_, dimension) => (value) => {
        const vector = toVector(value);
        return vector?.length === dimensions ? vector[dimension] : undefined;
      });
    }
    case "text":
      return [];
  }
}

function finiteNumber(value: unknown): number | undefined {
  const number = toNumber(value);
  return number !== undefined && Number.isFinite(number) ? number : undefined;
}

function standardize(column: string, read: Feature["read"], known: readonly unknown[]): Feature[] {
  const numbers = known.map(read).filter((number) => number !== undefined);
  const mean = numbers.reduce((sum, number) => sum + number / numbers.length, 0);
  const variance = numbers.reduce((sum, number) => sum + (number - mean) ** 2 / numbers.length, 0);
  const deviation = Math.sqrt(variance);
  const isConstant = !(deviation > 1e-12 * Math.abs(mean) && deviation < Infinity);
  return isConstant ? [] : [{ column, read, mean, deviation }];
}
