import { createRandom, type Random } from "@mlops/stats";
import type { ProfileRow } from "./profile-data.ts";

const plans = ["basic", "pro", "team", "enterprise"] as const;
const words = "the quick brown fox jumps over lazy dogs while seven old clocks strike noon".split(" ");

/** One row with a column of each kind, and now and then what no column expects. */
function mixedRow(random: Random): ProfileRow {
  const isOdd = random() < 0.05;
  return {
    price: isOdd
      ? random.sample([Number.NaN, Infinity, -Infinity, null, "12"], 1)[0]
      : random.normal(100, 15),
    count: random.poisson(3),
    plan: isOdd ? null : plans[random.zipf(1, 4) - 1],
    code: `code-${random.zipf(0.7, 3_000)}`,
    isNew: isOdd ? "maybe" : random() < 0.3,
    boughtAt: new Date(1_700_000_000_000 + random.integer(1_000_000_000)),
    review: isOdd
      ? 7
      : Array.from({ length: 4 + random.integer(8) }, () => words[random.integer(words.length)]).join(" "),
    vector: isOdd ? [1, 2] : Float32Array.from({ length: 5 }, () => random.normal()),
  };
}

/** Rows with a column of each kind. */
export function mixedRows(count: number, seed: number): ProfileRow[] {
  const random = createRandom(seed);
  return Array.from({ length: count }, () => mixedRow(random));
}
