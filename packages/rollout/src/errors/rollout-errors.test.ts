import { expect, test } from "vitest";

import { InvalidPolicyError } from "./invalid-policy-error.ts";
import { RolloutConflictError } from "./rollout-conflict-error.ts";
import { hasRolloutErrorCode, RolloutError } from "./rollout-error.ts";
import { StoreConflictError } from "./store-conflict-error.ts";
import { StoreFailureError } from "./store-failure-error.ts";

const cause = new Error("why");
const errors = [
  new InvalidPolicyError({ field: "stages[0].weight", problem: "is 2; it has to be at most 1", cause }),
  new RolloutConflictError("There is no rollout to abort.", { reason: "no-rollout" }),
  new StoreConflictError({ rollout: "price", attempts: 20 }),
  new StoreFailureError({ store: "file", problem: "could not be read", cause }),
];
const classes = [InvalidPolicyError, RolloutConflictError, StoreConflictError, StoreFailureError];

test.each(errors)("$code is known by its own guard only", (error) => {
  expect(RolloutError.isInstance(error)).toBe(true);
  expect(classes.filter((candidate) => candidate.isInstance(error))).toHaveLength(1);
  expect(hasRolloutErrorCode(error, error.code)).toBe(true);
  expect(error.name).toBe(error.constructor.name);
});

test("those that another error led to keep it", () => {
  expect(errors.map((error) => error.cause)).toEqual([cause, undefined, undefined, cause]);
});

test.each([null, undefined, 3, {}, new Error("other")])("%s is none of them", (value) => {
  expect(RolloutError.isInstance(value)).toBe(false);
  expect(classes.some((candidate) => candidate.isInstance(value))).toBe(false);
});
