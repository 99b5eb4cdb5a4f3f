import { RolloutConflictError } from "../errors/rollout-conflict-error.ts";
import { approve } from "./approve.ts";
import { end } from "./end.ts";
import type { RolloutEvent } from "./event.ts";
import { enterStage } from "./enter-stage.ts";
import { liveVariant } from "./experiment/begin-experiment.ts";
import { start } from "./start.ts";
import type { RolloutState, Run } from "./state.ts";
import { tick } from "./tick.ts";

/** What became of an event. */
export interface Step {
  /** The next state: the same object where nothing changed. */
  readonly state: RolloutState;
  /** What changed, in words; `undefined` where nothing of note did. */
  readonly transition: Transition | undefined;
}

/** A change that people want to hear of. */
export interface Transition {
  readonly type:
    | "started"
    | "stage-entered"
    | "awaiting-approval"
    | "approved"
    | "paused"
    | "resumed"
    | "variant-dropped"
    | "reweighted"
    | "completed"
    | "rolled-back"
    | "replaced";
  readonly reason: string;
  readonly actor: string;
}

/**
 * What becomes of a rollout when something happens to it. It is a function of its arguments and
 * nothing else: the same state, event and time give the same next state, in every replica and in
 * every replay.
 *
 * @param now - Milliseconds since the Unix epoch. Where it lies before `state.clock`, time stands
 *   still at `state.clock`.
 * @throws RolloutConflictError `ROLLOUT_CONFLICT` when a command does not fit the state. A tick never throws.
 */
export function step(state: RolloutState, event: RolloutEvent, now: number): Step {
  const time = Math.max(now, state.clock);
  const { state: next, transition } = react({ ...state, clock: time }, event, time);
  if (transition === undefined && next.run === state.run) return { state, transition };
  return { state: { ...next, revision: state.revision + 1 }, transition };
}

function react(state: RolloutState, event: RolloutEvent, now: number): Step {
  if (event.type === "start") return start(state, event, now);
  const { run } = state;
  if (event.type === "tick")
    return run === null ? { state, transition: undefined } : tick(state, run, event, now);
  if (run === null) {
    throw new RolloutConflictError(`There is no rollout to ${event.type}.`, { reason: "no-rollout" });
  }
  switch (event.type) {
    case "approve":
      return approve(state, run, event, now);
    case "promote":
      return promote(state, run, event, now);
    case "pause":
      return pause(state, run, event, now);
    case "resume":
      return resume(state, run, event, now);
    case "abort":
      return end(state, run, { ...event, result: "rolled-back" }, now);
  }
}

type Command<Type extends RolloutEvent["type"]> = Extract<RolloutEvent, { readonly type: Type }>;

function promote(state: RolloutState, before: Run, event: Command<"promote">, now: number): Step {
  const { actor, reason, version } = event;
  const run = version === undefined ? before : { ...before, candidate: liveVariant(before, version) };
  const isLast = run.stage === run.policy.stages.length - 1;
  if (event.to === "end" || isLast) return end(state, run, { actor, reason, result: "completed" }, now);
  return enterStage(state, run, { stage: run.stage + 1, enteredAt: now, actor, reason });
}

function pause(state: RolloutState, run: Run, { actor, reason }: Command<"pause">, now: number): Step {
  if (run.phase === "paused") return { state, transition: undefined };
  const paused: Run = { ...run, phase: "paused", reason, pausedAt: now };
  return { state: { ...state, run: paused }, transition: { type: "paused", reason, actor } };
}

function resume(state: RolloutState, run: Run, { actor }: Command<"resume">, now: number): Step {
  if (run.phase !== "paused") {
    throw new RolloutConflictError(`The rollout of ${run.candidate} is not paused.`, {
      reason: "not-paused",
    });
  }
  const reason = `${actor} resumed it`;
  const resumed: Run = {
    ...run,
    phase: "running",
    reason,
    pausedMs: run.pausedMs + (now - (run.pausedAt ?? now)),
    pausedAt: null,
    guardrails: restartPatience(run, now),
  };
  return { state: { ...state, run: resumed }, transition: { type: "resumed", reason, actor } };
}

/** Nobody's patience ran on while the clock stood. */
function restartPatience({ guardrails }: Run, now: number): Run["guardrails"] {
  return Object.fromEntries(
    Object.entries(guardrails).map(([name, record]) => [
      name,
      record.since === null ? record : { ...record, since: now },
    ]),
  );
}
