import { InvalidArgumentError } from "../errors/invalid-argument-error.ts";
import { addedCounts, type ZeroHandling } from "./zero-handling.ts";

/** Two distributions over the same cells, as fractions of their totals. */
export interface PairedShares {
  readonly p: Float64Array;
  readonly q: Float64Array;
  /** The totals before division: the sample sizes, when counts were given. */
  readonly totalP: number;
  readonly totalQ: number;
}

/**
 * Checks two lists of counts or probabilities and divides each by its total. Cells that are empty
 * in both are left out: no distance depends on them.
 *
 * @throws InvalidArgumentError for no cells, different lengths, a negative or non-finite entry, or
 * a total of 0.
 */
export function pairShares(
  p: ArrayLike<number>,
  q: ArrayLike<number>,
  zeros: ZeroHandling = "none",
): PairedShares {
  if (p.length !== q.length || p.length === 0) {
    throw new InvalidArgumentError(
      `q has ${q.length} cells and p has ${p.length}; pass two lists over the same cells, at least one.`,
      { argument: "q" },
    );
  }
  const totalP = checkedTotal(p, "p");
  const totalQ = checkedTotal(q, "q");
  const kept: number[] = [];
  let hasGap = false;
  for (let cell = 0; cell < p.length; cell += 1) {
    const isEmptyInP = p[cell] === 0;
    const isEmptyInQ = q[cell] === 0;
    if (isEmptyInP && isEmptyInQ) continue;
    if ((isEmptyInP || isEmptyInQ) && zeros === "exclude") continue;
    hasGap ||= isEmptyInP || isEmptyInQ;
    kept.push(cell);
  }
  const added = hasGap ? addedCounts(zeros) : 0;
  if (added > 0) {
    checkCounts(p, totalP, "p");
    checkCounts(q, totalQ, "q");
  }
  const floor = typeof zeros === "object" && "floor" in zeros ? zeros.floor : 0;
  const toShares = (counts: ArrayLike<number>, total: number): Float64Array => {
    const whole = total + added * kept.length;
    return Float64Array.from(kept, (cell) => Math.max((counts[cell]! + added) / whole, floor));
  };
  return { p: toShares(p, totalP), q: toShares(q, totalQ), totalP, totalQ };
}

function checkedTotal(counts: ArrayLike<number>, name: string): number {
  let total = 0;
  for (let cell = 0; cell < counts.length; cell += 1) {
    const count = counts[cell]!;
    if (!(count >= 0 && count < Infinity)) {
      throw new InvalidArgumentError(
        `${name}[${cell}] is ${String(count)}; pass counts or probabilities: finite numbers from 0.`,
        { argument: `${name}[${cell}]` },
      );
    }
    total += count;
  }
  if (total > 0 && total < Infinity) return total;
  throw new InvalidArgumentError(`${name} adds up to ${total}; pass at least one cell above 0.`, {
    argument: name,
  });
}

/**
 * Refuses what can only be probabilities, where only counts make sense.
 *
 * @throws InvalidArgumentError when the total is at most 1 and an entry is a fraction.
 */
export function checkCounts(counts: ArrayLike<number>, total: number, name: string): void {
  if (total > 1 + 1e-9) return;
  for (let cell = 0; cell < counts.length; cell += 1) {
    if (Number.isInteger(counts[cell]!)) continue;
    throw new InvalidArgumentError(
      `${name} holds probabilities, and this needs counts: pass counts, or for empty cells zeros: { floor: 1e-4 }.`,
      { argument: name },
    );
  }
}
