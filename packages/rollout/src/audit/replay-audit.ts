import { judgeEvidence } from "../controller/evidence.ts";
import { step } from "../engine/step.ts";
import { builtInGuardrails } from "../guardrail/built-in-guardrails.ts";
import { GuardrailRegistry } from "../guardrail/guardrail-registry.ts";
import type { GuardrailKind } from "../guardrail/guardrail.ts";
import type { Verdict } from "../guardrail/verdict.ts";
import type { AuditEntry } from "./audit-entry.ts";
import { digestOf } from "./canonical-json.ts";

/** What {@link replayAudit} found. */
export interface AuditReplay {
  /** Whether everything came out as it is recorded. */
  readonly isSame: boolean;
  readonly entries: number;
  /** Verdicts that were judged again. */
  readonly verdicts: number;
  /** Verdicts without evidence to judge: of guardrails that failed by themselves. */
  readonly unjudged: number;
  readonly differences: readonly AuditDifference[];
}

/** Where a replay came to something else. */
export type AuditDifference =
  | {
      readonly sequence: number;
      readonly kind: "verdict";
      readonly guardrail: string;
      readonly recorded: Verdict;
      readonly replayed: Verdict;
    }
  | { readonly sequence: number; readonly kind: "decision" };

/**
 * Judges all evidence of an audit log again, with the guardrails of this version, and makes each
 * decision again from what they say. That the log itself is whole is `verifyAudit`'s to tell.
 *
 * @param options - `guardrails`: the kinds that its policies name besides the built-in ones.
 * @throws InvalidPolicyError `INVALID_POLICY` where a kind is not among them.
 */
export async function replayAudit(
  entries: AsyncIterable<AuditEntry> | Iterable<AuditEntry>,
  { guardrails = [] }: { readonly guardrails?: readonly GuardrailKind[] | undefined } = {},
): Promise<AuditReplay> {
  const registry = new GuardrailRegistry([...builtInGuardrails, ...guardrails]);
  const differences: AuditDifference[] = [];
  let [count, verdicts, unjudged] = [0, 0, 0];
  for await (const entry of entries) {
    count += 1;
    const { before, event, sequence, at } = entry;
    let again = event;
    if (event.type === "tick" && before.run !== null) {
      const { policy, stage, stageRevision } = before.run;
      registry.check(policy);
      const evidence = { replica: "audit", stageRevision, guardrails: event.evidence ?? {} };
      const judged = judgeEvidence(policy, stage, [evidence], registry).verdicts;
      const replayedVerdicts: Record<string, Verdict> = {};
      for (const [guardrail, recorded] of Object.entries(event.verdicts)) {
        const replayed = judged[guardrail];
        const isJudged = replayed !== undefined && Object.hasOwn(evidence.guardrails, guardrail);
        replayedVerdicts[guardrail] = isJudged ? replayed : recorded;
        if (!isJudged) unjudged += 1;
        else {
          verdicts += 1;
          const isSame = (await digestOf(replayed)) === (await digestOf(recorded));
          if (!isSame) differences.push({ sequence, kind: "verdict", guardrail, recorded, replayed });
        }
      }
      again = { ...event, verdicts: replayedVerdicts };
    }
    if ((await digestOf(step(before, again, at).state)) !== entry.stateDigest) {
      differences.push({ sequence, kind: "decision" });
    }
  }
  return { isSame: differences.length === 0, entries: count, verdicts, unjudged, differences };
}
