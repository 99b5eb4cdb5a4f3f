import type { BudgetVerdict } from "../budget/budget-gate.ts";
import type { Verdict } from "../guardrail/verdict.ts";
import type { RolloutPolicy } from "../policy/policy.ts";
import type { ExperimentFindings } from "./state.ts";

/** What can happen to a rollout. Each names who or what brought it about. */
export type RolloutEvent =
  /** A candidate is to take over. */
  | {
      readonly type: "start";
      readonly actor: string;
      readonly candidate: string;
      readonly policy: RolloutPolicy;
      /** Whether the error budget allows a rollout to start. Default it does. */
      readonly isBudgetLeft?: boolean | undefined;
      /** What that rests on. */
      readonly budget?: BudgetVerdict | undefined;
    }
  /** The guardrails were asked. */
  | {
      readonly type: "tick";
      readonly actor: string;
      /** The `stageRevision` of the stage that the verdicts are of. */
      readonly stageRevision: number;
      /** By guardrail. One that is absent counts as `error`. */
      readonly verdicts: Readonly<Record<string, Verdict>>;
      /** What the verdicts were judged from, by guardrail: what a replay judges again. */
      readonly evidence?: Readonly<Record<string, unknown>> | undefined;
      /** What an experiment's outcomes say; absent while they could not be heard. */
      readonly findings?: ExperimentFindings | undefined;
      /** Whether the error budget allows the rollout to go on. Default it does. */
      readonly isBudgetLeft?: boolean | undefined;
      /** What that rests on. */
      readonly budget?: BudgetVerdict | undefined;
    }
  /** Somebody approves the stage. */
  | {
      readonly type: "approve";
      readonly actor: string;
      readonly stageRevision: number;
      /** Of an experiment: the version that led when they looked. */
      readonly version?: string | undefined;
    }
  /** Somebody moves on, whatever the gates say: to the next stage, or to the end. */
  | {
      readonly type: "promote";
      readonly actor: string;
      readonly to: "next-stage" | "end";
      /** Of an experiment: which of its versions. Default the one that leads, or else the one that it was started with. */
      readonly version?: string | undefined;
      readonly reason: string;
    }
  /** Somebody stops the clock. */
  | { readonly type: "pause"; readonly actor: string; readonly reason: string }
  /** Somebody lets it go on. */
  | { readonly type: "resume"; readonly actor: string }
  /** Somebody rolls back. */
  | { readonly type: "abort"; readonly actor: string; readonly reason: string };
