import { expect, test } from "vitest";
import { DriftError, hasDriftErrorCode } from "./drift-error.ts";
import { IncompatibleProfilesError } from "./incompatible-profiles-error.ts";
import { InvalidDataError } from "./invalid-data-error.ts";
import { InvalidDriftOptionsError } from "./invalid-drift-options-error.ts";
import { InvalidProfileError } from "./invalid-profile-error.ts";
import { InvalidSchemaError } from "../validation/invalid-schema-error.ts";

const cause = new Error("why");
const errors = [
  new InvalidDataError({ column: "age", problem: "is empty", remedy: "Leave it out.", cause }),
  new InvalidDriftOptionsError({ option: "columns.age", problem: "is 3", remedy: "Pass an object.", cause }),
  new InvalidProfileError({ path: "columns[0].name", problem: "is missing", cause }),
  new IncompatibleProfilesError({ column: "age", problem: "has other edges", cause }),
  new InvalidSchemaError({ path: "columns[0].minimum", problem: "is a text", cause }),
];
const classes = [
  InvalidDataError,
  InvalidDriftOptionsError,
  InvalidProfileError,
  IncompatibleProfilesError,
  InvalidSchemaError,
];

test.each(errors)("$code is known by its own guard only, and keeps its cause", (error) => {
  expect(DriftError.isInstance(error)).toBe(true);
  expect(classes.filter((candidate) => candidate.isInstance(error))).toHaveLength(1);
  expect(hasDriftErrorCode(error, error.code)).toBe(true);
  expect(error.cause).toBe(cause);
  expect(error.name).toBe(error.constructor.name);
});

test("the messages say what, where and what to do", () => {
  expect(errors.map((error) => error.message)).toEqual([
    'Column "age" is empty. Leave it out.',
    "The option columns.age is 3. Pass an object.",
    "This is no profile: columns[0].name is missing. Pass what profileToJson gave.",
    'The profiles do not fit together: column "age" has other edges. Count both on the cells of one reference: createProfileBuilder({ reference }).',
    "This is no schema of data: columns[0].minimum is a text. Start from what inferSchema or defineSchema gives.",
  ]);
});

test.each([null, undefined, 3, {}, new Error("other")])("%s is none of them", (value) => {
  expect(DriftError.isInstance(value)).toBe(false);
  expect(classes.some((candidate) => candidate.isInstance(value))).toBe(false);
});
