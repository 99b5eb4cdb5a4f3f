import { expect, test } from "vitest";
import { errorCodes } from "../errors/error-codes.ts";
import { Outcomes, successIndex } from "./outcomes.ts";

const outcomes = new Outcomes();
const kindOf = (code: string | undefined) => outcomes.all[outcomes.indexOfFailure(code)]?.kind;

test("the errors that the caller has to answer for are no faults of the service", () => {
  const excluded = outcomes.all.filter(({ kind }) => kind === "excluded").map(({ code }) => code);
  expect(excluded).toEqual([
    "ABORTED",
    "DTYPE_MISMATCH",
    "EMPTY_BATCH",
    "INVALID_INPUT",
    "INVALID_TENSOR",
    "PARTIAL_FAILURE",
    "SHAPE_MISMATCH",
    "TENSOR_NAME_MISMATCH",
  ]);
});

test("every other error is, an unknown one too", () => {
  for (const [code, { concerns }] of Object.entries(errorCodes))
    expect(kindOf(code)).toBe(concerns === "caller" ? "excluded" : "fault");
  for (const code of ["OVERLOADED", "DEADLINE_EXCEEDED", "BACKEND_FAILED", "CLOSED"])
    expect(kindOf(code)).toBe("fault");
  for (const code of [undefined, "", "no such code", "__proto__", "constructor"]) {
    expect(outcomes.all[outcomes.indexOfFailure(code)]).toEqual({ code: "OTHER", kind: "fault" });
  }
});

test("a success has an index of its own", () => {
  expect(outcomes.all[successIndex]).toEqual({ code: undefined, kind: "success" });
});
