import { CodecError, defineModel, type Model, type ModelPackage, tensor } from "@mlops/core";
import { z } from "zod";

import { type Device, deviceSchema } from "./device.ts";

/** What a device is worth, and how well the model knew it. */
export interface DevicePrice {
  /** The price of the used device, in euros. */
  readonly priceEur: number;
  /** Fields that were not given. The model estimates without them, and is less sure. */
  readonly imputedFields: readonly (keyof Device)[];
  /** Fields whose value never occurred in training; the model treats them as unknown. */
  readonly unseenFields: readonly (keyof Device)[];
  /** Fields whose value lies outside what occurred in training; the model takes the nearest that did. */
  readonly outOfRangeFields: readonly (keyof Device)[];
}

/** The numeric inputs of the model, in the order of its `numeric` tensor. */
const numericFields = [
  "newPriceEur",
  "releaseYear",
  "daysUsed",
  "ramGb",
  "storageGb",
  "screenCm",
  "rearCameraMp",
  "frontCameraMp",
  "batteryMah",
  "weightGrams",
  "has4g",
  "has5g",
] as const satisfies readonly (keyof Device)[];

const missing = -1;
const unknownId = 0;

/** What the training wrote down for this code. */
const extraSchema = z.object({
  numericFeatures: z
    .array(z.object({ name: z.enum(numericFields), min: z.number(), max: z.number() }))
    .refine((features) => features.map((feature) => feature.name).join() === numericFields.join(), {
      error: `have to be ${numericFields.join(", ")}`,
    }),
  brands: z.array(z.string()),
  operatingSystems: z.array(z.string()),
});

/**
 * The device-price model: a device in, its price out.
 *
 * @param modelPackage - The folder that `train.ts` wrote.
 * @param format - Which of its formats to load.
 */
export function devicePriceModel(modelPackage: ModelPackage, format = "onnx"): Model<Device, DevicePrice> {
  const { numericFeatures, brands, operatingSystems } = extraSchema.parse(modelPackage.manifest.extra);
  const vocabularies = { brand: toIds(brands), os: toIds(operatingSystems) };

  return defineModel({
    ...modelPackage.model(format),
    rejectNonFinite: true,
    input: deviceSchema,
    encode(device) {
      const numeric = numericFields.map((field) => Number(device[field] ?? missing));
      return {
        numeric: tensor("float32", numeric, [1, numeric.length]),
        brand: tensor("int32", [idOf(vocabularies.brand, device.brand)], [1, 1]),
        os: tensor("int32", [idOf(vocabularies.os, device.os)], [1, 1]),
      };
    },
    decode({ ln_price: lnPrice }, device): DevicePrice {
      if (lnPrice?.dtype !== "float32") {
        throw new CodecError({
          model: "device-price",
          stage: "decode",
          problem: "there is no float32 ln_price",
        });
      }
      const fields = [...(["brand", "os"] as const), ...numericFields];
      return {
        priceEur: Math.round(Math.exp(lnPrice.data[0]!) * 100) / 100,
        imputedFields: fields.filter((field) => device[field] === undefined),
        unseenFields: (["brand", "os"] as const).filter(
          (field) => device[field] !== undefined && idOf(vocabularies[field], device[field]) === unknownId,
        ),
        outOfRangeFields: numericFeatures
          .filter(({ name, min, max }) => {
            const value = device[name];
            return value !== undefined && (Number(value) < min || Number(value) > max);
          })
          .map(({ name }) => name),
      };
    },
  });
}

/** The ids of the names; id 0 stands for all that are not known. */
function toIds(names: readonly string[]): ReadonlyMap<string, number> {
  return new Map(names.map((name, id) => [name.toLowerCase(), id]));
}

function idOf(ids: ReadonlyMap<string, number>, name: string | undefined): number {
  return name === undefined ? unknownId : (ids.get(name.toLowerCase()) ?? unknownId);
}
