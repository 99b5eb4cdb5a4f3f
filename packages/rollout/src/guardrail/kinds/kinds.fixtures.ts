import type { GuardrailKind, Arm, GuardrailEvent, JudgeContext } from "../guardrail.ts";
import type { Verdict } from "../verdict.ts";

/** What a canary's guardrail is told, at 5 % false alarms of its own. */
export const context: JudgeContext = { failAlpha: 0.05, passAlpha: 0.05, weight: 0.5, control: "stable" };

/** A request that went well. */
export function answered(change: Partial<GuardrailEvent> = {}): GuardrailEvent {
  return { outcome: "success", totalMs: 10, ...change };
}

/** A request that failed with this code. */
export function failed(code: string, totalMs = 10): GuardrailEvent {
  return { outcome: "failure", totalMs, error: { code } };
}

/** What a kind says of some requests, which two replicas counted by turns. */
export function judgeEvents(
  kind: GuardrailKind,
  options: Readonly<Record<string, unknown>>,
  events: Iterable<readonly [GuardrailEvent, Arm]>,
  told: JudgeContext = context,
): Verdict {
  const parsed: unknown = kind.parseOptions(options);
  const counters = [kind.createCounter(parsed), kind.createCounter(parsed)] as const;
  let turn = 0;
  for (const [event, arm] of events) {
    counters[(turn++ % 2) as 0 | 1].observe(event, arm);
  }
  // Replicas send JSON.
  const [a, b] = counters.map((counter) => JSON.parse(JSON.stringify(counter.counts())) as unknown);
  return kind.judge(kind.merge(a, b, parsed), parsed, told);
}

/** `count` events of an arm. */
export function repeat(
  count: number,
  event: GuardrailEvent,
  arm: Arm = "candidate",
): [GuardrailEvent, Arm][] {
  return Array.from({ length: count }, () => [event, arm]);
}
