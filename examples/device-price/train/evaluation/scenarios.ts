import type { DeviceRow } from "../data/device-row.ts";
import { type NumericFeatureName, numericFeatures } from "../data/numeric-features.ts";

/** A way in which a request knows less than the data set does. */
export interface Scenario {
  readonly name: string;
  /** The row without what the scenario hides. */
  readonly hide: (row: DeviceRow) => DeviceRow;
}

/** What the model is measured on besides the rows as they are. */
export const scenarios: readonly Scenario[] = [
  { name: "newPriceEur missing", hide: (row) => withoutNumeric(row, (name) => name === "newPriceEur") },
  { name: "brand unknown", hide: (row) => ({ ...row, brand: undefined }) },
  {
    name: "only brand, releaseYear, ramGb and storageGb given",
    hide: (row) => ({ ...withoutNumeric(row, (name) => !fourFields.has(name)), os: undefined }),
  },
];

const fourFields: ReadonlySet<NumericFeatureName> = new Set(["releaseYear", "ramGb", "storageGb"]);

function withoutNumeric(row: DeviceRow, hidden: (name: NumericFeatureName) => boolean): DeviceRow {
  const gone = numericFeatures.filter(({ name }) => hidden(name)).map(({ name }) => [name, undefined]);
  return { ...row, numeric: { ...row.numeric, ...Object.fromEntries(gone) } };
}
