import type { DescribedSignature } from "@mlops/core";

import { missingValue, numericFeatures } from "../data/numeric-features.ts";

/** What the model takes and gives, in words. */
export const signature: DescribedSignature = {
  inputs: [
    {
      name: "numeric",
      dtype: "float32",
      shape: ["batch", numericFeatures.length],
      description:
        `Raw values in this order: ${numericFeatures.map(({ name, unit }) => `${name} (${unit})`).join(", ")}. ` +
        `${missingValue} stands for a missing value, and so does any number up to -0.001. ` +
        `A value outside of extra.numericFeatures' range counts as the nearest one inside. No NaN, no infinity.`,
    },
    {
      name: "brand",
      dtype: "int32",
      shape: ["batch", 1],
      description: "Index into extra.brands; 0 for every other brand and for an unknown one.",
    },
    {
      name: "os",
      dtype: "int32",
      shape: ["batch", 1],
      description: "Index into extra.operatingSystems; 0 for an unknown one.",
    },
  ],
  outputs: [
    {
      name: "ln_price",
      dtype: "float32",
      shape: ["batch", 1],
      description: "Natural logarithm of the used price in euros.",
    },
  ],
};
