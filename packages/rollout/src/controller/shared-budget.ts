import type { BudgetGate, BudgetVerdict } from "../budget/budget-gate.ts";
import type { ReplicaEvidence, RolloutStore } from "../store/store.ts";

/** What a {@link SharedBudget} is made of. */
export interface SharedBudgetOptions {
  readonly gate: BudgetGate;
  readonly store: RolloutStore;
  readonly rollout: string;
  readonly replica: string;
}

/** Where a gate's counts lie in a replica's evidence. */
const gateName = "budget";
/** A budget belongs to no stage. */
const noStage = 0;

/**
 * One replica's part in a budget that all replicas count together. It is kept in the store like
 * evidence, under the rollout's name with `.budget`, and outlasts stages, rollouts and restarts.
 */
export class SharedBudget {
  readonly #options: SharedBudgetOptions;
  readonly #place: string;
  #isRestored = false;

  constructor(options: SharedBudgetOptions) {
    this.#options = options;
    this.#place = `${options.rollout}.budget`;
  }

  /** Leaves what this replica counted where the others find it. */
  async put(signal?: AbortSignal): Promise<void> {
    const { gate, store, replica } = this.#options;
    if (!this.#isRestored) await this.#read(signal);
    const evidence = { replica, stageRevision: noStage, guardrails: { [gateName]: gate.counts() } };
    await store.putEvidence(this.#place, evidence, { signal });
  }

  /** What all have counted says. What cannot be judged lets nothing start or go on. */
  async judge(now: number, signal?: AbortSignal): Promise<BudgetVerdict> {
    const { gate, replica } = this.#options;
    const others = (await this.#read(signal)).filter((evidence) => evidence.replica !== replica);
    try {
      return gate.judge([...others.map(countsOf), gate.counts()], now);
    } catch (cause) {
      const reason = `the error budget could not be judged: ${cause instanceof Error ? cause.message : String(cause)}`;
      return { isLeft: false, reason, objective: 1, requests: 0, failures: 0, consumed: 1, windows: [] };
    }
  }

  /** What everybody left; the first time, this replica takes up what it counted before it was started again. */
  async #read(signal?: AbortSignal): Promise<ReplicaEvidence[]> {
    const { gate, store, replica } = this.#options;
    const left = await store.readEvidence(this.#place, noStage, { signal });
    if (!this.#isRestored) {
      this.#isRestored = true;
      const before = left.find((evidence) => evidence.replica === replica);
      if (before !== undefined) gate.restore(countsOf(before));
    }
    return left;
  }
}

function countsOf({ guardrails }: ReplicaEvidence): unknown {
  return guardrails[gateName];
}
