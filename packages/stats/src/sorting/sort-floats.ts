/**
 * Sorts doubles in place, ascending; there must be no NaN. -0 and 0 may come in any order.
 *
 * Large arrays are sorted by the upper 32 bits first (a radix sort in three passes of 11, 11 and 10
 * bits), which leaves almost nothing for the insertion sort that finishes. Where many values share
 * those bits, so that it would have much to do, the engine's own sort takes over.
 */
export function sortFloats(values: Float64Array): Float64Array {
  if (values.length < smallestForRadix) return values.sort();
  radixSortByUpperBits(values);
  return finishByInsertion(values) ? values : values.sort();
}

/** Below this the engine's sort is as fast. */
const smallestForRadix = 3_000;

function radixSortByUpperBits(values: Float64Array): void {
  const size = values.length;
  const upper = new Uint32Array(new Float64Array([1]).buffer)[1] === 0 ? 0 : 1;
  const scratch = new Float64Array(size);
  const words = new Uint32Array(values.buffer, values.byteOffset, 2 * size);
  const counts = new Uint32Array(buckets * 3);
  for (let i = upper; i < 2 * size; i += 2) {
    const key = ordered(words[i] ?? 0);
    const low = key & mask;
    const middle = buckets + ((key >>> 11) & mask);
    const high = 2 * buckets + (key >>> 22);
    counts[low] = (counts[low] ?? 0) + 1;
    counts[middle] = (counts[middle] ?? 0) + 1;
    counts[high] = (counts[high] ?? 0) + 1;
  }
  let from: Float64Array = values;
  let to: Float64Array = scratch;
  for (let pass = 0; pass < 3; pass++) {
    const offsets = counts.subarray(pass * buckets, (pass + 1) * buckets);
    if (!toOffsets(offsets, size)) continue;
    distribute(from, to, offsets, pass * 11, upper);
    [from, to] = [to, from];
  }
  if (from !== values) values.set(from);
}

/** Turns counts into the places where each bucket starts; false where one bucket holds all. */
function toOffsets(counts: Uint32Array, size: number): boolean {
  let sum = 0;
  for (let i = 0; i < counts.length; i++) {
    const count = counts[i] ?? 0;
    if (count === size) return false;
    counts[i] = sum;
    sum += count;
  }
  return true;
}

function distribute(
  from: Float64Array,
  to: Float64Array,
  offsets: Uint32Array,
  shift: number,
  upper: number,
): void {
  const words = new Uint32Array(from.buffer, from.byteOffset, 2 * from.length);
  for (let i = 0; i < from.length; i++) {
    const bucket = (ordered(words[2 * i + upper] ?? 0) >>> shift) & mask;
    const place = offsets[bucket] ?? 0;
    offsets[bucket] = place + 1;
    to[place] = from[i] ?? 0;
  }
}

/** The upper word of a double as an unsigned number that sorts as the double does. */
function ordered(word: number): number {
  return (word ^ ((word >> 31) | 0x80000000)) >>> 0;
}

/** False, with the values still a permutation, if it takes more than a few moves per value. */
function finishByInsertion(values: Float64Array): boolean {
  let moves = 8 * values.length;
  let previous = values[0] ?? 0;
  for (let i = 1; i < values.length; i++) {
    const value = values[i] ?? 0;
    if (value >= previous) {
      previous = value;
      continue;
    }
    let place = i;
    while (place > 0 && (values[place - 1] ?? 0) > value) {
      values[place] = values[place - 1] ?? 0;
      place -= 1;
    }
    values[place] = value;
    moves -= i - place;
    if (moves < 0) return false;
  }
  return true;
}

const buckets = 2_048;
const mask = buckets - 1;
