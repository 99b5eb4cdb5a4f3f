/** Where two empirical distribution functions are furthest apart, in whole numbers. */
export interface KsExtremes {
  /** The largest `(F₁ - F₂)·n₁·n₂`, at least 0. */
  readonly above: number;
  /** The smallest value at which it is reached; the largest of all values if it is 0. */
  readonly aboveAt: number;
  /** The largest `(F₂ - F₁)·n₁·n₂`, at least 0. */
  readonly below: number;
  readonly belowAt: number;
}

/**
 * One walk through two sorted samples.
 *
 * Which sample steps next is a coin toss that no processor predicts, so the step is arithmetic
 * instead of a branch. Where an extreme lies is remembered by stretch, and looked up at the end.
 */
export function ksExtremes(first: Float64Array, second: Float64Array): KsExtremes {
  const n = first.length;
  const m = second.length;
  const walk: Walk = { i: 0, j: 0, difference: 0, above: 0, below: 0 };
  let aboveStart: Walk | undefined;
  let belowStart: Walk | undefined;
  // Once one sample is used up, the difference only goes back to 0.
  while (walk.i < n && walk.j < m) {
    const start = { ...walk };
    advance(first, second, walk, stretch);
    if (walk.above > start.above) aboveStart = start;
    if (walk.below < start.below) belowStart = start;
  }
  const largest = Math.max(first[n - 1] ?? 0, second[m - 1] ?? 0);
  return {
    above: walk.above,
    aboveAt: locate(first, second, aboveStart, walk.above) ?? largest,
    below: Math.abs(walk.below),
    belowAt: locate(first, second, belowStart, walk.below) ?? largest,
  };
}

/** How far a walk has come, its `(F₁ - F₂)·n₁·n₂`, and the extremes of that on the way. */
interface Walk {
  i: number;
  j: number;
  difference: number;
  above: number;
  below: number;
}

const stretch = 4_096;

/** Up to `steps` values further, and past all that equal the last one. */
function advance(first: Float64Array, second: Float64Array, walk: Walk, steps: number): void {
  const n = first.length;
  const m = second.length;
  const total = n + m;
  let { i, j, difference, above, below } = walk;
  // The sum, not either index, bounds the loop, so that a run of equal values may overshoot.
  const end = i + j + steps;
  while (i < n && j < m && i + j < end) {
    const x = first[i] ?? 0;
    const y = second[j] ?? 0;
    if (x === y) {
      do {
        difference += m;
        i += 1;
      } while (i < n && first[i] === x);
      do {
        difference -= n;
        j += 1;
      } while (j < m && second[j] === x);
    } else {
      const firstSteps = Number(x < y);
      i += firstSteps;
      j += 1 - firstSteps;
      difference += firstSteps * total - n;
    }
    above = Math.max(above, difference);
    below = Math.min(below, difference);
  }
  walk.i = i;
  walk.j = j;
  walk.difference = difference;
  walk.above = above;
  walk.below = below;
}

/** The value at which the difference becomes `wanted`, in the stretch that begins at `start`. */
function locate(
  first: Float64Array,
  second: Float64Array,
  start: Walk | undefined,
  wanted: number,
): number | undefined {
  if (start === undefined) return undefined;
  const walk = { ...start };
  for (;;) {
    const value = Math.min(first[walk.i] ?? Infinity, second[walk.j] ?? Infinity);
    advance(first, second, walk, 1);
    if (walk.difference === wanted) return value;
  }
}
