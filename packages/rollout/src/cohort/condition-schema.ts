import { z } from "zod";

import type { Condition } from "./condition.ts";
import { parseVersion } from "./version.ts";

/** How deep conditions nest at most. */
export const maxConditionDepth = 8;

const text = z.string().min(1).max(1_024);
const attribute = z.string().min(1).max(128);
const version = z
  .string()
  .max(256)
  .refine((value) => parseVersion(value) !== undefined, {
    error: "has to be a version such as 1.4.0",
  });
const values = z
  .array(z.union([z.string().max(1_024), z.number(), z.boolean()]))
  .min(1)
  .max(10_000);

const comparisons = [
  z.strictObject({ attribute, isOneOf: values }),
  z.strictObject({ attribute, isAbsent: z.literal(true) }),
  z.strictObject({ attribute, startsWith: text }),
  z.strictObject({ attribute, endsWith: text }),
  z.strictObject({ attribute, contains: text }),
  z.strictObject({ attribute, atLeast: z.number() }),
  z.strictObject({ attribute, below: z.number() }),
  z.strictObject({ attribute, fromVersion: version }),
  z.strictObject({ attribute, beforeVersion: version }),
  z.strictObject({ keys: z.array(z.string().max(1_024)).min(1).max(10_000) }),
] as const;

/** One level more for each step, so that no depth of input can exhaust the stack. */
function schemaOfDepth(depth: number): z.ZodType<Condition> {
  if (depth === 0) return z.union(comparisons);
  const inner = schemaOfDepth(depth - 1);
  const list = z.array(inner).min(1).max(100);
  return z.union([
    ...comparisons,
    z.strictObject({ all: list }),
    z.strictObject({ any: list }),
    z.strictObject({ not: inner }),
  ]);
}

/** A {@link Condition} that came from outside. */
export const conditionSchema: z.ZodType<Condition> = schemaOfDepth(maxConditionDepth);
