import type { DeviceRow } from "./device-row.ts";
import { missingValue, numericFeatures } from "./numeric-features.ts";
import { idOf, type Vocabulary } from "./vocabulary.ts";

/** Devices as the model takes them. */
export interface EncodedRows {
  readonly count: number;
  /** `[count, 12]` in the order of `numericFeatures`, −1 where a value is missing. */
  readonly numeric: Float32Array;
  /** `[count, 1]`. */
  readonly brand: Int32Array;
  /** `[count, 1]`. */
  readonly os: Int32Array;
}

/** The model's inputs for the rows. */
export function encodeRows(
  rows: readonly Omit<DeviceRow, "lnPrice">[],
  { brands, operatingSystems }: Vocabulary,
): EncodedRows {
  return {
    count: rows.length,
    numeric: Float32Array.from(
      rows.flatMap(({ numeric }) => numericFeatures.map(({ name }) => numeric[name] ?? missingValue)),
    ),
    brand: Int32Array.from(rows, ({ brand }) => idOf(brands, brand)),
    os: Int32Array.from(rows, ({ os }) => idOf(operatingSystems, os)),
  };
}
