/** How far a value is from the wanted one: relative to it, or 0 where both are the same. */
export function relativeError(found: number, wanted: number): number {
  if (found === wanted) return 0;
  return Math.abs(found - wanted) / Math.abs(wanted);
}

/** Infinities are words in JSON. */
export function toNumber(value: number | string): number {
  return Number(value);
}

/**
 * A p-value's error in units of what is promised: 1e-9 of it, or 1e-6 below 1e-16.
 * A law that says 0 is right where the p-value is below the smallest number.
 */
export function pValueError(found: number, wanted: number): number {
  return relativeError(found, wanted) / (wanted < 1e-16 ? 1e-6 : 1e-9);
}

/** A statistic's error in units of what is promised: 1e-12 of it, or of the given scale. */
export function statisticError(found: number, wanted: number, scale = 0): number {
  if (found === wanted) return 0;
  return Math.abs(found - wanted) / Math.max(Math.abs(wanted), scale) / 1e-12;
}

/** The sample that the generator's `lcg` makes. */
export function lcgSample([seed, size, levels, shift]: readonly number[]): number[] {
  const values: number[] = [];
  let state = seed ?? 0;
  for (let i = 0; i < (size ?? 0); i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    values.push(Math.floor((state * (levels ?? 1)) / 2 ** 32) / (levels ?? 1) + (shift ?? 0));
  }
  return values;
}
