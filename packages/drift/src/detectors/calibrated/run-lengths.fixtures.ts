import type { Statistic } from "./statistic.ts";

/** A path of a statistic without a change: when it reached a new height, and which. */
interface Path {
  readonly times: readonly number[];
  readonly heights: readonly number[];
}

/**
 * Run lengths of a statistic for every limit at once. A run that is not over at the end of its path counts
 * with its length: total time over alarms is the mean of run lengths that are nearly geometric.
 */
export class RunLengths {
  readonly #paths: readonly Path[];
  readonly #length: number;

  constructor(
    create: (run: number) => Statistic,
    draw: () => number,
    { runs, length }: { readonly runs: number; readonly length: number },
  ) {
    this.#length = length;
    this.#paths = Array.from({ length: runs }, (_, run) => walk(create(run), draw, length));
  }

  /** The mean run length with that limit; Infinity without an alarm. */
  mean(limit: number): number {
    let time = 0;
    let alarms = 0;
    for (const { times, heights } of this.#paths) {
      const index = firstAbove(heights, limit);
      if (index === heights.length) {
        time += this.#length;
      } else {
        time += times[index]!;
        alarms += 1;
      }
    }
    return alarms === 0 ? Infinity : time / alarms;
  }

  /** The limit whose mean run length is `wanted`. */
  limit(wanted: number): number {
    let low = 0;
    let high = 1;
    while (this.mean(high) < wanted) high *= 2;
    for (let step = 0; step < 40; step += 1) {
      const middle = (low + high) / 2;
      if (this.mean(middle) < wanted) low = middle;
      else high = middle;
    }
    return high;
  }
}

function walk(statistic: Statistic, draw: () => number, length: number): Path {
  const times: number[] = [];
  const heights: number[] = [];
  let highest = -Infinity;
  for (let time = 1; time <= length; time += 1) {
    const height = statistic.next(draw());
    if (!(height > highest)) continue;
    highest = height;
    times.push(time);
    heights.push(height);
  }
  return { times, heights };
}

function firstAbove(heights: readonly number[], limit: number): number {
  let low = 0;
  let high = heights.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (heights[middle]! > limit) high = middle;
    else low = middle + 1;
  }
  return low;
}
