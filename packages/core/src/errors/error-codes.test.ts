import { describe, expect, test, vi } from "vitest";

import * as core from "../index.ts";
import { type ErrorCode, errorCodes } from "./error-codes.ts";

const cause = new Error("the first cause");

/** One error of each code; that none is missing is checked by the compiler. */
const examples: Record<ErrorCode, (from: typeof core) => core.MlopsError> = {
  ABORTED: (from) => new from.AbortedError({ stage: "queued", cause }),
  BACKEND_FAILED: (from) => new from.BackendError({ backend: "onnx", problem: "out of memory", cause }),
  CLOSED: (from) => new from.ClosedError({ model: "price", cause }),
  CODEC_FAILED: (from) =>
    new from.CodecError({ model: "price", stage: "decode", problem: "no output y", cause }),
  DEADLINE_EXCEEDED: (from) => new from.DeadlineExceededError({ stage: "running", waitedMs: 200.4, cause }),
  DTYPE_MISMATCH: (from) =>
    new from.DTypeMismatchError({ tensor: "x", expected: "float32", actual: "float64", cause }),
  EMPTY_BATCH: (from) => new from.EmptyBatchError({ tensor: "x", cause }),
  INTEGRITY_MISMATCH: (from) =>
    new from.IntegrityError({ location: "m.onnx", property: "sizeBytes", expected: 2, actual: 1, cause }),
  INVALID_INPUT: (from) =>
    new from.InvalidInputError({
      issues: [{ path: ["devices", 3, "ramGb"], message: "has to be above 0." }],
      cause,
    }),
  INVALID_MANIFEST: (from) =>
    new from.InvalidManifestError({
      location: "model.json",
      issues: [{ path: [], message: "is no JSON" }],
      cause,
    }),
  INVALID_OPTIONS: (from) => new from.InvalidOptionsError({ option: "deadline", problem: "is NaN", cause }),
  INVALID_TENSOR: (from) => new from.InvalidTensorError({ tensor: "x", problem: "has no data", cause }),
  MEMORY_BUDGET_EXCEEDED: (from) =>
    new from.MemoryBudgetError({
      model: "price",
      neededBytes: 30,
      besideBytes: 0,
      memoryBudgetBytes: 20,
      cause,
    }),
  MISSING_DEPENDENCY: (from) =>
    new from.MissingDependencyError({ packageName: "ort", remedy: "Install it.", cause }),
  MODEL_LOAD_FAILED: (from) =>
    new from.ModelLoadError({ location: "m.onnx", problem: "it is a folder", cause }),
  OVERLOADED: (from) =>
    new from.OverloadedError({ model: "price", reason: "queue-full", retryAfterMs: 20.5, cause }),
  PARTIAL_FAILURE: (from) =>
    new from.PartialFailureError({
      results: [
        { status: "fulfilled", value: 1 },
        { status: "rejected", reason: cause },
      ],
      cause,
    }),
  SHAPE_MISMATCH: (from) =>
    new from.ShapeMismatchError({
      tensor: "x",
      expected: ["batch", null, 3],
      actual: [2, 1, 4],
      problem: "dimension 2 is 4 instead of 3",
      cause,
    }),
  TENSOR_NAME_MISMATCH: (from) =>
    new from.TensorNameError({ missing: ["a"], unexpected: ["b"], expected: ["a"], cause }),
  UNSUPPORTED: (from) => new from.UnsupportedError({ feature: "Time travel", remedy: "Wait.", cause }),
  WORKER_LOST: (from) => new from.WorkerLostError({ problem: "it exited with code 1", cause }),
};

const codes = Object.keys(errorCodes) as ErrorCode[];
const make = (code: ErrorCode): core.MlopsError => examples[code](core);

/** The exported error classes, by name. */
const exportedClasses = Object.entries(core).filter(
  (entry): entry is [string, typeof core.MlopsError] =>
    typeof entry[1] === "function" && entry[1].prototype instanceof core.MlopsError,
);

describe("the table of codes", () => {
  test("names exactly the classes that the package exports", () => {
    const named = codes.map((code) => errorCodes[code].error);
    expect(exportedClasses.map(([name]) => name).toSorted()).toEqual(named.toSorted());
    expect(new Set(named).size).toBe(named.length);
  });

  test.each(codes)("%s is the code of the class that the table names", (code) => {
    const error = make(code);
    expect(error.code).toBe(code);
    expect(error.name).toBe(errorCodes[code].error);
    expect(error.constructor).toBe(Reflect.get(core, errorCodes[code].error));
  });

  test.each(codes)("%s is explained, in sentences", (code) => {
    const { meaning, remedy } = errorCodes[code];
    expect(meaning).toMatch(/^[A-Z].*\.$/);
    expect(remedy).toMatch(/^[A-Z].*\.$/);
  });
});

describe("isInstance()", () => {
  test.each(codes)("of %s's class is true for its own errors and no others", (code) => {
    const error = make(code);
    expect(core.MlopsError.isInstance(error)).toBe(true);
    expect(core.hasErrorCode(error, code)).toBe(true);
    for (const [name, errorClass] of exportedClasses) {
      expect(errorClass.isInstance(error), name).toBe(name === error.name);
    }
  });

  test.each(codes)("knows %s from a second copy of the package, which instanceof does not", async (code) => {
    vi.resetModules();
    const copy = await import("../index.ts");
    const error = examples[code](copy);
    expect(error).not.toBeInstanceOf(core.MlopsError);
    expect(core.MlopsError.isInstance(error)).toBe(true);
    for (const [name, errorClass] of exportedClasses) {
      expect(errorClass.isInstance(error), name).toBe(name === error.name);
    }
  });

  test.each([
    undefined,
    null,
    "ABORTED",
    5,
    {},
    new Error("ABORTED"),
    { code: "ABORTED", name: "AbortedError" },
  ])("is false for %o", (value) => {
    expect(core.MlopsError.isInstance(value)).toBe(false);
    expect(core.AbortedError.isInstance(value)).toBe(false);
  });
});

describe("an error", () => {
  test.each(codes)("of %s keeps its cause, its fields and a stack", (code) => {
    const error = make(code);
    expect(error).toBeInstanceOf(Error);
    expect(error.cause).toBe(cause);
    expect(error.stack).toContain("error-codes.test.ts");
    expect(String(error)).toBe(`${error.name}: ${error.message}`);
  });

  test("without a cause has none, not one that is undefined", () => {
    expect(Object.hasOwn(new core.EmptyBatchError({ tensor: "x" }), "cause")).toBe(false);
  });

  test("says which field, what is wrong and what to do", () => {
    expect(codes.map((code) => make(code).message)).toEqual([
      "The caller aborted while the work was queued.",
      "The onnx backend failed: out of memory.",
      'The predictor of "price" is closed. Create another one.',
      'The decode step of the model "price" failed: no output y.',
      "The deadline passed after 200 ms, while the request was running. Allow more time or send less load.",
      'The input "x" has the dtype float64; the model takes float32.',
      'The input "x" has no rows: its first dimension, the batch, is 0. Give at least one row.',
      "The model file at m.onnx is not the declared one: its sizeBytes is 1, declared is 2. " +
        "Fetch it again, or update the declaration if the change was meant.",
      "The input is not valid: devices.3.ramGb: has to be above 0.",
      "The manifest at model.json is not valid: is no JSON.",
      'The option "deadline" is NaN.',
      'The tensor "x" has no data.',
      'The model "price" needs 30 bytes; the option "memoryBudgetBytes" is 20. ' +
        "Raise it, or take a smaller model or fewer workers.",
      'The package "ort" could not be loaded. Install it.',
      "The model at m.onnx could not be loaded: it is a folder.",
      'The model "price" is overloaded: its queue is full. Try again in 21 ms.',
      "1 of 2 inputs failed. The first, input 1: the first cause",
      'The input "x" has the shape [2, 1, 4]; the model takes [batch, ?, 3]: dimension 2 is 4 instead of 3.',
      `The tensors do not have the model's names: "a" missing; "b" unknown. The model has "a".`,
      "Time travel is not supported. Wait.",
      "The worker that ran the model was lost: it exited with code 1.",
    ]);
  });

  test("of a composition's function names the composition", () => {
    const error = new core.CodecError({ model: "a+b", stage: "composition", problem: "combine() threw: no" });
    expect(error).toMatchObject({ model: "a+b", stage: "composition" });
    expect(error.message).toBe('The composition "a+b" failed: combine() threw: no.');
  });

  test("shows the first issues, and counts the rest", () => {
    const issues = Array.from({ length: 8 }, (_, index) => ({ path: [index], message: "is wrong" }));
    expect(new core.InvalidInputError({ issues }).message).toBe(
      "The input is not valid: 0: is wrong; 1: is wrong; 2: is wrong; 3: is wrong; 4: is wrong; and 3 more.",
    );
  });
});
