import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createRandom } from "../random/create-random.ts";
import { ExactAccumulator } from "./exact-accumulator.ts";
import { powerOfTwoScale, RoundedSum } from "./rounded-sum.ts";

const finite = fc.double({ noNaN: true, noDefaultInfinity: true });

/** The exact sum as a whole number of 2^-1074. */
function exactUnits(values: readonly number[]): bigint {
  const bits = new DataView(new ArrayBuffer(8));
  return values.reduce((sum, value) => {
    bits.setFloat64(0, value);
    const exponent = Number((bits.getBigUint64(0) >> 52n) & 0x7ffn);
    const fraction = bits.getBigUint64(0) & 0xfffffffffffffn;
    const units = exponent === 0 ? fraction : (fraction | (1n << 52n)) << BigInt(exponent - 1);
    return sum + (value < 0 ? -units : units);
  }, 0n);
}

function accumulated(values: readonly number[]): ExactAccumulator {
  const accumulator = new ExactAccumulator();
  for (const value of values) accumulator.add(value);
  return accumulator;
}

describe("ExactAccumulator", () => {
  test("holds the exact sum of any doubles", () => {
    fc.assert(
      fc.property(fc.array(finite, { maxLength: 40 }), (values) => {
        const { sign, first, digits } = accumulated(values).toState();
        const units = digits.reduce(
          (sum, digit, index) => sum + (BigInt(digit) << BigInt(32 * (first + index))),
          0n,
        );
        expect(BigInt(sign) * units).toBe(exactUnits(values));
      }),
    );
  });

  test.each([
    [[1e308, 1, -1e308], 1],
    [[5e-324, 5e-324], 1e-323],
    [[-2.5], -2.5],
    [[0.1, 0.2, -0.1, -0.2], 0],
    [[Number.MAX_VALUE, Number.MAX_VALUE, -Number.MAX_VALUE], Number.MAX_VALUE],
    [[], 0],
  ])("%j adds up to %d", (values, sum) => {
    expect(accumulated(values).value).toBe(sum);
  });

  test("order and grouping leave no trace, and the state comes back", () => {
    fc.assert(
      fc.property(fc.array(finite), fc.array(finite), (left, right) => {
        const whole = accumulated([...left, ...right]).toState();
        const merged = accumulated(right);
        merged.merge(accumulated(left));
        expect(merged.toState()).toEqual(whole);
        expect(ExactAccumulator.fromState(whole).toState()).toEqual(whole);
      }),
    );
  });

  test("more additions than a digit has room for", () => {
    const accumulator = new ExactAccumulator();
    for (let index = 0; index < 3_000_000; index += 1) accumulator.add(-0.1);
    expect(accumulator.value).toBe(-0.1 * 3_000_000);
  });

  test.each([
    { sign: 1, first: 68, digits: [1] },
    { sign: 1, first: 0, digits: [-1] },
    { sign: 1, first: 0, digits: [2 ** 32] },
    { sign: 1, first: -1, digits: [] },
    { sign: 2, first: 0, digits: [] },
  ])("refuses %j", (state) => {
    expect(() => ExactAccumulator.fromState(state as ReturnType<ExactAccumulator["toState"]>)).toThrow(
      /toState/,
    );
  });
});

describe("RoundedSum", () => {
  test("order, grouping and the way of adding leave no trace", () => {
    const near = fc.oneof(finite, fc.double({ min: -10, max: 10, noNaN: true }));
    fc.assert(
      fc.property(fc.array(near), fc.array(near), (left, right) => {
        const batch = new RoundedSum(4);
        batch.addAll(Float64Array.from([...left, ...right]));
        const first = new RoundedSum(4);
        for (const value of right.toReversed()) first.add(value);
        const second = new RoundedSum(4);
        second.addAll(Float64Array.from([...left, 99]), left.length);
        first.merge(second);
        expect(first.toState()).toEqual(batch.toState());
      }),
    );
  });

  test("is off by less than 2^-51 of the scale for each value", () => {
    const random = createRandom(8);
    const values = Float64Array.from({ length: 1_500_000 }, () => random.normal(3, 2));
    const sum = new RoundedSum(powerOfTwoScale(5));
    sum.addAll(values);
    const exact = new ExactAccumulator();
    for (const value of values) exact.add(value);
    expect(Math.abs(sum.value - exact.value)).toBeLessThan(values.length * 8 * 2 ** -51);
    expect(sum.value).not.toBe(0);
  });

  test.each([
    [0, 1],
    [5, 8],
    [1, 1],
    [Number.NaN, 1],
    [1e-320, 2 ** -900],
  ])("the scale for %d is %d", (size, scale) => {
    expect(powerOfTwoScale(size)).toBe(scale);
  });
});
