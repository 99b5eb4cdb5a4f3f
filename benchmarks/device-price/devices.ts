import type { Device } from "../../examples/device-price/device.ts";

/** What the devices of a run are drawn from. */
export interface DeviceOptions {
  readonly count: number;
  /** A 32-bit unsigned integer; equal seeds give equal devices. */
  readonly seed: number;
  /** The names that the model knows, and maybe one for all others. */
  readonly brands: readonly string[];
  readonly operatingSystems: readonly string[];
}

/** The share of fields that are left out, as they are in the data. */
const missingShare = 0.1;
/** The share of brands that no model has heard of. */
const unseenShare = 0.05;

/** Devices as clients send them: all different, some with fields missing, some of an unheard-of brand. */
export function createDevices({ count, seed, brands, operatingSystems }: DeviceOptions): Device[] {
  const random = createRandom(seed);
  const pick = <Value>(values: readonly Value[]): Value => values[Math.floor(random() * values.length)]!;
  const between = (min: number, max: number): number => Math.round(min + random() * (max - min));

  return Array.from({ length: count }, () => {
    const releaseYear = between(2013, 2020);
    const device: Device = {
      brand: random() < unseenShare ? "Brandless" : pick(brands),
      os: pick(operatingSystems),
      newPriceEur: between(60, 1200),
      releaseYear,
      daysUsed: between(90, 1100),
      ramGb: pick([1, 2, 3, 4, 6, 8, 12]),
      storageGb: pick([16, 32, 64, 128, 256]),
      screenCm: between(100, 260) / 10,
      rearCameraMp: pick([5, 8, 12, 12.2, 13, 16, 48]),
      frontCameraMp: pick([2, 5, 8, 16, 32]),
      batteryMah: between(1500, 7500),
      weightGrams: between(120, 480),
      has4g: random() < 0.8,
      has5g: releaseYear >= 2019 && random() < 0.4,
    };
    const given = Object.entries(device).filter(
      ([field]) => field === "newPriceEur" || random() >= missingShare,
    );
    return Object.fromEntries(given);
  });
}

/** Marsaglia's xorshift32 (2003): numbers in [0, 1), the same everywhere. */
function createRandom(seed: number): () => number {
  let state = seed >>> 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}
