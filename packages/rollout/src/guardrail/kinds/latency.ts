import { z } from "zod";

import type { GuardrailDefinition } from "../../policy/define-policy.ts";
import { isCallersFault } from "../callers-fault.ts";
import type { GuardrailKind } from "../guardrail.ts";
import { copyCounts, judgeShare, mergeCounts, type ShareCounts, zeroCounts } from "../judge-share.ts";
import { parseGuardrailOptions } from "../parse-options.ts";

/** Options of {@link latency}. */
export interface LatencyOptions {
  /** The percentile that is held, in (0, 100). Default 95. */
  readonly percentile?: number | undefined;
  /** What it may be at most, in milliseconds. */
  readonly limitMs: number;
  /**
   * Compares with the control instead: the share of requests above `limitMs` may be this much
   * larger than the control's, as a fraction. Default none.
   */
  readonly tolerance?: number | undefined;
}

interface ParsedOptions extends LatencyOptions {
  readonly percentile: number;
}

const schema: z.ZodType<ParsedOptions> = z.strictObject({
  percentile: z.number().gt(0).lt(100).default(95),
  limitMs: z.number().gt(0),
  tolerance: z.number().min(0).lt(1).optional(),
});

/**
 * Latency, by the share of requests above a limit: "p95 is at most 500 ms" is "at most 5 % take
 * longer than 500 ms". That share is judged exactly, by two whole numbers for each arm that replicas
 * add up, where an estimated percentile would have to be believed.
 *
 * Requests that failed count by the time they took. Those whose caller was to blame do not count.
 */
export const latencyKind: GuardrailKind<ParsedOptions, ShareCounts> = {
  kind: "latency",
  parseOptions: (options) => parseGuardrailOptions("latency", schema, options),
  createCounter({ limitMs }) {
    const counts = zeroCounts();
    return {
      observe(event, arm) {
        if (isCallersFault(event)) return;
        const counted = counts[arm];
        counted.trials += 1;
        // A time that is no number is none that was short.
        if (!(event.totalMs <= limitMs)) counted.events += 1;
      },
      counts: () => copyCounts(counts),
    };
  },
  merge: mergeCounts,
  judge(counts, { percentile, limitMs, tolerance }, context) {
    const limit = tolerance === undefined ? { limit: 1 - percentile / 100 } : { tolerance };
    return judgeShare(counts, limit, context, { events: `of the requests took longer than ${limitMs} ms` });
  },
};

/**
 * Rolls back when a percentile of the latency is above a limit.
 *
 * @example
 * ```ts
 * latency({ percentile: 95, limitMs: 500 });
 * ```
 */
export function latency({ percentile = 95, limitMs, tolerance }: LatencyOptions): GuardrailDefinition {
  const options = { percentile, limitMs, ...(tolerance !== undefined && { tolerance }) };
  const stages = tolerance === undefined ? "all" : "compared";
  return { name: `p${percentile} latency`, kind: "latency", options, stages };
}
