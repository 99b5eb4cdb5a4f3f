import { checkFiniteValues, checkOpenProbability } from "../arguments/check-sample.ts";
import { checkFinite, checkCount, checkPositive } from "../arguments/check-number.ts";
import { normalQuantile, normalSf } from "../distributions/normal.ts";
import { InvalidArgumentError } from "../errors/invalid-argument-error.ts";
import { bisect } from "../numeric/bisect.ts";
import { BoundaryWalk } from "./boundary-walk.ts";

/**
 * How the error rate is shared out over planned looks at times t (0 to 1, the share of all data).
 *
 * Bounds of a given form, whose constant c makes the whole error rate `alpha`:
 * - `pocock`: c at every look;
 * - `obrien-fleming`: c / √t, hard to cross early, nearly the usual value at the end;
 * - `wang-tsiatis`: c · t^(delta - 1/2), between the two;
 * - `haybittle-peto`: `interim` (3 by default) at every look but the last, which gets the rest.
 *
 * Spending functions, which say how much of alpha may be spent by time t, and hold when looks come at
 * other times or in other numbers than planned:
 * - `lan-demets-obrien-fleming`: 2 - 2Φ(z(α/2) / √t);
 * - `lan-demets-pocock`: α ln(1 + (e - 1) t);
 * - `power`: α t^exponent;
 * - `hwang-shih-decani`: α (1 - e^(-γt)) / (1 - e^(-γ)).
 *
 * With two sides each side spends so with half of alpha.
 */
export type GroupSequentialShape =
  | { readonly kind: "pocock" | "obrien-fleming" | "lan-demets-obrien-fleming" | "lan-demets-pocock" }
  | { readonly kind: "wang-tsiatis"; readonly delta: number }
  | { readonly kind: "haybittle-peto"; readonly interim?: number }
  | { readonly kind: "power"; readonly exponent: number }
  | { readonly kind: "hwang-shih-decani"; readonly gamma: number };

export interface GroupSequentialOptions {
  readonly shape: GroupSequentialShape;
  /** The times of the looks, rising, above 0 and up to 1; or how many evenly spaced looks there are. */
  readonly looks: number | readonly number[];
  /** The chance of any crossing under the null hypothesis, above 0 and below 1; 0.05 by default. */
  readonly alpha?: number;
  /** 2 by default: |z| against the bound. 1: z against it. */
  readonly sides?: 1 | 2;
}

/** One planned look. */
export interface GroupSequentialLook {
  /** Share of all data, above 0 and up to 1. */
  readonly time: number;
  /** Stop when z (two-sided: |z|) is at or above it; Infinity where there is nothing to spend. */
  readonly bound: number;
  /** The p-value of a single look with that bound. */
  readonly nominalPValue: number;
  /** The chance under the null hypothesis of having crossed by now. */
  readonly spent: number;
}

/**
 * Bounds for a test that is looked at a few planned times and may stop at each.
 *
 * z is the usual standardised difference with the data so far. Use this where the amount of data is
 * known in advance: then it needs less data than a confidence sequence, which may be looked at any time.
 * Bounds agree with published tables (Jennison and Turnbull 2000, tables 2.1 to 2.4) and with
 * `gsDesign` and `ldbounds` to the digits those print; the integration itself is accurate to about 1e-10.
 *
 * @example
 * groupSequentialBounds({ shape: { kind: "obrien-fleming" }, looks: 3 }).map(({ bound }) => bound);
 * // [3.471…, 2.454…, 2.004…]
 */
export function groupSequentialBounds({
  shape,
  looks,
  alpha = 0.05,
  sides = 2,
}: GroupSequentialOptions): GroupSequentialLook[] {
  checkOpenProbability("alpha", alpha);
  const times = timesOf(looks);
  const bounds = boundsOf(shape, times, alpha, sides);
  const walk = new BoundaryWalk(sides);
  let spent = 0;
  return times.map((time, look) => {
    const bound = bounds[look] ?? Infinity;
    spent += walk.crossing(time, bound);
    walk.advance(time, bound);
    return { time, bound, nominalPValue: sides * normalSf(bound), spent };
  });
}

/**
 * The chance to stop at each look when the statistic drifts: the power of a plan.
 *
 * @param options.drift The mean of z when all data are in, such as 3.24 for a single look's power of 0.9.
 *
 * @example
 * const looks = groupSequentialBounds({ shape: { kind: "obrien-fleming" }, looks: 2 });
 * crossingProbabilities(looks, { drift: 3.24 }); // [0.306…, 0.591…]: power 0.898
 */
export function crossingProbabilities(
  looks: readonly { readonly time: number; readonly bound: number }[],
  { drift, sides = 2 }: { readonly drift: number; readonly sides?: 1 | 2 },
): number[] {
  checkFinite("drift", drift);
  checkTimes(looks.map(({ time }) => time));
  const walk = new BoundaryWalk(sides, drift);
  return looks.map(({ time, bound }) => {
    const chance = walk.crossing(time, bound);
    walk.advance(time, bound);
    return chance;
  });
}

function timesOf(looks: number | readonly number[]): readonly number[] {
  if (typeof looks !== "number") {
    checkTimes(looks);
    return looks;
  }
  checkCount("looks", looks, 1);
  return Array.from({ length: looks }, (_, look) => (look + 1) / looks);
}

function checkTimes(times: readonly number[]): void {
  checkFiniteValues("looks", times);
  for (const [look, time] of times.entries()) {
    if (time > (times[look - 1] ?? 0) && time <= 1) continue;
    throw new InvalidArgumentError(`looks[${look}] is ${time}; pass rising times above 0 and up to 1.`, {
      argument: `looks[${look}]`,
    });
  }
}

function boundsOf(
  shape: GroupSequentialShape,
  times: readonly number[],
  alpha: number,
  sides: 1 | 2,
): readonly number[] {
  switch (shape.kind) {
    case "pocock":
      return scaled(
        times.map(() => 1),
        times,
        alpha,
        sides,
      );
    case "obrien-fleming":
      return scaled(
        times.map((time) => 1 / Math.sqrt(time)),
        times,
        alpha,
        sides,
      );
    case "wang-tsiatis":
      checkFinite("shape.delta", shape.delta);
      return scaled(
        times.map((time) => time ** (shape.delta - 0.5)),
        times,
        alpha,
        sides,
      );
    case "haybittle-peto":
      return closed(shape.interim ?? 3, times, alpha, sides);
    case "lan-demets-obrien-fleming":
      return spending(
        (time, side) => 2 * normalSf(-normalQuantile(side / 2) / Math.sqrt(time)),
        times,
        alpha,
        sides,
      );
    case "lan-demets-pocock":
      return spending((time, side) => side * Math.log1p((Math.E - 1) * time), times, alpha, sides);
    case "power":
      checkPositive("shape.exponent", shape.exponent);
      return spending((time, side) => side * time ** shape.exponent, times, alpha, sides);
    case "hwang-shih-decani":
      checkFinite("shape.gamma", shape.gamma);
      return spending(
        (time, side) =>
          shape.gamma === 0
            ? side * time
            : (side * Math.expm1(-shape.gamma * time)) / Math.expm1(-shape.gamma),
        times,
        alpha,
        sides,
      );
  }
}

/** The multiple of `forms` whose chance of any crossing is alpha. */
function scaled(forms: readonly number[], times: readonly number[], alpha: number, sides: 1 | 2): number[] {
  const total = (factor: number): number => {
    const walk = new BoundaryWalk(sides);
    return times.reduce((sum, time, look) => {
      const bound = factor * (forms[look] ?? 0);
      const chance = walk.crossing(time, bound);
      walk.advance(time, bound);
      return sum + chance;
    }, 0);
  };
  // A single look needs z(α); all looks together need no more than Bonferroni's bound at the loosest form.
  const least = -normalQuantile(alpha / sides) / Math.max(...forms);
  const most = -normalQuantile(alpha / sides / times.length) / Math.min(...forms);
  const factor = most - least < 1e-12 ? least : solveFalling(total, alpha, [least, most]);
  return forms.map((form) => factor * form);
}

/** The given bound at every look but the last, which spends what is left of alpha. */
function closed(interim: number, times: readonly number[], alpha: number, sides: 1 | 2): number[] {
  checkPositive("shape.interim", interim);
  const walk = new BoundaryWalk(sides);
  let spent = 0;
  for (const time of times.slice(0, -1)) {
    spent += walk.crossing(time, interim);
    walk.advance(time, interim);
  }
  if (spent >= alpha) {
    throw new InvalidArgumentError(
      `shape.interim is ${interim}, whose looks spend ${spent} of alpha, ${alpha}; pass a higher bound.`,
      { argument: "shape.interim" },
    );
  }
  const last = bisect((bound) => walk.crossing(times.at(-1) ?? 1, bound) > alpha - spent, 0, 40);
  return [...times.slice(0, -1).map(() => interim), last];
}

/** The bounds that spend `allowed(time, alpha of one side)` by each time. */
function spending(
  allowed: (time: number, side: number) => number,
  times: readonly number[],
  alpha: number,
  sides: 1 | 2,
): number[] {
  const walk = new BoundaryWalk(sides);
  let before = 0;
  return times.map((time) => {
    const spent = sides * allowed(time, alpha / sides);
    const now = spent - before;
    before = spent;
    const bound = now > 0 ? bisect((candidate) => walk.crossing(time, candidate) > now, -10, 40) : Infinity;
    walk.advance(time, bound);
    return bound;
  });
}

/**
 * Where a falling positive function reaches `target`, between `low`, where it is above, and `high`. Each
 * question costs a whole walk, so the secant of the logarithm is followed (Illinois method) instead of
 * halving: about ten questions.
 */
function solveFalling(
  fall: (place: number) => number,
  target: number,
  [low, high]: readonly [number, number],
): number {
  const excess = (place: number): number => Math.log(Math.max(fall(place), Number.MIN_VALUE) / target);
  let [left, right] = [low, high];
  let [above, below] = [excess(left), excess(right)];
  let last = 0;
  for (let step = 0; step < 100 && right - left > 1e-13; step += 1) {
    const place = (left * below - right * above) / (below - above);
    const here = excess(place);
    if (here === 0) return place;
    if (here > 0) {
      [left, above] = [place, here];
      if (last > 0) below /= 2;
    } else {
      [right, below] = [place, here];
      if (last < 0) above /= 2;
    }
    if (Math.abs(here) < 1e-13) return place;
    last = here;
  }
  return (left + right) / 2;
}
