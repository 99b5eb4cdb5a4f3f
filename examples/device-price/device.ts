import { z } from "zod";

/**
 * A used phone or tablet. Every field may be left out: the model was trained with missing fields,
 * and the answer says which ones it had to do without.
 */
export interface Device {
  /** Such as `Samsung`; letter case does not matter. */
  readonly brand?: string | undefined;
  /** `Android`, `iOS`, `Windows` or another name. */
  readonly os?: string | undefined;
  /** Price when new, in euros, 1 to 10000. */
  readonly newPriceEur?: number | undefined;
  /** Year of release, 2000 to 2100. */
  readonly releaseYear?: number | undefined;
  /** Days in use, 0 to 10000. */
  readonly daysUsed?: number | undefined;
  /** Main memory in gigabytes, 0 to 256. */
  readonly ramGb?: number | undefined;
  /** Storage in gigabytes, 0 to 4096. */
  readonly storageGb?: number | undefined;
  /** Screen diagonal in centimetres, 1 to 100. */
  readonly screenCm?: number | undefined;
  /** Resolution of the main camera in megapixels, 0 to 1000. */
  readonly rearCameraMp?: number | undefined;
  /** Resolution of the front camera in megapixels, 0 to 1000. */
  readonly frontCameraMp?: number | undefined;
  /** Battery capacity in milliampere-hours, 1 to 50000. */
  readonly batteryMah?: number | undefined;
  /** Weight in grams, 1 to 5000. */
  readonly weightGrams?: number | undefined;
  readonly has4g?: boolean | undefined;
  readonly has5g?: boolean | undefined;
}

const between = (min: number, max: number, unit: string): z.ZodOptional<z.ZodNumber> =>
  z
    .number({ error: `has to be a number of ${unit} from ${min} to ${max}` })
    .min(min)
    .max(max)
    .optional();
const name = z.string().trim().min(1).max(64).optional();

const fields: { readonly [Field in keyof Device]-?: z.ZodType<Device[Field], Device[Field]> } = {
  brand: name,
  os: name,
  newPriceEur: between(1, 10_000, "euros"),
  releaseYear: between(2000, 2100, "years"),
  daysUsed: between(0, 10_000, "days"),
  ramGb: between(0, 256, "gigabytes"),
  storageGb: between(0, 4096, "gigabytes"),
  screenCm: between(1, 100, "centimetres"),
  rearCameraMp: between(0, 1000, "megapixels"),
  frontCameraMp: between(0, 1000, "megapixels"),
  batteryMah: between(1, 50_000, "milliampere-hours"),
  weightGrams: between(1, 5000, "grams"),
  has4g: z.boolean().optional(),
  has5g: z.boolean().optional(),
};

const deviceFields: readonly (keyof Device)[] = Object.freeze(Object.keys(fields) as (keyof Device)[]);

/** Checks a device that comes from outside. */
export const deviceSchema: z.ZodType<Device, Device> = z
  .object(fields)
  .catchall(
    z.custom<never>(() => false, `is no field of a device; the fields are ${deviceFields.join(", ")}`),
  )
  .refine((device) => deviceFields.some((field) => device[field] !== undefined), {
    error: `give at least one field of ${deviceFields.join(", ")}`,
  });
