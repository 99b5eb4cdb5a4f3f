import { decodeBase64, encodeBase64 } from "./base64.ts";

/**
 * Whole numbers as text: each as its difference from the one before, in as few bytes of seven bits
 * as it needs (LEB128, the sign in the lowest bit), in base64.
 *
 * @param integers - Of less than 2⁵² in size.
 */
export function encodeIntegers(integers: ArrayLike<number>): string {
  const bytes: number[] = [];
  let previous = 0;
  for (let index = 0; index < integers.length; index += 1) {
    const difference = integers[index]! - previous;
    previous = integers[index]!;
    let rest = difference < 0 ? -2 * difference - 1 : 2 * difference;
    while (rest >= 128) {
      bytes.push((rest % 128) + 128);
      rest = Math.floor(rest / 128);
    }
    bytes.push(rest);
  }
  return encodeBase64(Uint8Array.from(bytes));
}

/**
 * @param limit - At most this many.
 * @returns `undefined` for what {@link encodeIntegers} cannot have given.
 */
export function decodeIntegers(text: string, limit: number): Float64Array | undefined {
  const bytes = decodeBase64(text);
  const integers: number[] = [];
  let previous = 0;
  let value = 0;
  let factor = 1;
  for (const byte of bytes) {
    value += (byte % 128) * factor;
    factor *= 128;
    if (value > Number.MAX_SAFE_INTEGER || factor > 2 ** 63) return undefined;
    if (byte >= 128) continue;
    if (integers.length === limit) return undefined;
    previous += value % 2 === 0 ? value / 2 : -(value + 1) / 2;
    integers.push(previous);
    value = 0;
    factor = 1;
  }
  return factor === 1 ? Float64Array.from(integers) : undefined;
}
