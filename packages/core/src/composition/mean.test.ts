import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { mean } from "./mean.ts";

const value = fc.double({ min: -1e6, max: 1e6, noNaN: true });
const weighted = fc.array(fc.record({ value, weight: fc.double({ min: 0.01, max: 100, noNaN: true }) }), {
  minLength: 1,
});

describe("mean()", () => {
  test.each<[outputs: readonly number[], weights: readonly number[] | undefined, expected: number]>([
    [[1, 2, 6], undefined, 3],
    [[7], undefined, 7],
    [[1, 3], [3, 1], 1.5],
    [[0, 1], [1e308, 1e308], 0.5],
    [[1, Infinity], undefined, Infinity],
    [[Infinity, -Infinity], undefined, NaN],
    [[1, NaN], undefined, NaN],
    [[-0, 0], undefined, 0],
  ])("of %j with weights %j is %j", (outputs, weights, expected) => {
    expect(mean({ weights })(outputs)).toBe(expected);
  });

  test("of lists goes element by element, of records field by field", () => {
    expect(
      mean()([
        [1, 10],
        [3, 30],
      ]),
    ).toEqual([2, 20]);
    expect(mean()([[], []])).toEqual([]);
    const outputs = [
      { cat: 1, dog: 0 },
      { dog: 1, cat: 0 },
    ];
    expect(mean({ weights: [3, 1] })(outputs)).toEqual({ cat: 0.75, dog: 0.25 });
  });

  test("of a record with a field __proto__ has the field", () => {
    const outputs = [JSON.parse('{"__proto__": 1}'), JSON.parse('{"__proto__": 3}')] as Record<
      string,
      number
    >[];
    expect(Object.entries(mean()(outputs))).toEqual([["__proto__", 2]]);
  });

  test("takes the weights of the members that answered", () => {
    expect(mean({ weights: [1, 5, 3] })([10, 20], { answeredBy: [0, 2] })).toBe(17.5);
  });

  test.each<[string, readonly unknown[]]>([
    ["no outputs", []],
    ["lists of different length", [[1], [1, 2]]],
    ["a list and a number", [[1], 1]],
    ["an empty list and a number", [[], 1]],
    ["a number and a list", [1, [1]]],
    ["a record and a list", [{ a: 1 }, [1]]],
    ["records with different names", [{ a: 1 }, { b: 1 }]],
    ["a record with one name more", [{ a: 1 }, { a: 1, b: 1 }]],
    ["strings", ["a", "b"]],
    ["a record of strings", [{ a: "1" }, { a: "2" }]],
    ["null", [null, null]],
  ])("refuses %s", (_, outputs) => {
    expect(() => mean()(outputs as readonly number[])).toThrow(RangeError);
  });

  test.each([[0], [-1], [NaN], [Infinity], ["1" as never], [undefined as never]])(
    "refuses the weight %j",
    (weight) => {
      expect(() => mean({ weights: [1, weight] })).toThrow(
        expect.objectContaining({
          code: "INVALID_OPTIONS",
          option: "weights",
          message: expect.stringContaining("index 1"),
        }),
      );
    },
  );

  test("refuses weights that are not as many as the outputs", () => {
    expect(() => mean({ weights: [1, 2] })([1, 2, 3])).toThrow(RangeError);
    expect(() => mean({ weights: [] })).toThrow(expect.objectContaining({ option: "weights" }));
  });

  const of = (list: readonly { value: number; weight: number }[], factor = 1): number =>
    mean({ weights: list.map(({ weight }) => weight * factor) })(list.map((entry) => entry.value));

  test("lies between the least and the greatest, whatever the weights", () => {
    fc.assert(
      fc.property(weighted, (list) => {
        const values = list.map((entry) => entry.value);
        const slack = 1e-9 * (1 + Math.max(...values.map(Math.abs)));
        expect(of(list)).toBeGreaterThanOrEqual(Math.min(...values) - slack);
        expect(of(list)).toBeLessThanOrEqual(Math.max(...values) + slack);
      }),
    );
  });

  test("does not depend on the order of the members, nor on the scale of the weights", () => {
    fc.assert(
      fc.property(weighted, fc.double({ min: 1e-3, max: 1e3, noNaN: true }), (list, factor) => {
        const tolerance = 1e-9 * (1 + Math.max(...list.map((entry) => Math.abs(entry.value))));
        expect(Math.abs(of(list.toReversed()) - of(list))).toBeLessThanOrEqual(tolerance);
        expect(Math.abs(of(list, factor) - of(list))).toBeLessThanOrEqual(tolerance);
      }),
    );
  });
});
