import type { DeviceRow } from "../data/device-row.ts";
import { createRandom } from "../random.ts";

/** Devices that were never sold: their prices follow a simple rule, plus noise. */
export function syntheticDevices(count: number, seed: number): DeviceRow[] {
  const random = createRandom(seed);
  const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(random() * items.length)]!;
  const between = (low: number, high: number): number => low + random() * (high - low);
  return Array.from({ length: count }, () => {
    const newPriceEur = Math.exp(between(3, 7));
    const daysUsed = Math.round(between(90, 1100));
    const ramGb = pick([1, 2, 4, 8]);
    return {
      brand: pick(["Aleph", "Bet", "Gimel", "Others"]),
      os: pick(["Android", "iOS", undefined]),
      numeric: {
        newPriceEur,
        releaseYear: pick([2013, 2015, 2017, 2019, 2020]),
        daysUsed,
        ramGb,
        storageGb: pick([16, 32, 64, 128]),
        screenCm: between(10, 18),
        rearCameraMp: pick([undefined, 5, 8, 13]),
        frontCameraMp: pick([0.3, 2, 5, 8]),
        batteryMah: between(1500, 5000),
        weightGrams: between(110, 260),
        has4g: pick([0, 1]),
        has5g: 0,
      },
      lnPrice: 0.8 * Math.log(newPriceEur) + 0.1 * ramGb - daysUsed / 2000 + between(-0.1, 0.1),
    };
  });
}
