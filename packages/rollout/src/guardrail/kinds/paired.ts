import { bernoulliSequence, mcNemar } from "@mlops/stats";
import { z } from "zod";

import type { GuardrailDefinition } from "../../policy/define-policy.ts";
import type { GuardrailKind, JudgeContext } from "../guardrail.ts";
import { noData } from "../judge-share.ts";
import { readField } from "../output-field.ts";
import { parseGuardrailOptions } from "../parse-options.ts";
import type { Verdict } from "../verdict.ts";

/** Options of {@link pairedTruth} and {@link pairedValue}. */
export interface PairedOptions {
  /** Where the value lies in the output, such as `label` or `result.price`. Default the output itself. */
  readonly field?: string | undefined;
  /** The excess that is allowed, as a fraction of all pairs in [0, 1). */
  readonly tolerance: number;
}

/** {@link PairedOptions} as a policy keeps them. */
export interface ParsedPairedOptions {
  readonly by: "truth" | "value";
  readonly field: string;
  readonly tolerance: number;
}

const schema: z.ZodType<ParsedPairedOptions> = z.strictObject({
  by: z.enum(["truth", "value"]),
  field: z.string().max(256).default(""),
  tolerance: z.number().min(0).lt(1),
});

/** Pairs of answers to one request, and those in which the two differ, by which way. */
export interface PairCounts {
  readonly pairs: number;
  /** Only the live answer was right; or the candidate's was larger. */
  readonly against: number;
  /** Only the candidate's was right; or it was smaller. */
  readonly inFavour: number;
}

/**
 * A shadow's answers against the live ones, request by request: the sign test and McNemar's test, made to
 * hold at every look.
 *
 * A pair in which both are alike says nothing. With s the share of those against the candidate among the
 * pairs that differ, and d the share of pairs that differ, the excess is d · (2s - 1). Without any difference
 * between the versions s is ½, whatever pair it is; s and d have confidence sequences
 * (`bernoulliSequence` of `@mlops/stats`) at half the level each, whose ends bound the excess. So the rate
 * of false alarms is exact, from the first pair on and however often it is asked.
 *
 * It is not built in: `createRollout({ guardrails: [pairedKind] })` in every replica.
 */
export const pairedKind: GuardrailKind<ParsedPairedOptions, PairCounts> = {
  kind: "paired",
  parseOptions: (options) => parseGuardrailOptions("paired", schema, options),
  createCounter({ by, field }) {
    const counts = { pairs: 0, against: 0, inFavour: 0 };
    const add = (difference: number): void => {
      if (Number.isNaN(difference)) return;
      counts.pairs += 1;
      if (difference > 0) counts.against += 1;
      if (difference < 0) counts.inFavour += 1;
    };
    const counter = { observe() {}, counts: () => ({ ...counts }) };
    if (by === "truth") {
      return {
        ...counter,
        observeTruth({ output, live, truth }) {
          const [own, other] = [readField(output, field), readField(live, field)];
          // Two answers that can never be right would count as alike, and what is broken would pass.
          if (!isComparable(truth) || (!isComparable(own) && !isComparable(other))) return;
          add(Number(other === truth) - Number(own === truth));
        },
      };
    }
    return {
      ...counter,
      observe(event, arm) {
        if (arm !== "candidate" || !("live" in event) || event.outcome === "failure") return;
        const [own, live] = [readField(event.output, field), readField(event.live, field)];
        if (typeof own === "number" && typeof live === "number") add(own === live ? 0 : own - live);
      },
    };
  },
  merge: (a, b) => ({
    pairs: a.pairs + b.pairs,
    against: a.against + b.against,
    inFavour: a.inFavour + b.inFavour,
  }),
  judge(counts, { by, tolerance }, context) {
    const { pairs, against, inFavour } = counts;
    if (pairs === 0) return noData("no pair of answers was compared yet", 0);
    const { low, high } = excess(counts, by, context);
    const estimate = (against - inFavour) / pairs;
    const { pValue } = mcNemar({ firstOnly: against, secondOnly: inFavour });
    const words = by === "truth" ? "were right only live" : "were larger than live";
    const others = by === "truth" ? "only shadowed" : "smaller";
    const reason = `of ${pairs} pairs, ${against} ${words} and ${inFavour} ${others}: an excess of ${format(estimate)} (at least ${format(low)}, at most ${format(high)}; p ${format(pValue)} at one look), and ${format(tolerance)} is allowed`;
    const evidence = { samples: pairs, controlSamples: pairs, estimate, low, high, limit: tolerance };
    return { status: decide(low, high, tolerance, by), reason, evidence };
  },
};

/** Whether `===` can find it the same as another value. */
function isComparable(value: unknown): boolean {
  const isPlain = ["string", "number", "boolean", "bigint"].includes(typeof value) || value === null;
  return isPlain && !Number.isNaN(value);
}

/** Being right more often than the live version is no fault; other values are one both ways. */
function decide(
  low: number,
  high: number,
  tolerance: number,
  by: ParsedPairedOptions["by"],
): Verdict["status"] {
  const isTooFew = by === "value" && high < -tolerance;
  if (low > tolerance || isTooFew) return "fail";
  const isEnough = by === "truth" || low >= -tolerance;
  return high <= tolerance && isEnough ? "pass" : "inconclusive";
}

/** The bounds of d · (2s - 1): below, what rolls back is held to its rate, and above, what passes. */
function excess(
  counts: PairCounts,
  by: ParsedPairedOptions["by"],
  { failAlpha, passAlpha }: JudgeContext,
): { readonly low: number; readonly high: number } {
  const failing = boundsAt(counts, failAlpha);
  const passing = failAlpha === passAlpha ? failing : boundsAt(counts, passAlpha);
  if (by === "truth") return { low: failing.low, high: passing.high };
  // Both ends may fail, and both have to pass.
  return { low: Math.min(failing.low, passing.low), high: Math.max(failing.high, passing.high) };
}

function boundsAt(
  { pairs, against, inFavour }: PairCounts,
  alpha: number,
): { readonly low: number; readonly high: number } {
  const differing = against + inFavour;
  const rate = bernoulliSequence({ successes: differing, trials: pairs }, { alpha: alpha / 2 });
  const share = bernoulliSequence({ successes: against, trials: differing }, { alpha: alpha / 2 });
  const low = 2 * share.lower - 1;
  const high = 2 * share.upper - 1;
  return {
    low: low * (low > 0 ? rate.lower : rate.upper),
    high: high * (high > 0 ? rate.upper : rate.lower),
  };
}

function format(value: number): string {
  return String(Number(value.toPrecision(3)));
}

/**
 * Rolls back a shadow that is right less often than the live version on the same requests, once
 * `reportTruth` has said what was right: McNemar's test at every look. The truth is a text, a number, a
 * boolean or `null`; a pair in which neither answer has one of these at `field` is not counted.
 */
export function pairedTruth({ field = "", tolerance }: PairedOptions): GuardrailDefinition {
  return {
    name: "paired truth",
    kind: "paired",
    options: { by: "truth", field, tolerance },
    stages: "shadow",
  };
}

/**
 * Rolls back a shadow whose numbers are larger, or smaller, than the live ones too often to be chance:
 * the sign test at every look. By how much they differ does not matter.
 */
export function pairedValue({ field = "", tolerance }: PairedOptions): GuardrailDefinition {
  return {
    name: "paired value",
    kind: "paired",
    options: { by: "value", field, tolerance },
    stages: "shadow",
  };
}
