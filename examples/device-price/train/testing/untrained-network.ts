import type { DeviceRow } from "../data/device-row.ts";
import { buildVocabulary } from "../data/vocabulary.ts";
import { fitEncoder } from "../network/encoder.ts";
import { buildNetwork, type Network } from "../network/network.ts";

/** A small network for the rows, as it is before training, with a price of e⁴ euros in the middle. */
export function untrainedNetwork(
  rows: readonly DeviceRow[],
  { members, hiddenUnits }: { readonly members: number; readonly hiddenUnits: readonly number[] },
): Network {
  const { brands, operatingSystems } = buildVocabulary(rows);
  return buildNetwork({
    encoder: fitEncoder(rows),
    brandCount: brands.length,
    osCount: operatingSystems.length,
    lnPriceMean: 4,
    lnPriceDeviation: 0.6,
    settings: { members, hiddenUnits, brandDimensions: 3, osDimensions: 2 },
    seed: 1,
  });
}
