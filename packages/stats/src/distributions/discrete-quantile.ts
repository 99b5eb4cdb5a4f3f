import type { Tails } from "../special/tails.ts";

/**
 * The smallest count from 0 to `maximum` whose lower tail reaches `level`, by bisection.
 *
 * A level that is a tail's own value, but for rounding (64 units in the last place), counts as
 * reached. Above 1/2 the upper tails are compared, which keep their digits.
 */
export function discreteQuantile(level: number, maximum: number, tails: (count: number) => Tails): number {
  if (level === 0) return 0;
  const rounding = 64 * 2 ** -53;
  const reaches = (count: number) => {
    const { lower, upper } = tails(count);
    return level <= 0.5 ? lower >= level * (1 - rounding) : upper <= 1 - level + rounding * level;
  };
  if (level === 1) return maximum;
  let step = 1;
  while (step < maximum && !reaches(step - 1)) step *= 2;
  let below = step === 1 ? -1 : step / 2 - 1;
  let reached = Math.min(step - 1, maximum);
  if (step >= maximum) reached = maximum;
  while (reached - below > 1) {
    const middle = below + Math.floor((reached - below) / 2);
    if (reaches(middle)) reached = middle;
    else below = middle;
  }
  return reached;
}
