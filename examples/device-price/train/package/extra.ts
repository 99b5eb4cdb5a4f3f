import { z } from "zod";

import type { DeviceRow } from "../data/device-row.ts";
import { numericFeatures } from "../data/numeric-features.ts";
import type { Vocabulary } from "../data/vocabulary.ts";

/** What a client of the model has to know, as `extra` of the package's manifest. */
export interface DevicePriceExtra extends Vocabulary {
  /** The numeric inputs in their order, with the range of the training rows, two decimals. */
  readonly numericFeatures: readonly {
    readonly name: string;
    readonly unit: string;
    readonly min: number;
    readonly max: number;
  }[];
}

/** Reads `extra` back out of a manifest. */
export const extraSchema: z.ZodType<DevicePriceExtra> = z.strictObject({
  numericFeatures: z.array(
    z.strictObject({ name: z.string(), unit: z.string(), min: z.number(), max: z.number() }),
  ),
  brands: z.array(z.string()),
  operatingSystems: z.array(z.string()),
});

/** `extra` for a model that was trained on the rows. */
export function describeInputs(rows: readonly DeviceRow[], vocabulary: Vocabulary): DevicePriceExtra {
  return {
    numericFeatures: numericFeatures.map(({ name, unit }) => {
      const values = rows.map((row) => row.numeric[name]).filter((value) => value !== undefined);
      const [min, max] = [Math.min(...values), Math.max(...values)];
      return { name, unit, min: Number(min.toFixed(2)), max: Number(max.toFixed(2)) };
    }),
    brands: vocabulary.brands,
    operatingSystems: vocabulary.operatingSystems,
  };
}
