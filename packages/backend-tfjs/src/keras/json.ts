import { FormatProblem } from "./format-problem.ts";

/** A value as JSON has it. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;

/** An object as JSON has it. Read it with {@link field}, which sees own properties only. */
export interface JsonObject {
  readonly [key: string]: Json;
}

/** How deep the JSON of a file may nest. Keras writes about 10 levels for a model, and 5 more for each model inside. */
const deepestJson = 200;

/** Parses the JSON of a part of the file. @throws FormatProblem when it is none, or nested too deep. */
export function parseJson(text: string, part: string): Json {
  if (depthOf(text) > deepestJson)
    throw new FormatProblem(`its ${part} is nested deeper than ${deepestJson} levels`);
  try {
    // JSON.parse gives nothing but JSON.
    return JSON.parse(text) as Json;
  } catch (error) {
    throw new FormatProblem(
      `its ${part} is no JSON: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

/** How deep brackets nest, those in strings left out. */
function depthOf(text: string): number {
  let [depth, deepest, inString] = [0, 0, false];
  for (let index = 0; index < text.length; index += 1) {
    const letter = text[index];
    if (inString && letter === "\\") index += 1;
    else if (letter === '"') inString = !inString;
    else if (inString) continue;
    else if (letter === "[" || letter === "{") deepest = Math.max(deepest, (depth += 1));
    else if (letter === "]" || letter === "}") depth -= 1;
  }
  return deepest;
}

/** Whether a value is an object, and no array. */
export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !isArray(value);
}

/** `Array.isArray`, for readonly arrays as well. */
export function isArray(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

/** An object's own property, `undefined` when it has none of this name, whatever its prototype has. */
export function field(object: JsonObject, key: string): Json | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

/** The value, which has to be an object. @throws FormatProblem that names `part` when it is not. */
export function expectObject(value: Json | undefined, part: string): JsonObject {
  if (!isObject(value)) throw new FormatProblem(`its configuration has no object as ${part}`);
  return value;
}

/** The value, which has to be an array. @throws FormatProblem that names `part` when it is not. */
export function expectArray(value: Json | undefined, part: string): readonly Json[] {
  if (!isArray(value)) throw new FormatProblem(`its configuration has no list as ${part}`);
  return value;
}

/** The value, which has to be a string. @throws FormatProblem that names `part` when it is not. */
export function expectString(value: Json | undefined, part: string): string {
  if (typeof value !== "string") throw new FormatProblem(`its configuration has no text as ${part}`);
  return value;
}
