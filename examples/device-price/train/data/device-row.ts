import type { NumericFeatureName } from "./numeric-features.ts";

/** One device of the data set. What a cell left empty is `undefined`. */
export interface DeviceRow {
  readonly brand: string | undefined;
  readonly os: string | undefined;
  /** In the units of `numericFeatures`; yes is 1 and no is 0. */
  readonly numeric: Readonly<Record<NumericFeatureName, number | undefined>>;
  /** The natural logarithm of the used price in euros. */
  readonly lnPrice: number;
}
