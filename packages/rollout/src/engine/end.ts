import type { Ending, RolloutState, Run } from "./state.ts";
import type { Step } from "./step.ts";

/**
 * Ends a rollout: the candidate is the stable version, or nobody has it any more. Where there is no
 * version to go back to the candidate stays, paused, for somebody to decide.
 */
export function end(
  state: RolloutState,
  run: Run,
  how: { readonly result: "completed" | "rolled-back"; readonly actor: string; readonly reason: string },
  now: number,
): Step {
  const { result, actor, reason } = how;
  const { candidate } = run;
  const stable = result === "completed" ? candidate : (state.stable ?? run.policy.fallback);
  if (stable === null) {
    const why = `${reason}; there is no version to go back to, and the policy names no fallback`;
    const isNew = run.phase !== "paused" || run.reason !== why;
    const paused: Run = { ...run, phase: "paused", reason: why, pausedAt: run.pausedAt ?? now };
    return {
      state: { ...state, run: paused },
      transition: isNew ? { type: "paused", reason: why, actor } : undefined,
    };
  }
  const last: Ending = { result, candidate, reason, actor, at: now };
  return { state: { ...state, stable, run: null, last }, transition: { type: result, reason, actor } };
}
