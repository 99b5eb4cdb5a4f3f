import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { float16FromNumber, numberFromFloat16 } from "./float16.ts";

const patternCount = 65_536;
const isNaNPattern = (bits: number): boolean => (bits & 0x7c00) === 0x7c00 && (bits & 0x03ff) !== 0;

/** The engine's own conversion, where it has one; TypeScript's library does not know it yet. */
const NativeFloat16Array = Reflect.get(globalThis, "Float16Array") as
  | (new (length: number) => { [index: number]: number; readonly buffer: ArrayBuffer })
  | undefined;

/** Every finite value of at least 0 in order, so that the index is the bit pattern. */
const finiteValues = Array.from({ length: 0x7c00 }, (_, bits) => numberFromFloat16(bits));

/** IEEE 754's rounding by its definition: the nearest value, and of two the one with an even last bit. */
function nearestByDefinition(value: number): number {
  const sign = Object.is(value, -0) || value < 0 ? 0x8000 : 0;
  const magnitude = Math.abs(value);
  // The value after the largest would be 65536; half-way to it rounds to the even one, infinity.
  if (magnitude >= 65_520) return sign | 0x7c00;
  let low = 0;
  let high = finiteValues.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (finiteValues[middle]! <= magnitude) low = middle;
    else high = middle - 1;
  }
  const above = Math.min(low + 1, finiteValues.length - 1);
  // Both differences are exact: each is of two doubles within a factor of two, or has 53 bits to spare.
  const down = magnitude - finiteValues[low]!;
  const up = finiteValues[above]! - magnitude;
  const goesUp = up < down || (up === down && low % 2 === 1);
  return sign | (goesUp ? above : low);
}

/** Doubles where rounding is hard: at and right beside the half-way point of two neighbours. */
const hardDouble = fc
  .record({
    index: fc.nat(0x7bfe),
    step: fc.constantFrom(-1, 0, 1),
    scale: fc.integer({ min: 27, max: 52 }),
    negative: fc.boolean(),
  })
  .map(({ index, step, scale, negative }) => {
    const tie = (finiteValues[index]! + finiteValues[index + 1]!) / 2;
    const value = tie * (1 + step * 2 ** -scale);
    return negative ? -value : value;
  });

const anyDouble = fc.oneof(
  hardDouble,
  fc.double({ noNaN: true }),
  fc.double({ min: -70_000, max: 70_000, noNaN: true }),
  fc.double({ min: -(2 ** -13), max: 2 ** -13, noNaN: true }),
  fc.constantFrom(
    0,
    -0,
    Infinity,
    -Infinity,
    2 ** -24,
    2 ** -25,
    2 ** -25 * (1 + 2 ** -52),
    2 ** -14,
    65_504,
    65_520,
  ),
);

describe("float16", () => {
  test("every one of the 65,536 bit patterns comes back", () => {
    const changed: number[] = [];
    for (let bits = 0; bits < patternCount; bits += 1) {
      const expected = isNaNPattern(bits) ? 0x7e00 : bits;
      if (float16FromNumber(numberFromFloat16(bits)) !== expected) changed.push(bits);
    }
    expect(changed).toEqual([]);
  });

  test.each([
    [0x0000, 0],
    [0x8000, -0],
    [0x0001, 2 ** -24],
    [0x03ff, 1023 * 2 ** -24],
    [0x0400, 2 ** -14],
    [0x3555, 0.333251953125],
    [0x3c00, 1],
    [0xc000, -2],
    [0x7bff, 65_504],
    [0x7c00, Infinity],
    [0xfc00, -Infinity],
    [0x7e00, Number.NaN],
    [0xfc01, Number.NaN],
  ])("%i is %d", (bits, value) => {
    expect(numberFromFloat16(bits)).toBe(value);
  });

  test("values grow with their patterns, and a sign bit negates", () => {
    const wrong: number[] = [];
    for (let bits = 1; bits <= 0x7c00; bits += 1) {
      const value = numberFromFloat16(bits);
      if (!(value > numberFromFloat16(bits - 1)) || numberFromFloat16(bits | 0x8000) !== -value)
        wrong.push(bits);
    }
    expect(wrong).toEqual([]);
  });

  test("rounds to nearest, ties to even, at every pair of neighbours and right beside", () => {
    const wrong: number[] = [];
    for (let bits = 0; bits < 0x7bff; bits += 1) {
      const tie = (finiteValues[bits]! + finiteValues[bits + 1]!) / 2;
      const even = bits % 2 === 0 ? bits : bits + 1;
      // Steps far below float32's own, where rounding by way of float32 would round twice.
      const beside = tie * 2 ** -50;
      if (float16FromNumber(tie) !== even) wrong.push(tie);
      if (float16FromNumber(tie - beside) !== bits) wrong.push(tie - beside);
      if (float16FromNumber(tie + beside) !== bits + 1) wrong.push(tie + beside);
    }
    expect(wrong).toEqual([]);
  });

  test("is IEEE 754's rounding by its definition, for any double", () => {
    fc.assert(
      fc.property(anyDouble, (value) => {
        expect(float16FromNumber(value)).toBe(nearestByDefinition(value));
      }),
      { numRuns: 20_000 },
    );
  });

  test("agrees with the engine's Float16Array, for any double", ({ skip }) => {
    if (NativeFloat16Array === undefined) return skip("this engine has no Float16Array; Node 24 has");
    const native = new NativeFloat16Array(1);
    const nativeBits = new Uint16Array(native.buffer);
    fc.assert(
      fc.property(anyDouble, (value) => {
        native[0] = value;
        expect(float16FromNumber(value)).toBe(nativeBits[0]);
        nativeBits[0] = float16FromNumber(value);
        expect(numberFromFloat16(nativeBits[0])).toBe(native[0]);
      }),
      { numRuns: 50_000 },
    );
  });

  test("makes a quiet NaN of any NaN", () => {
    expect(float16FromNumber(Number.NaN) & 0x7fff).toBe(0x7e00);
  });
});
