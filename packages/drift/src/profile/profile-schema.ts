import { z } from "zod";
import type { EncodedEdges } from "./edges-codec.ts";
import type {
  CategoricalColumn,
  EmbeddingColumn,
  NumericColumn,
  NumericSummary,
  TextColumn,
  TextDescriptors,
} from "./profile.ts";

/** The version of the format. A reader takes this one only. */
export const profileVersion = 1;

/** A profile as JSON, version 1: counts and edges are texts, everything else is as in `Profile`. */
export interface ProfileJson {
  readonly format: "mlops.drift.profile";
  readonly version: 1;
  readonly rows: number;
  readonly weight: number;
  readonly squaredWeight: number;
  readonly columns: readonly ColumnJson[];
}

/** A column of a {@link ProfileJson}. */
export type ColumnJson =
  | (Omit<NumericColumn, "numbers"> & { readonly numbers: NumbersJson })
  | (Omit<CategoricalColumn, "counts" | "otherRegisters"> & {
      readonly counts: CountsJson;
      /** Base64; empty where nothing else came. */
      readonly otherRegisters: string;
    })
  | (Omit<TextColumn, "descriptors"> & {
      readonly descriptors: Readonly<Record<keyof TextDescriptors, NumbersJson>>;
    })
  | (Omit<EmbeddingColumn, "center" | "sums" | "squares" | "norm" | "distance"> & {
      readonly center: readonly number[];
      readonly sums: readonly number[];
      readonly squares: readonly number[];
      readonly norm: NumbersJson;
      readonly distance: NumbersJson;
    });

/** A numeric summary as JSON. */
export type NumbersJson = Omit<NumericSummary, "cells" | "counts"> & {
  readonly edges: EncodedEdges;
  readonly counts: CountsJson;
};

/** Counts as JSON: whole numbers of a unit, encoded as one text. */
export interface CountsJson {
  /** 1, or 2⁻²⁰ with weights. */
  readonly unit: number;
  readonly values: string;
}

/** The largest number of columns that a reader takes. */
const maxColumns = 20_000;

/**
 * Checks shapes, ranges and lengths; what the texts hold is for the decoder to check. In a function,
 * so that bundlers can leave it out where no profile is read.
 */
export function createProfileSchema(): z.ZodType<ProfileJson> {
  // Base64 of 1,024 numbers of eight bytes, and some room.
  const encodedCounts = z.strictObject({
    unit: z.union([z.literal(1), z.literal(2 ** -20)]),
    values: z.string().max(16_384),
  });
  const weight = z.number().min(0).max(Number.MAX_SAFE_INTEGER);
  const name = z.string().max(1_024);
  const double = z.number();

  const sum = z.strictObject({
    sign: z.union([z.literal(1), z.literal(-1)]),
    first: z.number().int().min(0).max(67),
    digits: z
      .array(
        z
          .number()
          .int()
          .min(0)
          .max(2 ** 32 - 1),
      )
      .max(68),
  });

  const numbers = z.strictObject({
    edges: z.strictObject({
      precision: z.enum(["single", "double"]),
      values: z.string().max(16_384),
      points: z.string().max(4_096),
    }),
    counts: encodedCounts,
    nan: weight,
    negativeInfinity: weight,
    positiveInfinity: weight,
    minimum: double.nullable(),
    maximum: double.nullable(),
    center: double,
    spread: z.number().positive(),
    sum,
    squares: sum,
    rankError: z.number().min(0).max(1),
  });

  const common = { name, missing: weight, invalid: weight };

  const column = z.discriminatedUnion("kind", [
    z.strictObject({ ...common, kind: z.enum(["numeric", "datetime"]), isInteger: z.boolean(), numbers }),
    z.strictObject({
      ...common,
      kind: z.enum(["categorical", "boolean"]),
      categories: z.array(z.string().max(128)).max(1_024),
      isComplete: z.boolean(),
      counts: encodedCounts,
      otherRegisters: z.string().max(2_048),
      countError: weight,
    }),
    z.strictObject({
      ...common,
      kind: z.literal("text"),
      vocabulary: z.array(z.string().max(64)).max(2_000),
      descriptors: z.strictObject({
        length: numbers,
        words: numbers,
        digitShare: numbers,
        symbolShare: numbers,
        outOfVocabularyShare: numbers,
      }),
    }),
    z.strictObject({
      ...common,
      kind: z.literal("embedding"),
      dimensions: z.number().int().min(1).max(65_536),
      center: z.array(double).max(65_536),
      scale: z.number().positive(),
      sums: z.array(z.number().int()).max(65_536),
      squares: z.array(z.number().int().min(0)).max(65_536),
      norm: numbers,
      distance: numbers,
    }),
  ]);

  return z.strictObject({
    format: z.literal("mlops.drift.profile"),
    version: z.literal(profileVersion),
    rows: z.number().int().min(0),
    weight,
    squaredWeight: weight,
    columns: z.array(column).max(maxColumns),
  });
}
