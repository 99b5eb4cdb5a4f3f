import { errorCodes } from "@mlops/core";

import type { GuardrailEvent } from "./guardrail.ts";

const callersCodes: ReadonlySet<string> = new Set(
  Object.entries(errorCodes).flatMap(([code, { concerns }]) => (concerns === "caller" ? [code] : [])),
);

/** Whether a request failed by its caller, such as by a wrong input or by giving up: that says nothing of a version. */
export function isCallersFault({ error }: GuardrailEvent): boolean {
  return error !== undefined && callersCodes.has(error.code);
}
