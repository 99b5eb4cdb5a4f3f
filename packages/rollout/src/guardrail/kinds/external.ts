import type { GuardrailKind } from "../guardrail.ts";
import { type Verdict, verdictStatuses } from "../verdict.ts";

/** Something else that judges the candidate: a drift monitor, a check of another system. */
export interface VerdictSource {
  /** What it says now, in this replica. It may throw, which is an `error`. */
  judge(): Verdict;
}

/**
 * A kind of guardrail that somebody else judges. Each replica asks its own source; together they say
 * the worst of what they say apart: `fail`, then `error`, `no-data`, `inconclusive`, and `pass` only
 * where all pass. Its rate of false alarms is the source's own, for each replica.
 */
export function externalGuardrail(kind: string, source: VerdictSource): GuardrailKind<unknown, Verdict> {
  return {
    kind,
    parseOptions: (options) => options,
    createCounter: () => ({ observe() {}, counts: () => ask(source) }),
    merge: (a, b) => {
      const [worse, better] = rankOf(a) <= rankOf(b) ? [a, b] : [b, a];
      const samples = worse.evidence.samples + better.evidence.samples;
      return { ...worse, evidence: { ...worse.evidence, samples } };
    },
    judge: (verdict) => verdict,
  };
}

function ask(source: VerdictSource): Verdict {
  try {
    return source.judge();
  } catch (cause) {
    const reason = `it failed: ${cause instanceof Error ? cause.message : String(cause)}`;
    return { status: "error", reason, evidence: { samples: 0 } };
  }
}

const worstFirst: readonly Verdict["status"][] = ["fail", "error", "no-data", "inconclusive", "pass"];

function rankOf({ status }: Verdict): number {
  return verdictStatuses.includes(status) ? worstFirst.indexOf(status) : worstFirst.indexOf("error");
}
