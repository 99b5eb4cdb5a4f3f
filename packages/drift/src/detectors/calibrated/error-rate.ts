/** The share of errors with one of each kind added, so that it is never 0 or 1. */
export function smoothedRate(errors: number, count: number): number {
  return (errors + 1) / (count + 2);
}

/** The values after which a comparison with the past starts again, so that its false alarms have a rate. */
export const horizon = 10_000;
