import { countBuckets } from "../../routing/allocation.ts";
import type { Span } from "../state.ts";

/** More spans than this are laid out anew: a router has at most 255. */
const maxSpans = 200;

/** One span for each weight, in their order. The weights come to 1. */
export function layOut(weights: readonly number[]): Span[] {
  return countBuckets(weights).flatMap((buckets, version) =>
    buckets === 0 ? [] : [[version, buckets] as const],
  );
}

/** How many buckets each of `versions` versions has. */
export function bucketsOf(layout: readonly Span[], versions: number): number[] {
  const counts = Array.from({ length: versions }, () => 0);
  for (const [version, buckets] of layout) counts[version]! += buckets;
  return counts;
}

/**
 * The layout for other weights that moves the fewest buckets: versions that shrink give up their last
 * ones, versions that grow take just these, and everybody else stays where they are. Only where spans
 * became too many is everything laid out anew.
 */
export function moveBuckets(layout: readonly Span[], weights: readonly number[]): Span[] {
  const wanted = countBuckets(weights);
  const surplus = bucketsOf(layout, weights.length).map((count, version) => count - wanted[version]!);
  const missing = surplus.map((count) => Math.max(0, -count));
  const moved: Span[] = [];
  // From the end, so that it is the last ones that are given up.
  for (const [version, buckets] of layout.toReversed()) {
    const given = Math.max(0, Math.min(buckets, surplus[version]!));
    surplus[version]! -= given;
    let left = given;
    for (const [taker, count] of missing.entries()) {
      const taken = Math.min(left, count);
      if (taken > 0) moved.push([taker, taken]);
      missing[taker]! -= taken;
      left -= taken;
    }
    if (buckets > given) moved.push([version, buckets - given]);
  }
  const joined = join(moved.toReversed());
  return joined.length > maxSpans ? layOut(weights) : joined;
}

function join(spans: readonly Span[]): Span[] {
  const joined: Span[] = [];
  for (const [version, buckets] of spans) {
    const last = joined.at(-1);
    if (last?.[0] === version) joined[joined.length - 1] = [version, last[1] + buckets];
    else joined.push([version, buckets]);
  }
  return joined;
}
