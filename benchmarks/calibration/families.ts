import type { Random } from "@mlops/stats";

/** A distribution that columns are drawn from. */
export interface Family {
  readonly name: string;
  readonly kind: "numeric" | "categorical";
  /** Draws rows; of a categorical family the rank of the category. */
  draw(random: Random, rows: number): Float64Array;
}

/** Light tails, heavy tails, many ties, and a long tail of categories. */
export const families: readonly Family[] = [
  { name: "normal", kind: "numeric", draw: drawing((random) => random.normal()) },
  { name: "heavy-tailed", kind: "numeric", draw: drawing((random) => random.studentT(2)) },
  { name: "integer", kind: "numeric", draw: drawing((random) => random.poisson(3)) },
  { name: "Zipf", kind: "categorical", draw: drawing((random) => random.zipf(1.2, 500)) },
];

function drawing(draw: (random: Random) => number): Family["draw"] {
  return (random, rows) => {
    const values = new Float64Array(rows);
    for (let row = 0; row < rows; row += 1) values[row] = draw(random);
    return values;
  };
}
