import { expect, test } from "vitest";

import { classify } from "./classify.ts";

test("softmax shares 1 among the labels", () => {
  const { label, score, scores } = classify([0, 2, 1], ["a", "b", "c"], "softmax");
  expect(label).toBe("b");
  // scipy.special.softmax([0, 2, 1])
  expect(scores["a"]).toBeCloseTo(0.09003057317038046, 15);
  expect(score).toBeCloseTo(0.6652409557748219, 15);
  expect(scores["c"]).toBeCloseTo(0.24472847105479767, 15);
});

test("sigmoid judges each label by itself", () => {
  // scipy.special.expit([-1, 3])
  const { label, scores } = classify(Float32Array.of(-1, 3), ["a", "b"], "sigmoid");
  expect(label).toBe("b");
  expect(scores["a"]).toBeCloseTo(0.2689414213699951, 15);
  expect(scores["b"]).toBeCloseTo(0.9525741268224334, 15);
});

test("no size of a number is too much", () => {
  expect(classify([1e308, -1e308], ["a", "b"], "softmax").scores).toEqual({ a: 1, b: 0 });
  expect(classify([Infinity, 0], ["a", "b"], "softmax").scores).toEqual({ a: 1, b: 0 });
  expect(classify([-Infinity, -Infinity], ["a", "b"], "softmax").scores).toEqual({ a: 0.5, b: 0.5 });
  expect(classify([1e308, -1e308], ["a", "b"], "sigmoid").scores).toEqual({ a: 1, b: 0 });
  expect(classify([0.2, 0.7], ["a", "b"], "none").score).toBe(0.7);
});

test("what says nothing of a label is refused", () => {
  expect(() => classify([1], ["a", "b"], "softmax")).toThrow("has 1 numbers for 2 labels");
  expect(() => classify([NaN, 1], ["a", "b"], "softmax")).toThrow("holds a NaN");
  expect(() => classify([], [], "softmax")).toThrow("has 0 numbers for 0 labels");
});
