import { describe, expect, test } from "vitest";

import * as core from "../index.ts";
import { fromErrorData, toErrorData } from "./error-data.ts";

const cause = new RangeError("the first cause");

const errors: readonly core.MlopsError[] = [
  new core.AbortedError({ stage: "queued", cause }),
  new core.BackendError({ backend: "onnx", problem: "out of memory", cause }),
  new core.ClosedError({ model: "price", cause }),
  new core.CodecError({ model: "price", stage: "decode", problem: "no output y", cause }),
  new core.DeadlineExceededError({ stage: "running", waitedMs: 200.4, cause }),
  new core.DTypeMismatchError({ tensor: "x", expected: "float32", actual: "float64", cause }),
  new core.EmptyBatchError({ tensor: "x", cause }),
  new core.IntegrityError({ location: "m.onnx", property: "sizeBytes", expected: 2, actual: 1, cause }),
  new core.InvalidInputError({ issues: [{ path: ["a", 3], message: "is odd" }], cause }),
  new core.InvalidManifestError({ location: "m", issues: [{ path: [], message: "is no JSON" }], cause }),
  new core.InvalidOptionsError({ option: "deadline", problem: "is NaN", cause }),
  new core.InvalidTensorError({ tensor: "x", problem: "has no data", cause }),
  new core.MemoryBudgetError({
    model: "price",
    neededBytes: 3,
    besideBytes: 1,
    memoryBudgetBytes: 2,
    cause,
  }),
  new core.MissingDependencyError({ packageName: "ort", remedy: "Install it.", cause }),
  new core.ModelLoadError({ location: "m.onnx", problem: "it is a folder", cause }),
  new core.OverloadedError({ model: "price", reason: "queue-full", retryAfterMs: 3, cause }),
  new core.PartialFailureError({ results: [{ status: "fulfilled", value: 1 }], cause }),
  new core.ShapeMismatchError({ tensor: "x", expected: ["n", null, 3], actual: [1], problem: "no", cause }),
  new core.TensorNameError({ missing: ["a"], unexpected: ["b"], expected: ["a"], cause }),
  new core.UnsupportedError({ feature: "Time travel", remedy: "Wait.", cause }),
  new core.WorkerLostError({ problem: "it exited", cause }),
];

const carry = (error: core.MlopsError): core.MlopsError =>
  fromErrorData(structuredClone(toErrorData(error)), "fake");

describe("an error that is carried over", () => {
  test("is one of each code here", () => {
    expect(errors.map(({ code }) => code).toSorted()).toEqual(Object.keys(core.errorCodes).toSorted());
  });

  test.each(errors)("of $code has its class, its fields, its message and its cause's", (error) => {
    const carried = carry(error);
    expect(carried.constructor).toBe(error.constructor);
    expect(Object.entries(carried)).toEqual(Object.entries(error));
    expect(carried.message).toBe(error.message);
    expect(carried.cause).toBeInstanceOf(Error);
    expect(carried.cause).toMatchObject({
      name: "RangeError",
      message: "the first cause",
      stack: cause.stack,
    });
  });

  test("without a cause has none", () => {
    expect(Object.hasOwn(carry(new core.EmptyBatchError({ tensor: "x" })), "cause")).toBe(false);
  });

  test("with a cause that is no error has its text", () => {
    const error = new core.EmptyBatchError({ tensor: "x", cause: Symbol("why") });
    expect(carry(error).cause).toMatchObject({ message: "Symbol(why)" });
  });

  test.each([
    ["a code that is not known here", { code: "NEW_CODE", fields: { tensor: "x" } }],
    ["a code that every object has", { code: "constructor", fields: {} }],
    ["the fields of another version", { code: "INVALID_INPUT", fields: {} }],
  ])("with %s is an error of the backend", (_, data) => {
    expect(fromErrorData({ ...data, message: "It broke.", cause: undefined }, "fake")).toMatchObject({
      code: "BACKEND_FAILED",
      message: "The fake backend failed: It broke.",
    });
  });
});
