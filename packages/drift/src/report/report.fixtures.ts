import { createRandom, type Random } from "@mlops/stats";
import { detectDrift } from "../detect/detect-drift.ts";
import type { ProfileRow } from "../profile/profile-data.ts";
import type { DriftResult } from "../verdict/drift-result.ts";

const words = "the parcel came late and the box was torn but support was kind and quick".split(" ");
const newWords = "refund broken angry waited never again".split(" ");
const plans = ["basic", "pro", "team", "enterprise", "trial"] as const;
const countries = "DE FR NL BE AT CH IT ES PT PL CZ SK HU DK SE NO FI IE GB GR".split(" ");

/** One order of a shop; `drift` from 0 (as in the reference) to 1. */
function orderRow(random: Random, drift: number, row: number): ProfileRow {
  const pick = <Item>(items: readonly Item[]): Item => items[random.integer(items.length)]!;
  const isNew = random() < drift;
  return {
    price_eur: Math.exp(random.normal(3.4 + 0.25 * drift, 0.5)),
    discount: random() < 0.6 ? 0 : Math.round(random() * 40) / 100,
    items: 1 + random.poisson(2 + 0.02 * drift),
    weight_kg: random() < 0.01 + 0.09 * drift ? null : random.gamma(2, 1.5),
    latency_ms: random() < 0.004 + 0.02 * drift ? Number.NaN : random.exponential(1 / 80),
    plan: isNew && random() < 0.12 ? "student" : plans[random.zipf(1, plans.length) - 1],
    country:
      countries[Math.min(random.zipf(0.9, countries.length) - 1 + (isNew ? random.integer(3) : 0), 19)],
    channel: random() < 0.4 + 0.03 * drift ? "web" : "app",
    is_returning: random() < 0.45,
    has_coupon: random() < 0.2 + 0.15 * drift,
    ordered_at: new Date(1_735_700_000_000 + random.integer(15_000_000_000)),
    review: Array.from({ length: 4 + random.integer(8 + Math.round(4 * drift)) }, () =>
      pick(isNew && random() < 0.3 ? newWords : words),
    ).join(" "),
    image: Float32Array.from({ length: 16 }, (_, index) => random.normal(index === 3 ? drift : 0, 1)),
    age: Math.round(random.normal(41, 12)),
    score: random(),
    score_old: random() < 0.97 ? null : random(),
    ratio: random() < 0.02 * drift ? Infinity : random.normal(1, 0.1),
    version: drift > 0 && row % 3 > 0 ? 7 : 6,
    constant: 1,
    legacy_id: drift > 0 ? undefined : row,
  };
}

/** 20 columns of every kind: some drifted in one way or another, some not, one that is gone. */
export function orders(
  rows: number,
  { seed, drift }: { readonly seed: number; readonly drift: number },
): ProfileRow[] {
  const random = createRandom(seed);
  return Array.from({ length: rows }, (_, row) => {
    const { legacy_id, ...order } = orderRow(random, drift, row);
    return drift > 0 ? order : { ...order, legacy_id };
  });
}

/** The verdict on 20 columns of which some drifted. */
export function ordersResult(currentRows = 2_000): DriftResult {
  return detectDrift(orders(6_000, { seed: 1, drift: 0 }), orders(currentRows, { seed: 2, drift: 0.6 }));
}

/** The verdict on 100 columns: those of five shops side by side. */
export function hundredColumnsResult(): DriftResult {
  const shops = [0.6, 0, 0.2, 0.1, 0];
  const side = (rows: number, seed: number, isCurrent: boolean): ProfileRow[] => {
    const parts = shops.map((drift, shop) =>
      orders(rows, { seed: seed + shop, drift: isCurrent ? drift : 0 }),
    );
    return Array.from({ length: rows }, (_, row) =>
      Object.fromEntries(
        parts.flatMap((part, shop) =>
          Object.entries(part[row]!).map(([name, value]) => [`shop_${shop + 1}.${name}`, value]),
        ),
      ),
    );
  };
  return detectDrift(side(3_000, 10, false), side(1_000, 20, true));
}
