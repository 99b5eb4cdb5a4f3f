/** Both sides of a distribution at one point; the smaller one is exact, not 1 minus the other. */
export interface Tails {
  /** P(X ≤ x). */
  readonly lower: number;
  /** P(X > x). */
  readonly upper: number;
}

export function tailsFromLower(lower: number): Tails {
  return { lower, upper: 1 - lower };
}

export function tailsFromUpper(upper: number): Tails {
  return { lower: 1 - upper, upper };
}
