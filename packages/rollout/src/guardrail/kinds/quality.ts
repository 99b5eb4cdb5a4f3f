import { z } from "zod";

import type { GuardrailDefinition } from "../../policy/define-policy.ts";
import type { GuardrailKind } from "../guardrail.ts";
import { copyCounts, judgeShare, mergeCounts, type ShareCounts, zeroCounts } from "../judge-share.ts";
import { parseGuardrailOptions } from "../parse-options.ts";

/** Options of {@link quality}: one of the two. */
export type QualityOptions =
  /** The fraction of answers that have to be right, in (0, 1]. */
  | { readonly minimum: number }
  /** How much smaller than the control's it may be, as a fraction. */
  | { readonly tolerance: number };

const schema: z.ZodType<QualityOptions> = z.union([
  z.strictObject({ minimum: z.number().gt(0).max(1) }),
  z.strictObject({ tolerance: z.number().min(0).lt(1) }),
]);

/** The share of wrong answers, among those of which the application has said whether they were right. */
export const qualityKind: GuardrailKind<QualityOptions, ShareCounts> = {
  kind: "quality",
  parseOptions: (options) => parseGuardrailOptions("quality", schema, options),
  createCounter() {
    const counts = zeroCounts();
    return {
      observe() {},
      observeQuality(isCorrect, arm) {
        const counted = counts[arm];
        counted.trials += 1;
        if (!isCorrect) counted.events += 1;
      },
      counts: () => copyCounts(counts),
    };
  },
  merge: mergeCounts,
  judge(counts, options, context) {
    const limit = "minimum" in options ? { limit: 1 - options.minimum } : options;
    return judgeShare(counts, limit, context, { events: "of the answers were wrong" });
  },
};

/** Rolls back when too many answers turn out to be wrong. */
export function quality(options: QualityOptions): GuardrailDefinition {
  const stages = "minimum" in options ? "all" : "compared";
  return { name: "quality", kind: "quality", options: { ...options }, stages };
}
