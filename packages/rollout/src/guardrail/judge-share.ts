import { bernoulliDifferenceSequence, bernoulliSequence } from "@mlops/stats";

import type { JudgeContext } from "./guardrail.ts";
import type { Evidence, Verdict } from "./verdict.ts";

/** How many requests of each arm were counted, and how many of them were of the kind in question: failed, slow, wrong. */
export interface ShareCounts {
  readonly candidate: ArmCounts;
  readonly control: ArmCounts;
}

/** One arm's part of {@link ShareCounts}. */
interface ArmCounts {
  readonly trials: number;
  readonly events: number;
}

/** Counts an arm's requests. */
export interface MutableArmCounts {
  trials: number;
  events: number;
}

/** Counters of both arms, at zero. */
export function zeroCounts(): { readonly candidate: MutableArmCounts; readonly control: MutableArmCounts } {
  return { candidate: { trials: 0, events: 0 }, control: { trials: 0, events: 0 } };
}

/** A copy of what was counted. */
export function copyCounts({ candidate, control }: ShareCounts): ShareCounts {
  return { candidate: { ...candidate }, control: { ...control } };
}

/** The counts of two replicas together. */
export function mergeCounts(a: ShareCounts, b: ShareCounts): ShareCounts {
  return { candidate: addArms(a.candidate, b.candidate), control: addArms(a.control, b.control) };
}

function addArms(a: ArmCounts, b: ArmCounts): ArmCounts {
  return { trials: a.trials + b.trials, events: a.events + b.events };
}

/** What a share is held to. */
export type ShareLimit =
  /** The candidate's share is at most this. */
  | { readonly limit: number }
  /** It is at most this much above the control's in the same stage. */
  | { readonly tolerance: number };

/** How a share is spoken of. */
export interface ShareWords {
  /** What the events are: `requests above 500 ms`. */
  readonly events: string;
}

/**
 * Holds the candidate's share of events to a limit, by confidence sequences: the verdict may be
 * asked for after every request. It fails when the share is above the limit for certain, and passes
 * when it is not for certain; in between it is inconclusive.
 */
export function judgeShare(
  counts: ShareCounts,
  limit: ShareLimit,
  context: JudgeContext,
  words: ShareWords,
): Verdict {
  return "limit" in limit
    ? judgeAgainstLimit(counts.candidate, limit.limit, context, words)
    : judgeAgainstControl(counts, limit.tolerance, context, words);
}

function judgeAgainstLimit(
  { trials, events }: ArmCounts,
  limit: number,
  { failAlpha, passAlpha }: JudgeContext,
  { events: what }: ShareWords,
): Verdict {
  if (trials === 0) return noData("the candidate has answered no request yet", 0);
  const counted = { successes: events, trials };
  const { lower } = bernoulliSequence(counted, { alpha: failAlpha, bounds: "lower" });
  const { upper } = bernoulliSequence(counted, { alpha: passAlpha, bounds: "upper" });
  const evidence = { samples: trials, estimate: events / trials, low: lower, high: upper, limit };
  const found = `${percent(events / trials)} ${what} (${events} of ${trials}; at least ${percent(lower)}, at most ${percent(upper)})`;
  return decide(lower, upper, limit, evidence, `${found}, and ${percent(limit)} are allowed`);
}

function judgeAgainstControl(
  { candidate, control }: ShareCounts,
  tolerance: number,
  { failAlpha, passAlpha }: JudgeContext,
  { events: what }: ShareWords,
): Verdict {
  const { trials: samples } = candidate;
  const { trials: controlSamples } = control;
  if (samples === 0 || controlSamples === 0) {
    const who = samples === 0 ? "the candidate" : "what it is compared with";
    return {
      ...noData(`${who} has answered no request yet`, samples),
      evidence: { samples, controlSamples },
    };
  }
  const first = { successes: candidate.events, trials: samples };
  const second = { successes: control.events, trials: controlSamples };
  // Twice the level, as only one side of a two-sided interval is used.
  const { lower, estimate } = bernoulliDifferenceSequence(first, second, {
    alpha: Math.min(2 * failAlpha, 0.5),
  });
  const { upper } = bernoulliDifferenceSequence(first, second, { alpha: Math.min(2 * passAlpha, 0.5) });
  const evidence = { samples, controlSamples, estimate, low: lower, high: upper, limit: tolerance };
  const found = `${percent(candidate.events / samples)} ${what} against ${percent(control.events / controlSamples)} (${percent(estimate)} more; at least ${percent(lower)}, at most ${percent(upper)})`;
  return decide(lower, upper, tolerance, evidence, `${found}, and ${percent(tolerance)} more are allowed`);
}

function decide(lower: number, upper: number, limit: number, evidence: Evidence, reason: string): Verdict {
  if (lower > limit) return { status: "fail", reason, evidence };
  if (upper <= limit) return { status: "pass", reason, evidence };
  return { status: "inconclusive", reason, evidence };
}

/** That there is nothing to judge. */
export function noData(reason: string, samples: number): Verdict {
  return { status: "no-data", reason, evidence: { samples } };
}

/** `4.2 %`, to three digits. */
function percent(share: number): string {
  return `${Number((share * 100).toPrecision(3))} %`;
}
