import { z } from "zod";

import type { GuardrailDefinition } from "../../policy/define-policy.ts";
import { isCallersFault } from "../callers-fault.ts";
import type { GuardrailKind } from "../guardrail.ts";
import { copyCounts, judgeShare, mergeCounts, type ShareCounts, zeroCounts } from "../judge-share.ts";
import { parseGuardrailOptions } from "../parse-options.ts";

/** Options of {@link errorRate}: one of the two. */
export type ErrorRateOptions =
  /** The fraction of requests that may fail, in [0, 1). */
  | { readonly limit: number }
  /** How much larger than the control's it may be, as a fraction. */
  | { readonly tolerance: number };

const schema: z.ZodType<ErrorRateOptions> = z.union([
  z.strictObject({ limit: z.number().min(0).lt(1) }),
  z.strictObject({ tolerance: z.number().min(0).lt(1) }),
]);

/**
 * The share of requests that failed. Those whose caller was to blame, such as by a wrong input or by
 * giving up, count neither as failed nor as answered.
 */
export const errorRateKind: GuardrailKind<ErrorRateOptions, ShareCounts> = {
  kind: "error-rate",
  parseOptions: (options) => parseGuardrailOptions("error-rate", schema, options),
  createCounter() {
    const counts = zeroCounts();
    return {
      observe(event, arm) {
        if (isCallersFault(event)) return;
        const counted = counts[arm];
        counted.trials += 1;
        if (event.outcome === "failure") counted.events += 1;
      },
      counts: () => copyCounts(counts),
    };
  },
  merge: mergeCounts,
  judge: (counts, limit, context) => judgeShare(counts, limit, context, { events: "of the requests failed" }),
};

/** Rolls back when too many requests fail. */
export function errorRate(options: ErrorRateOptions): GuardrailDefinition {
  const stages = "limit" in options ? "all" : "compared";
  return { name: "error rate", kind: "error-rate", options: { ...options }, stages };
}

/**
 * Rolls back when too few requests are answered: {@link errorRate}, told from the other side.
 *
 * @param options - `minimum`: the fraction of requests that have to be answered, in (0, 1].
 */
export function availability({ minimum }: { readonly minimum: number }): GuardrailDefinition {
  return { name: "availability", kind: "error-rate", options: { limit: 1 - minimum } };
}
