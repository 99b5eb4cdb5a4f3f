import type { z } from "zod";

import { InvalidPolicyError } from "../errors/invalid-policy-error.ts";

/**
 * Reads the options of a guardrail.
 *
 * @throws InvalidPolicyError `INVALID_POLICY` with the option's name.
 */
export function parseGuardrailOptions<Options>(
  kind: string,
  schema: z.ZodType<Options>,
  options: Readonly<Record<string, unknown>>,
): Options {
  const result = schema.safeParse(options);
  if (result.success) return result.data;
  const { path, message } = result.error.issues[0]!;
  const field = ["options", ...path.map(String)].join(".");
  throw new InvalidPolicyError({
    field: `the ${kind} guardrail's ${field}`,
    problem: `is not what it has to be: ${message}`,
    cause: result.error,
  });
}
