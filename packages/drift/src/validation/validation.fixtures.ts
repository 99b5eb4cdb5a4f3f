import { createRandom, type Random } from "@mlops/stats";
import type { ProfileRow } from "../profile/profile-data.ts";

const plans = ["basic", "pro", "team"] as const;

/** An order as a reference has it: a column of each kind. */
export function order(random: Random, index: number): ProfileRow {
  const placedAt = 1_700_000_000_000 + random.integer(1_000_000_000);
  return {
    id: `${(index + 0x10000000).toString(16)}-0000-4000-8000-${String(random.integer(1_000_000)).padStart(12, "0")}`,
    age: 18 + random.integer(60),
    price: Math.exp(random.normal(3, 1)),
    plan: plans[random.integer(3)],
    isNew: random() < 0.4,
    placedAt: new Date(placedAt),
    shippedAt: new Date(placedAt + random.integer(1_000_000)),
    note:
      random() < 0.2
        ? null
        : `please leave it at ${random.integer(100_000)} ${"or with the neighbours ".repeat(random.integer(3))}`,
    vector: Float32Array.from({ length: 4 }, () => random.normal()),
  };
}

/** Some orders. */
export function orders(count: number, seed: number): ProfileRow[] {
  const random = createRandom(seed);
  return Array.from({ length: count }, (_, index) => order(random, index));
}
