/** A part of a line that several experiments share, so that no key is in two of them. */
export interface Namespace {
  readonly id: string;
  /** Where the part begins, in [0, 1]. */
  readonly start: number;
  /** Where it ends; this number is no longer in it. */
  readonly end: number;
}

/** From the first number up to, but without, the second. */
export type Range = readonly [start: number, end: number];

/**
 * The number in [0, 1) that GrowthBook's JavaScript SDK gives a key under a seed: thousandths from
 * one FNV-1a hash in version 1, which is biased between seeds, and ten-thousandths from two in
 * version 2.
 *
 * It hashes UTF-16 code units, as that SDK does; GrowthBook's SDKs that hash UTF-8 bytes agree with
 * it for ASCII keys only.
 *
 * @see https://docs.growthbook.io/lib/build-your-own
 */
export function growthBookNumber(key: string, seed: string, version: 1 | 2): number {
  if (version === 1) return (fnv1a(key + seed) % 1000) / 1000;
  return (fnv1a(String(fnv1a(seed + key))) % 10_000) / 10_000;
}

/**
 * Where each variant's range lies. The starts do not depend on the coverage: more coverage moves
 * nobody. Weights that do not come to 1 within 0.01 are refused elsewhere, where GrowthBook would
 * take equal ones.
 */
export function growthBookRanges(weights: readonly number[], coverage: number): Range[] {
  let start = 0;
  return weights.map((weight) => {
    const range: Range = [start, start + coverage * weight];
    start += weight;
    return range;
  });
}

/** The first range that holds the number; -1 for none. */
export function indexOfRange(number: number, ranges: readonly Range[]): number {
  for (let index = 0; index < ranges.length; index += 1) {
    const [start, end] = ranges[index]!;
    if (number >= start && number < end) return index;
  }
  return -1;
}

/** Whether a key lies in a part of a namespace. */
export function isInNamespace(key: string, { id, start, end }: Namespace): boolean {
  const number = growthBookNumber(key, `__${id}`, 1);
  return number >= start && number < end;
}

/** FNV-1a, 32 bits, of a text's UTF-16 code units. */
function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return hash >>> 0;
}
