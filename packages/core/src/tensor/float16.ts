const float32 = new Float32Array(1);
const bits32 = new Uint32Array(float32.buffer);

/**
 * The binary16 bit pattern nearest to `value`, ties to even, as IEEE 754 rounds.
 *
 * @param value - Any number. Magnitudes of 65520 and above become infinity; NaN becomes a quiet NaN.
 * @returns An integer in [0, 65535].
 */
export function float16FromNumber(value: number): number {
  // Rounding a double to binary32 first and to binary16 after could round twice. Rounding to
  // odd in the first step keeps the second one exact: set the last bit when anything was lost.
  float32[0] = value;
  let bits = bits32[0]!;
  if (float32[0] !== value && Number.isFinite(value) && Number.isFinite(float32[0])) {
    const roundedAway = Math.abs(float32[0]) > Math.abs(value);
    if (roundedAway) bits -= 1;
    bits |= 1;
  }
  const sign = (bits >>> 16) & 0x8000;
  const exponent = (bits >>> 23) & 0xff;
  const fraction = bits & 0x7fffff;
  if (exponent === 0xff) return sign | 0x7c00 | (fraction === 0 ? 0 : 0x200);

  const unbiased = exponent - 127;
  if (unbiased > 15) return sign | 0x7c00;
  if (unbiased < -25) return sign;
  if (unbiased < -14) {
    const significand = fraction | 0x800000;
    return sign | roundShift(significand, -unbiased - 1);
  }
  // A carry out of the fraction moves into the exponent, up to infinity, as it should.
  return sign | (((unbiased + 15) << 10) + roundShift(fraction, 13));
}

/** The value of a binary16 bit pattern: an integer in [0, 65535]. */
export function numberFromFloat16(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >>> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : Number.NaN;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** `value >> shift`, rounded to nearest, ties to even. */
function roundShift(value: number, shift: number): number {
  const quotient = value >>> shift;
  const remainder = value & (2 ** shift - 1);
  const half = 2 ** (shift - 1);
  const up = remainder > half || (remainder === half && (quotient & 1) === 1);
  return up ? quotient + 1 : quotient;
}
