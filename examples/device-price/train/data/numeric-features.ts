/** The names of the model's numeric inputs, as clients of the server write them. */
export type NumericFeatureName =
  | "newPriceEur"
  | "releaseYear"
  | "daysUsed"
  | "ramGb"
  | "storageGb"
  | "screenCm"
  | "rearCameraMp"
  | "frontCameraMp"
  | "batteryMah"
  | "weightGrams"
  | "has4g"
  | "has5g";

/** A numeric input of the model. */
export interface NumericFeature {
  readonly name: NumericFeatureName;
  readonly unit: string;
  /** The data set's column. */
  readonly column: string;
  /** How the column's cells read: a number, the logarithm of one, or yes and no. */
  readonly cell: "number" | "ln" | "yes-no";
  /** On which scale equal steps matter equally; `log1p` where zero is a common value. */
  readonly scale: "linear" | "log" | "log1p";
  /**
   * Where the feature's bins begin and end; without them, the quantiles of the training rows. A
   * value outside counts as the first or the last of them.
   */
  readonly edges?: readonly number[];
}

/** The numeric inputs, in the order of the model's `numeric` tensor. */
export const numericFeatures: readonly NumericFeature[] = [
  { name: "newPriceEur", unit: "EUR", column: "normalized_new_price", cell: "ln", scale: "log" },
  {
    name: "releaseYear",
    unit: "year",
    column: "release_year",
    cell: "number",
    scale: "linear",
    edges: [2013, 2014, 2015, 2016, 2017, 2018, 2019, 2020],
  },
  { name: "daysUsed", unit: "days", column: "days_used", cell: "number", scale: "linear" },
  {
    name: "ramGb",
    unit: "GB",
    column: "ram",
    cell: "number",
    scale: "log",
    edges: [0, 1, 2, 3, 4, 6, 8, 12],
  },
  {
    name: "storageGb",
    unit: "GB",
    column: "internal_memory",
    cell: "number",
    scale: "log",
    edges: [0, 4, 16, 32, 64, 128, 256, 512],
  },
  { name: "screenCm", unit: "cm", column: "screen_size", cell: "number", scale: "log" },
  { name: "rearCameraMp", unit: "MP", column: "rear_camera_mp", cell: "number", scale: "log1p" },
  { name: "frontCameraMp", unit: "MP", column: "front_camera_mp", cell: "number", scale: "log1p" },
  { name: "batteryMah", unit: "mAh", column: "battery", cell: "number", scale: "log" },
  { name: "weightGrams", unit: "g", column: "weight", cell: "number", scale: "log" },
  { name: "has4g", unit: "0 or 1", column: "four_g", cell: "yes-no", scale: "linear", edges: [0, 1] },
  { name: "has5g", unit: "0 or 1", column: "five_g", cell: "yes-no", scale: "linear", edges: [0, 1] },
];

/** What stands for a missing value in the model's `numeric` tensor. */
export const missingValue = -1;
