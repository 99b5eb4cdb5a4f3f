import type { EncodedRows } from "../data/encode-rows.ts";
import { missingValue } from "../data/numeric-features.ts";
import type { Random } from "../random.ts";

/** The inputs that random devices are drawn from. */
export interface DeviceRanges {
  readonly numericFeatures: readonly { readonly min: number; readonly max: number }[];
  readonly brands: readonly string[];
  readonly operatingSystems: readonly string[];
}

/**
 * Inputs as they might come: numbers from the whole range of training and half as much again above
 * it, a quarter of them missing, brands and operating systems evenly, the unknown ones included.
 */
export function randomDevices(count: number, ranges: DeviceRanges, random: Random): EncodedRows {
  const ids = (names: readonly string[]): Int32Array =>
    Int32Array.from({ length: count }, () => Math.floor(random() * names.length));
  const numeric = Array.from({ length: count }, () =>
    ranges.numericFeatures.map(({ min, max }) =>
      random() < 0.25 ? missingValue : min + random() * 1.5 * (max - min),
    ),
  );
  return {
    count,
    numeric: Float32Array.from(numeric.flat()),
    brand: ids(ranges.brands),
    os: ids(ranges.operatingSystems),
  };
}
