import { expect, test } from "vitest";

import { InvalidInputError } from "../errors/invalid-input-error.ts";
import { MlopsError } from "../errors/mlops-error.ts";
import { OverloadedError } from "../errors/overloaded-error.ts";
import { withEarlierErrors } from "./with-earlier-errors.ts";

const make = (cause?: unknown) =>
  new OverloadedError({ model: "m", reason: "queue-full", retryAfterMs: 10, cause });
const earlier = [new InvalidInputError({ issues: [] })];

test("an error with none before it is itself", () => {
  const error = make();
  expect(withEarlierErrors(error, [])).toBe(error);
});

test("an error with others before it is the same in everything but its cause", () => {
  const error = make("the driver");
  const copy = withEarlierErrors(error, earlier);
  expect(copy).toBeInstanceOf(OverloadedError);
  expect(OverloadedError.isInstance(copy)).toBe(true);
  expect(MlopsError.isInstance(copy)).toBe(true);
  expect(copy).toMatchObject({
    code: error.code,
    retryAfterMs: 10,
    message: error.message,
    name: error.name,
  });
  expect(copy.stack).toBe(error.stack);
  expect(copy.stack).toContain("with-earlier-errors.test.ts");
  expect(String(copy)).toBe(String(error));
  expect(Object.keys(copy)).toEqual(Object.keys(error));
  expect(copy.cause).toBeInstanceOf(AggregateError);
  expect(copy.cause).toMatchObject({
    errors: earlier,
    cause: "the driver",
    message: "Before it, 1 other failed.",
  });
  expect(error.cause).toBe("the driver");
});

test("the cause of an error without one has none either", () => {
  expect(Object.hasOwn(Object(withEarlierErrors(make(), earlier).cause), "cause")).toBe(false);
});
