import type { ModelPackage } from "@mlops/core";

import type { Device } from "../device.ts";
import { extraSchema } from "../train/package/extra.ts";
import { createRandom } from "../train/random.ts";

const flags = new Set(["has4g", "has5g"]);

/**
 * Devices as they might be asked for, the same ones for a seed: numbers from the whole range of
 * training and half as much again above it, every brand and system evenly and one that is not known,
 * and of each field a quarter left out.
 */
export function randomDevices(
  { manifest }: ModelPackage,
  { count, seed }: { readonly count: number; readonly seed: number },
): readonly Device[] {
  const { numericFeatures, brands, operatingSystems } = extraSchema.parse(manifest.extra);
  const random = createRandom(seed);
  const pick = (names: readonly string[]): string => names[Math.floor(random() * names.length)]!;
  const draws: Readonly<Record<string, () => unknown>> = {
    brand: () => pick([...brands, "Nobody"]),
    os: () => pick([...operatingSystems, "Nothing"]),
    ...Object.fromEntries(
      numericFeatures.map(({ name, min, max }) => [
        name,
        flags.has(name) ? () => random() < 0.5 : () => min + random() * 1.5 * (max - min),
      ]),
    ),
  };
  return Array.from({ length: count }, () => {
    const given = Object.entries(draws).filter(() => random() >= 0.25);
    // The schema checks the fields and their values when the device is priced.
    return Object.fromEntries(given.map(([field, draw]) => [field, draw()])) as Device;
  });
}
