import { InvalidPolicyError } from "../errors/invalid-policy-error.ts";
import type { GuardrailRule, RolloutPolicy } from "../policy/policy.ts";
import type { GuardrailKind, GuardrailCounter, JudgeContext } from "./guardrail.ts";
import { type Verdict, verdictStatuses } from "./verdict.ts";

/** The kinds of guardrails that policies may name, by name. It never changes. */
export class GuardrailRegistry {
  readonly #kinds: ReadonlyMap<string, GuardrailKind>;

  constructor(kinds: Iterable<GuardrailKind>) {
    this.#kinds = new Map([...kinds].map((kind) => [kind.kind, kind]));
  }

  /**
   * Holds a policy's rules to their kinds.
   *
   * @throws InvalidPolicyError `INVALID_POLICY` when a kind is not registered, or does not take the options.
   */
  check(policy: RolloutPolicy): void {
    for (const [index, rule] of policy.guardrails.entries()) {
      if (!this.#kinds.has(rule.kind)) {
        const known = [...this.#kinds.keys()].map((kind) => JSON.stringify(kind)).join(", ");
        const problem = `is ${JSON.stringify(rule.kind)}; it has to be one of ${known}, or registered`;
        throw new InvalidPolicyError({ field: `guardrails[${index}].kind`, problem });
      }
      this.#kindOf(rule).parseOptions(rule.options);
    }
  }

  /** A counter for a rule. */
  createCounter(rule: GuardrailRule): GuardrailCounter {
    const kind = this.#kindOf(rule);
    return kind.createCounter(kind.parseOptions(rule.options));
  }

  /** The counts of two replicas together. */
  merge(rule: GuardrailRule, a: unknown, b: unknown): unknown {
    const kind = this.#kindOf(rule);
    return kind.merge(a, b, kind.parseOptions(rule.options));
  }

  /** What counts say. A verdict that is none is an `error`, and never a pass. */
  judge(rule: GuardrailRule, counts: unknown, context: JudgeContext): Verdict {
    const kind = this.#kindOf(rule);
    const verdict: unknown = kind.judge(counts, kind.parseOptions(rule.options), context);
    if (isVerdict(verdict)) return verdict;
    return { status: "error", reason: "it gave something that is no verdict", evidence: { samples: 0 } };
  }

  #kindOf(rule: GuardrailRule): GuardrailKind {
    const kind = this.#kinds.get(rule.kind);
    if (kind !== undefined) return kind;
    throw new InvalidPolicyError({
      field: "guardrails",
      problem: `name the kind ${JSON.stringify(rule.kind)}, which this replica has not registered`,
    });
  }
}

/** A guardrail may be anybody's: what it says is checked before anything hangs on it. */
function isVerdict(value: unknown): value is Verdict {
  if (typeof value !== "object" || value === null) return false;
  const { status, reason, evidence } = value as Partial<Verdict>; // Each field is looked at below.
  return (
    verdictStatuses.some((known) => known === status) &&
    typeof reason === "string" &&
    typeof evidence === "object" &&
    evidence !== null &&
    Number.isFinite(evidence.samples)
  );
}
