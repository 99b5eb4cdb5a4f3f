import type { EncodedRows } from "../data/encode-rows.ts";
import { missingValue, numericFeatures } from "../data/numeric-features.ts";
import type { Random } from "../random.ts";
import type { AugmentationRates } from "../settings.ts";

const newPriceIndex = numericFeatures.findIndex(({ name }) => name === "newPriceEur");

/** Hides values of the batch at random, in place: numbers become −1, brands and systems id 0. */
export function augment(batch: EncodedRows, rates: AugmentationRates, random: Random): void {
  const happens = (probability: number): boolean => random() < probability;
  const featureCount = numericFeatures.length;
  for (let row = 0; row < batch.count; row++) {
    const fewMissing = happens(rates.fewMissing.rows) ? rates.fewMissing.values : 0;
    const sparseness = happens(rates.sparseRows) ? random() : 0;
    for (let feature = 0; feature < featureCount; feature++) {
      const alone = feature === newPriceIndex ? rates.newPrice : 0;
      if (happens(fewMissing) || happens(sparseness) || happens(alone)) {
        batch.numeric[row * featureCount + feature] = missingValue;
      }
    }
    if (happens(rates.brand) || happens(sparseness / 2)) batch.brand[row] = 0;
    if (happens(rates.os) || happens(sparseness)) batch.os[row] = 0;
  }
}
