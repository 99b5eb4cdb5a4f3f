import { createAuditEntry } from "../audit/audit-entry.ts";
import type { BudgetGate, BudgetVerdict } from "../budget/budget-gate.ts";
import type { RolloutEvent } from "../engine/event.ts";
import { type ExperimentFindings, initialState, type RolloutState, type Run } from "../engine/state.ts";
import { step } from "../engine/step.ts";
import { StoreConflictError } from "../errors/store-conflict-error.ts";
import { GuardrailRegistry } from "../guardrail/guardrail-registry.ts";
import type { GuardrailKind, Arm, GuardrailEvent } from "../guardrail/guardrail.ts";
import type { RolloutPolicy } from "../policy/policy.ts";
import { parsePolicy } from "../policy/policy-schema.ts";
import type { Assignments } from "../rollout/assignments.ts";
import type { RolloutStore } from "../store/store.ts";
import { judgeEvidence, StageEvidence } from "./evidence.ts";
import { SharedBudget } from "./shared-budget.ts";

/** What a {@link RolloutController} is made of. */
export interface RolloutControllerOptions {
  /** The rollout's name in the store: letters, digits, `.`, `_` and `-`, at most 128. */
  readonly rollout: string;
  /** This replica's name, which no other has. */
  readonly replica: string;
  readonly store: RolloutStore;
  /** The guardrails that policies may name. */
  readonly guardrails: readonly GuardrailKind[];
  /** The version that answers before anything is stored. Default none. */
  readonly stable?: string | undefined;
  /** What hears the outcomes of experiments. Default none: they are not decided by this replica. */
  readonly assignments?: Assignments | undefined;
  /** What tells whether there is room for a rollout. Default nothing asks. */
  readonly budget?: BudgetGate | undefined;
  /** Called with each newer state that this replica learns of. */
  readonly onState?: ((state: RolloutState) => void) | undefined;
}

/** How often a command is tried again because another replica wrote first. */
const maxAttempts = 20;

/**
 * One replica's part in a rollout: it counts, tells the others what it counted, and makes the
 * next state where nobody was faster. There is no leader: whoever writes first has decided, and
 * what they decided from is what everybody counted.
 */
export class RolloutController {
  readonly #options: RolloutControllerOptions;
  readonly #registry: GuardrailRegistry;
  readonly #budget: SharedBudget | undefined;
  #state: RolloutState;
  #evidence: StageEvidence | undefined;
  #storeNow: number | undefined;

  constructor(options: RolloutControllerOptions) {
    this.#options = options;
    this.#registry = new GuardrailRegistry(options.guardrails);
    const { budget: gate, store, rollout, replica } = options;
    if (gate !== undefined) this.#budget = new SharedBudget({ gate, store, rollout, replica });
    this.#state = initialState(options.stable ?? null);
  }

  /** The newest state that this replica knows. Its revision never goes back. */
  get state(): RolloutState {
    return this.#state;
  }

  /** What time it was for all who share the store when it was read last; `undefined` before. */
  get storeNow(): number | undefined {
    return this.#storeNow;
  }

  /** Counts a request that was routed in the stage of `stageRevision`; one of another stage is left out. */
  observe(event: GuardrailEvent, arm: Arm, stageRevision: number, version?: string): void {
    if (this.#evidence?.stageRevision === stageRevision) this.#evidence.observe(event, arm, version);
  }

  /** Counts whether an answer of the present stage turned out to be right. */
  observeQuality(isCorrect: boolean, arm: Arm, version?: string): void {
    this.#evidence?.observeQuality(isCorrect, arm, version);
  }

  /** What this replica counts in the present stage; `undefined` where nothing is under way. */
  get evidence(): StageEvidence | undefined {
    return this.#evidence;
  }

  /** Reads what the others have done. */
  async refresh(signal?: AbortSignal): Promise<RolloutState> {
    const { state } = await this.#options.store.read(this.#options.rollout, { signal });
    if (state !== undefined) this.#adopt(state);
    return this.#state;
  }

  /**
   * Starts a rollout.
   *
   * @throws InvalidPolicyError `INVALID_POLICY`
   * @throws RolloutConflictError `ROLLOUT_CONFLICT`
   */
  async start(candidate: string, policy: RolloutPolicy, actor: string): Promise<RolloutState> {
    const checked = parsePolicy(policy);
    this.#registry.check(checked);
    return this.#persist(async (now) => ({
      type: "start",
      actor,
      candidate,
      policy: checked,
      ...(await this.#askBudget(now)),
    }));
  }

  /**
   * Carries out a person's command on the newest state.
   *
   * @throws RolloutConflictError `ROLLOUT_CONFLICT` when it does not fit that state.
   * @throws StoreConflictError `STORE_CONFLICT` when others kept writing first.
   */
  async command(event: Exclude<RolloutEvent, { readonly type: "tick" }>): Promise<RolloutState> {
    return this.#persist(() => event);
  }

  /**
   * Tells what was counted, and judges what everybody counted when that is due. Where another
   * replica was faster nothing is done, as it has been done.
   */
  async tick(signal?: AbortSignal): Promise<RolloutState> {
    const { rollout, replica, store } = this.#options;
    if (this.#evidence !== undefined) {
      await store.putEvidence(rollout, this.#evidence.toReplicaEvidence(replica), { signal });
    }
    await this.#budget?.put(signal);
    await this.#apply(async (state, now) => {
      const { run } = state;
      if (run === null || now < run.nextTickAt) return undefined;
      const counted = await store.readEvidence(rollout, run.stageRevision, { signal });
      const { verdicts, ...judged } = judgeEvidence(run.policy, run.stage, counted, this.#registry);
      const heard = await this.#hearOutcomes(state, run, now, signal);
      const asked = await this.#askBudget(now, signal);
      const evidence = { ...judged.evidence, ...heard.evidence };
      const { stageRevision } = run;
      const { findings } = heard;
      return {
        type: "tick",
        actor: `replica:${replica}`,
        stageRevision,
        verdicts,
        evidence,
        findings,
        ...asked,
      };
    }, signal);
    return this.#state;
  }

  /** Nothing where they cannot be read: the guardrails are judged all the same, and nobody is promoted. */
  async #hearOutcomes(
    { epoch, stable }: RolloutState,
    run: Run,
    now: number,
    signal: AbortSignal | undefined,
  ): Promise<{
    readonly findings?: ExperimentFindings;
    readonly evidence?: Readonly<Record<string, unknown>>;
  }> {
    const { assignments, rollout } = this.#options;
    if (run.experiment === undefined || assignments === undefined || stable === null) return {};
    try {
      const { findings, evidence } = await assignments.judge({ rollout, epoch, run, stable, now, signal });
      return { findings, evidence: { outcomes: evidence } };
    } catch (cause) {
      signal?.throwIfAborted();
      return { evidence: { outcomesProblem: cause instanceof Error ? cause.message : String(cause) } };
    }
  }

  /** Tries again while others write first. */
  async #persist(makeEvent: (now: number) => RolloutEvent | Promise<RolloutEvent>): Promise<RolloutState> {
    for (let attempt = 0; attempt < maxAttempts; attempt += 1) {
      if (await this.#apply((_, now) => makeEvent(now))) return this.#state;
    }
    throw new StoreConflictError({ rollout: this.#options.rollout, attempts: maxAttempts });
  }

  async #askBudget(
    now: number,
    signal?: AbortSignal,
  ): Promise<{ readonly isBudgetLeft?: boolean; readonly budget?: BudgetVerdict }> {
    const budget = await this.#budget?.judge(now, signal);
    return budget === undefined ? {} : { isBudgetLeft: budget.isLeft, budget };
  }

  /** Makes one event of the newest state and writes what it leads to. Whether nobody was faster. */
  async #apply(
    makeEvent: (
      state: RolloutState,
      now: number,
    ) => RolloutEvent | undefined | Promise<RolloutEvent | undefined>,
    signal?: AbortSignal,
  ): Promise<boolean> {
    const { rollout, store, stable } = this.#options;
    const { state: stored, head, now } = await store.read(rollout, { signal });
    this.#storeNow = now;
    const before = stored ?? initialState(stable ?? null);
    this.#adopt(before);
    const event = await makeEvent(before, now);
    if (event === undefined) return true;
    const { state: after, transition } = step(before, event, now);
    if (after === before) return true;
    const entry = transition && (await createAuditEntry({ rollout, before, after, event, transition, head }));
    const change = { expectedRevision: before.revision, state: after, entry };
    const isWritten = await store.compareAndSet(rollout, change, { signal });
    if (isWritten) this.#adopt(after);
    return isWritten;
  }

  /** Takes a state that is newer than the one it knows. */
  #adopt(state: RolloutState): void {
    if (state.revision <= this.#state.revision) return;
    this.#state = state;
    const { run } = state;
    if (run === null) this.#evidence = undefined;
    else if (run.stageRevision !== this.#evidence?.stageRevision) {
      this.#evidence = new StageEvidence(run.stageRevision, run.policy, this.#registry);
    }
    this.#options.onState?.(state);
  }
}
