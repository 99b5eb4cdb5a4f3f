import type { AuditEntry } from "../audit/audit-entry.ts";
import type { BudgetGate } from "../budget/budget-gate.ts";
import type { Attributes } from "../cohort/attributes.ts";
import { RolloutController } from "../controller/rollout-controller.ts";
import { stageOf } from "../engine/gates.ts";
import type { RolloutState } from "../engine/state.ts";
import { builtInGuardrails } from "../guardrail/built-in-guardrails.ts";
import { isCallersFault } from "../guardrail/callers-fault.ts";
import type { Arm, GuardrailEvent, GuardrailKind } from "../guardrail/guardrail.ts";
import type { RolloutPolicy } from "../policy/policy.ts";
import { RoutingSnapshot } from "../rollout/snapshot.ts";
import { createMemoryStore } from "../store/memory-store.ts";
import type { RecordedEvent } from "./recorded-event.ts";

export { readEvents, type RecordedEvent } from "./recorded-event.ts";
export type { TextSource } from "../ndjson/read-json-lines.ts";

/** Options of {@link retrospect}. */
export interface RetrospectOptions {
  /** What happened, in the order in which the requests ended. `readEvents` reads them from a file. */
  readonly events: AsyncIterable<RecordedEvent> | Iterable<RecordedEvent>;
  /** The version that is rolled out, and the one before it, as the events name them. Events of others are left out. */
  readonly candidate: string;
  readonly stable: string;
  /**
   * Which version a request counts for.
   * - `recorded`: whichever answered it then. What watches the split itself (`sample-ratio`) then only
   *   listens, as the split was another one.
   * - `policy`: the one that the policy gives its key. What the other version answered is left out: for
   *   requests that both versions answered, as in a shadow.
   *
   * Default `recorded`.
   */
  readonly assignment?: "recorded" | "policy" | undefined;
  /** Whether everybody approves at once, or nobody ever does. Default `never`. */
  readonly approvals?: "at-once" | "never" | undefined;
  /** What is known of an event's user, where stages are for a cohort. Default nothing. */
  readonly attributes?: ((event: RecordedEvent) => Attributes) | undefined;
  /** Kinds of guardrails besides the built-in ones. */
  readonly guardrails?: readonly GuardrailKind[] | undefined;
  /** An error budget that has counted nothing yet. Default none. */
  readonly errorBudget?: BudgetGate | undefined;
}

/** What a policy would have done. */
export interface Retrospect {
  /** `undecided`: the events ended before the rollout did. */
  readonly result: "completed" | "rolled-back" | "undecided";
  /** Each change, in order. */
  readonly decisions: readonly RetrospectDecision[];
  /** From the first event to the end of the rollout, or of the events, in milliseconds. */
  readonly durationMs: number;
  /** Requests until then. */
  readonly requests: {
    /** Those that the candidate answered: all that a bad one would have touched. */
    readonly candidate: number;
    /** How many of these failed. */
    readonly candidateFailures: number;
    /** Those that it was compared with. */
    readonly control: number;
    /** Those that count for neither. */
    readonly leftOut: number;
  };
  readonly state: RolloutState;
  /** The audit log, as a rollout would have left it. */
  readonly audit: readonly AuditEntry[];
}

/** One change that would have been. */
export interface RetrospectDecision {
  /** When, in milliseconds since the Unix epoch, and after the first event. */
  readonly at: number;
  readonly afterMs: number;
  readonly type: AuditEntry["type"];
  readonly actor: string;
  readonly reason: string;
  /** The stage that it led to, from 1, and its weight; absent where it ended the rollout. */
  readonly stage?: number | undefined;
  readonly weight?: number | undefined;
  /** How many requests the candidate had answered by then. */
  readonly candidateRequests: number;
}

/** Numbers in [0, 1) are not drawn: the past has no chance in it. Requests without a key are the stable version's half. */
const withoutChance = (): number => 0.5;

/**
 * Runs a policy over what was recorded, and tells what it would have done: each decision with its
 * time and reason, and how many requests the candidate would have answered by then. The engine, the
 * guardrails and their evidence are those of a rollout; the clock is that of the events.
 *
 * What would have been different because of other decisions is not known: requests that the candidate
 * never answered have no outcome. An `externalGuardrail` is asked what it says now.
 *
 * @throws InvalidPolicyError `INVALID_POLICY`
 */
export async function retrospect(policy: RolloutPolicy, options: RetrospectOptions): Promise<Retrospect> {
  const replay = new Replay(policy, options);
  for await (const event of options.events) {
    await replay.hear(event);
    if (replay.isOver) break;
  }
  return replay.finish();
}

/** The name under which nobody else has anything: the store is its own. */
const rollout = "retrospect";
const actor = "retrospect";

class Replay {
  readonly #options: RetrospectOptions;
  readonly #policy: RolloutPolicy;
  readonly #store: ReturnType<typeof createMemoryStore>;
  readonly #controller: RolloutController;
  readonly #decisions: RetrospectDecision[] = [];
  readonly #audit: AuditEntry[] = [];
  readonly #requests = { candidate: 0, candidateFailures: 0, control: 0, leftOut: 0 };
  #snapshot: RoutingSnapshot;
  #startedAt: number | undefined;
  #now = 0;

  constructor(policy: RolloutPolicy, options: RetrospectOptions) {
    this.#options = options;
    const { assignment = "recorded", stable, guardrails = [], errorBudget } = options;
    this.#policy = assignment === "policy" ? policy : withoutSplit(policy);
    this.#store = createMemoryStore({ now: () => this.#now });
    this.#controller = new RolloutController({
      rollout,
      replica: actor,
      store: this.#store,
      guardrails: [...builtInGuardrails, ...guardrails],
      stable,
      budget: errorBudget,
      onState: (state) => {
        this.#snapshot = new RoutingSnapshot(state);
      },
    });
    this.#snapshot = new RoutingSnapshot(this.#controller.state);
  }

  get isOver(): boolean {
    return this.#startedAt !== undefined && this.#controller.state.run === null;
  }

  async hear(event: RecordedEvent): Promise<void> {
    const { candidate } = this.#options;
    const endedAt = event.startedAt + event.totalMs;
    if (this.#startedAt === undefined) {
      this.#startedAt = this.#now = event.startedAt;
      await this.#controller.start(candidate, this.#policy, actor);
      await this.#hearDecisions();
    }
    await this.#passTime(endedAt);
    if (!this.isOver) this.#count(event);
  }

  /** Asks the guardrails whenever they are due before a time. */
  async #passTime(until: number): Promise<void> {
    for (let { run } = this.#controller.state; run !== null; { run } = this.#controller.state) {
      const due = Math.max(run.nextTickAt, this.#now);
      if (!(due <= until)) break;
      this.#now = due;
      await this.#controller.tick();
      await this.#approve();
      await this.#hearDecisions();
    }
    if (until > this.#now) this.#now = until;
  }

  async #approve(): Promise<void> {
    if (this.#options.approvals !== "at-once") return;
    for (let count = 1; this.#controller.state.run?.phase === "awaiting-approval"; count += 1) {
      const { stageRevision } = this.#controller.state.run;
      await this.#controller.command({ type: "approve", actor: `approver-${count}`, stageRevision });
    }
  }

  #count(event: RecordedEvent): void {
    const { errorBudget } = this.#options;
    if (!isCallersFault(event)) errorBudget?.observe(event.outcome, event.totalMs, this.#now);
    const counted = this.#assign(event);
    if (counted === undefined) {
      this.#requests.leftOut += 1;
      return;
    }
    const [arm, seen, isShadow] = counted;
    if (arm === "control") this.#requests.control += 1;
    else if (!isShadow) {
      this.#requests.candidate += 1;
      if (event.outcome === "failure") this.#requests.candidateFailures += 1;
    }
    const { stageRevision } = this.#snapshot;
    this.#controller.observe(seen, arm, stageRevision);
    if (event.isCorrect !== undefined) this.#controller.observeQuality(event.isCorrect, arm);
  }

  /** Whose request it is; `undefined` where it is nobody's. */
  #assign(event: RecordedEvent): readonly [arm: Arm, seen: GuardrailEvent, isShadow: boolean] | undefined {
    const { candidate, stable, assignment = "recorded", attributes } = this.#options;
    const { version } = event;
    if (version !== candidate && version !== stable) return undefined;
    if (assignment === "recorded") {
      const { run } = this.#controller.state;
      const isShadow = run !== null && stageOf(run).weight === 0;
      return version === candidate ? ["candidate", event, isShadow] : ["control", event, false];
    }
    const route = this.#snapshot.route(event.key, attributes?.(event) ?? {}, withoutChance);
    if (route === undefined || route === "reject") return undefined;
    if (version === candidate && route.isShadowed) return ["candidate", { ...event, live: event.live }, true];
    if (route.version !== version || route.arm === undefined) return undefined;
    return [route.arm, event, false];
  }

  async #hearDecisions(): Promise<void> {
    const from = this.#audit.length + 1;
    for await (const entry of this.#store.readAudit(rollout, { from })) {
      this.#audit.push(entry);
      const { at, type, reason } = entry;
      const { run } = this.#controller.state;
      this.#decisions.push({
        at,
        afterMs: at - (this.#startedAt ?? at),
        type,
        actor: entry.actor,
        reason,
        ...(run !== null && { stage: run.stage + 1, weight: stageOf(run).weight }),
        candidateRequests: this.#requests.candidate,
      });
    }
  }

  finish(): Retrospect {
    const { state } = this.#controller;
    const { last, run } = state;
    const result = run !== null || last === null || last.result === "replaced" ? "undecided" : last.result;
    return {
      result,
      decisions: this.#decisions,
      durationMs: (run === null && last !== null ? last.at : this.#now) - (this.#startedAt ?? this.#now),
      requests: { ...this.#requests },
      state,
      audit: this.#audit,
    };
  }
}

/** The policy, with what watches the split only listening. */
function withoutSplit(policy: RolloutPolicy): RolloutPolicy {
  const guardrails = policy.guardrails.map((rule) =>
    rule.kind === "sample-ratio" ? { ...rule, dryRun: true } : rule,
  );
  return { ...policy, guardrails };
}
