import type { DeviceRow } from "./device-row.ts";

/** The names that the model tells apart. A name's index is its id; id 0 is every other one. */
export interface Vocabulary {
  readonly brands: readonly string[];
  readonly operatingSystems: readonly string[];
}

/** What the data set calls the brands that it does not name: to the model, an unknown brand. */
const otherBrands = "Others";

/** `Others` is one of the data set's systems, with an id of its own: known to be none of these three. */
const operatingSystems: readonly string[] = ["unknown", "Android", "iOS", "Windows", "Others"];

/** The names in the rows: brands in the order of their code points after `Others`, id 0. */
export function buildVocabulary(rows: readonly DeviceRow[]): Vocabulary {
  const brands = new Set(rows.map((row) => row.brand).filter((brand) => brand !== undefined));
  brands.delete(otherBrands);
  // The default order is that of UTF-16 code units, which no locale changes.
  return { brands: [otherBrands, ...[...brands].toSorted()], operatingSystems };
}

/** The id of a name, 0 for an unknown one or none. */
export function idOf(names: readonly string[], name: string | undefined): number {
  return name === undefined ? 0 : Math.max(0, names.indexOf(name));
}
