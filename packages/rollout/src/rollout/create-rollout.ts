import {
  definePredictor,
  type Environment,
  InvalidOptionsError,
  UnsupportedError,
  type PredictOptions,
  type Predictor,
  systemEnvironment,
} from "@mlops/core";

import type { BudgetGate } from "../budget/budget-gate.ts";
import type { Attributes } from "../cohort/attributes.ts";
import { RolloutController } from "../controller/rollout-controller.ts";
import { isCallersFault } from "../guardrail/callers-fault.ts";
import { builtInGuardrails } from "../guardrail/built-in-guardrails.ts";
import type { RolloutState } from "../engine/state.ts";
import type { GuardrailEvent, GuardrailKind } from "../guardrail/guardrail.ts";
import type { RolloutPolicy } from "../policy/policy.ts";
import type { RolloutStore } from "../store/store.ts";
import type { Assignments, OutcomeReceipt } from "./assignments.ts";
import { type RolloutChange, typeOfChange } from "./change.ts";
import type { OutcomeReport, Rollout } from "./rollout.ts";
import { type ShadowLimits, ShadowRunner, toCodedError } from "./shadow-runner.ts";
import { ShadowPairs } from "./shadow-pairs.ts";
import { fallbackKey } from "./fallback-key.ts";
import { type Route, RoutingSnapshot } from "./snapshot.ts";
import { describeState, type RolloutStatus } from "./status.ts";

/** Options of {@link createRollout}. */
export interface CreateRolloutOptions<Input, Output> {
  /** The rollout's name, in the store and in metrics: letters, digits, `.`, `_` and `-`, at most 128. */
  readonly name: string;
  /** The versions that this replica can answer with, by the name that the state knows them by. */
  readonly versions: Readonly<Record<string, Predictor<Input, Output>>>;
  /** The version that answers before anything was rolled out. */
  readonly stable: string;
  /** What the replicas share. */
  readonly store: RolloutStore;
  /** This replica's name, which no other has. Default a random one. */
  readonly replica?: string | undefined;
  /** Kinds of guardrails that policies may name besides the built-in ones. */
  readonly guardrails?: readonly GuardrailKind[] | undefined;
  /**
   * Whether there is room for a rollout: `errorBudget` of `@mlops/rollout/error-budget`. It counts
   * every request, and holds up the start and the stages of policies that heed it. Default none.
   */
  readonly errorBudget?: BudgetGate | undefined;
  /**
   * What is known of a request's user; asked only where it matters. Where it fails nothing is known, and
   * `status().replica.problem` says so. Default nothing.
   */
  readonly attributes?:
    | ((input: Input, options: PredictOptions) => Attributes | Promise<Attributes>)
    | undefined;
  /**
   * A copy of an input for the shadow, which may run when the caller has its answer and has changed
   * the input. Default `structuredClone`.
   */
  readonly copyInput?: ((input: Input) => Input) | undefined;
  readonly shadow?: ShadowLimits | undefined;
  /** What A/B tests, bandits and sticky policies keep keys' versions in. Default none, and none of these can be started. */
  readonly assignments?: Assignments | undefined;
  /** How often this replica looks at the store, in milliseconds; 0: only when `tick` is called. Default 1,000. */
  readonly pollMs?: number | undefined;
  /** After how long without the store what it knows is stale, in milliseconds. Default 60,000. */
  readonly staleAfterMs?: number | undefined;
  /** What a replica does that is stale: go on with what it knows, or give everybody the stable version. Default `keep`. */
  readonly onStale?: "keep" | "stable" | undefined;
  /** Numbers in [0, 1), for requests without a key where the policy wants them at random. Default `Math.random`. */
  readonly random?: (() => number) | undefined;
  readonly environment?: Environment | undefined;
}

/**
 * Makes one predictor of several versions. Read the store before the first request with `tick()`,
 * so that a replica that comes late begins where the others are.
 *
 * @throws InvalidOptionsError `INVALID_OPTIONS` when `stable` is none of the versions.
 */
export function createRollout<Input, Output>(
  options: CreateRolloutOptions<Input, Output>,
): Rollout<Input, Output> {
  return new RolloutRuntime(options).toRollout();
}

/** One replica of a rollout. */
class RolloutRuntime<Input, Output> {
  readonly #options: CreateRolloutOptions<Input, Output>;
  readonly #environment: Environment;
  readonly #controller: RolloutController;
  readonly #shadow: ShadowRunner<Input, Output>;
  readonly #pairs: ShadowPairs;
  readonly #copyInput: (input: Input) => Input;
  readonly #random: () => number;
  readonly #listeners: Set<(change: RolloutChange) => void> = new Set();
  #known: RolloutState;
  #snapshot: RoutingSnapshot;
  /** What the store's clock is ahead of this replica's, in milliseconds. */
  #clockOffset = 0;
  #knownAt: number;
  #problem: string | undefined;
  #cancelPoll: () => void = () => {};
  #isClosed = false;

  constructor(options: CreateRolloutOptions<Input, Output>) {
    const { name, versions, stable, store, guardrails = [], environment = systemEnvironment } = options;
    if (!Object.hasOwn(versions, stable)) {
      const problem = `is ${JSON.stringify(stable)}, which is none of the versions ${listed(versions)}`;
      throw new InvalidOptionsError({ option: "stable", problem });
    }
    this.#options = options;
    this.#environment = environment;
    this.#copyInput = options.copyInput ?? structuredClone;
    this.#random = options.random ?? Math.random;
    this.#shadow = new ShadowRunner(environment, options.shadow);
    this.#pairs = new ShadowPairs(options.shadow?.maxPairs ?? 10_000);
    this.#controller = new RolloutController({
      rollout: name,
      replica: options.replica ?? crypto.randomUUID(),
      store,
      guardrails: [...builtInGuardrails, ...guardrails],
      stable,
      assignments: options.assignments,
      budget: options.errorBudget,
      onState: (state) => {
        const before = this.#known;
        this.#known = state;
        this.#snapshot = new RoutingSnapshot(state);
        this.#tellListeners(before, state);
      },
    });
    this.#known = this.#controller.state;
    this.#snapshot = new RoutingSnapshot(this.#known);
    this.#knownAt = environment.now();
    this.#poll();
  }

  toRollout(): Rollout<Input, Output> {
    const { name, versions, stable, store } = this.#options;
    const controller = this.#controller;
    const { info } = versions[stable]!;
    const predictor = definePredictor<Input, Output>({
      name,
      version: "rollout",
      backend: "rollout",
      device: info.device,
      signature: info.signature,
      labels: info.labels,
      environment: this.#environment,
      members: Object.values(versions),
      predict: (input, limits) => this.#predict(input, limits),
      close: () => this.#close(),
    });
    const command = controller.command.bind(controller);
    const commands: Omit<Rollout<Input, Output>, keyof Predictor<Input, Output>> = {
      get state() {
        return controller.state;
      },
      start: async (candidate, policy, { actor }) => {
        this.#checkAssignments(policy);
        return controller.start(candidate, policy, actor);
      },
      approve: ({ actor }) => {
        const { run } = controller.state;
        const version = run?.experiment === undefined ? {} : { version: run.candidate };
        return command({ type: "approve", actor, stageRevision: run?.stageRevision ?? -1, ...version });
      },
      promote: ({ actor, reason, to = "next-stage", version }) =>
        command({ type: "promote", actor, reason, to, ...(version !== undefined && { version }) }),
      pause: ({ actor, reason }) => command({ type: "pause", actor, reason }),
      resume: ({ actor }) => command({ type: "resume", actor }),
      abort: ({ actor, reason }) => command({ type: "abort", actor, reason }),
      reportQuality: ({ key, isCorrect }) => {
        const route = this.#snapshot.route(key, nothingKnown, this.#random);
        const arm = route === "reject" ? undefined : route?.arm;
        if (typeof route === "object" && arm !== undefined)
          controller.observeQuality(isCorrect, arm, route.version);
      },
      reportTruth: ({ key, truth }) => {
        const { evidence } = controller;
        const pair = evidence && this.#pairs.take(key, evidence.stageRevision);
        if (evidence === undefined || pair === undefined) return false;
        evidence.observeTruth({ output: pair.output, live: pair.live, truth });
        return true;
      },
      reportOutcome: (report) => this.#reportOutcome(report),
      tick: () => this.#tick(),
      status: () => this.#status(controller.state),
      subscribe: (listener) => {
        // The same function may listen twice.
        const own = (change: RolloutChange): void => listener(change);
        this.#listeners.add(own);
        return () => void this.#listeners.delete(own);
      },
      audit: () => store.readAudit(name),
    };
    return Object.defineProperties(predictor, Object.getOwnPropertyDescriptors(commands)) as Rollout<
      Input,
      Output
    >; // It has all properties of both.
  }

  async #predict(input: Input, options: PredictOptions): Promise<Output> {
    const snapshot = this.#snapshot;
    const attributes = snapshot.asksAttributes ? await this.#attributes(input, options) : nothingKnown;
    const hashed = this.#route(snapshot, attributes, options);
    const route = snapshot.isKept ? await this.#keep(snapshot, hashed, attributes, options) : hashed;
    const predictor = this.#versionOf(route);
    const environment = this.#environment;
    const { arm } = route;
    const budget = this.#options.errorBudget;
    const shadowed = route.isShadowed && this.#shadow.reserve() ? this.#copy(input) : undefined;
    const startedAt = environment.now();
    try {
      const output = await predictor.predict(input, options);
      const endedAt = environment.now();
      const totalMs = endedAt - startedAt;
      budget?.observe("success", totalMs, endedAt);
      if (arm !== undefined) {
        const { stageRevision } = snapshot;
        this.#controller.observe({ outcome: "success", totalMs, output }, arm, stageRevision, route.version);
      }
      if (shadowed !== undefined) this.#runShadow(snapshot, shadowed.input, options, output);
      return output;
    } catch (cause) {
      const endedAt = environment.now();
      const totalMs = endedAt - startedAt;
      const event: GuardrailEvent = { outcome: "failure", totalMs, error: toCodedError(cause) };
      if (!isCallersFault(event)) budget?.observe("failure", totalMs, endedAt);
      if (arm !== undefined) this.#controller.observe(event, arm, snapshot.stageRevision, route.version);
      // What the live version did not answer cannot be compared.
      if (shadowed !== undefined) this.#shadow.release();
      throw cause;
    }
  }

  #route(snapshot: RoutingSnapshot, attributes: Attributes, options: PredictOptions): Route {
    const { stable } = this.#options;
    if (this.#isStableOnly()) {
      return { version: this.#controller.state.stable ?? stable, arm: undefined, isShadowed: false };
    }
    const route = snapshot.route(keyOf(snapshot, attributes, options), attributes, this.#random);
    if (route === "reject") {
      throw new InvalidOptionsError({
        option: "key",
        problem:
          "is absent, and the rollout under way takes no requests without one; pass the user's or the session's",
      });
    }
    return route ?? { version: stable, arm: undefined, isShadowed: false };
  }

  /** Whether what it knows is stale, and it was told to give everybody the stable version then. */
  #isStableOnly(): boolean {
    const { onStale = "keep", staleAfterMs = 60_000 } = this.#options;
    return onStale === "stable" && this.#environment.now() - this.#knownAt > staleAfterMs;
  }

  async #attributes(input: Input, options: PredictOptions): Promise<Attributes> {
    try {
      return (await this.#options.attributes?.(input, options)) ?? nothingKnown;
    } catch (cause) {
      this.#problem = `the attributes of a request could not be read: ${messageOf(cause)}`;
      return nothingKnown;
    }
  }

  /** Where a key goes that keeps what it was given. Where that cannot be known it goes by its hash, and counts for nobody. */
  async #keep(
    snapshot: RoutingSnapshot,
    hashed: Route,
    attributes: Attributes,
    options: PredictOptions,
  ): Promise<Route> {
    const { assignments, name: rollout } = this.#options;
    const { run, epoch } = snapshot;
    const key = keyOf(snapshot, attributes, options);
    if (assignments === undefined || run === null || this.#isStableOnly()) return uncounted(hashed.version);
    if (key === undefined) return hashed;
    try {
      const { version, isCounted } = await assignments.keep({
        rollout,
        epoch,
        run,
        key,
        version: hashed.version,
        isCounted: hashed.arm !== undefined,
        stable: snapshot.outside!.version, // There is a rollout, and so a stable version.
        attributes,
        now: this.#sharedNow(),
      });
      if (!isCounted) return uncounted(version);
      return version === hashed.version ? hashed : (snapshot.routeOf(version) ?? hashed);
    } catch (cause) {
      this.#problem = `the assignments could not be read: ${messageOf(cause)}`;
      return uncounted(hashed.version);
    }
  }

  async #reportOutcome({ key, metric, value }: OutcomeReport): Promise<OutcomeReceipt> {
    const { assignments, name: rollout } = this.#options;
    const { run, epoch, outside } = this.#snapshot;
    const declared = run?.policy.experiment?.metric;
    if (assignments === undefined || run === null || declared?.name !== metric) return "no-experiment";
    const stable = outside!.version; // There is a rollout, and so a stable version.
    const number = Number(value);
    if (
      !(Math.abs(number) <= largestOutcome) ||
      (declared.kind === "share" && number !== 0 && number !== 1)
    ) {
      const expected =
        declared.kind === "share"
          ? "true, false, 1 or 0"
          : `a number from -${largestOutcome} to ${largestOutcome}`;
      throw new InvalidOptionsError({ option: "value", problem: `is ${String(value)}; pass ${expected}` });
    }
    return assignments.report({ rollout, epoch, run, stable, key, value: number, now: this.#sharedNow() });
  }

  /** What time it is for all who share the store. */
  #sharedNow(): number {
    return this.#environment.now() + this.#clockOffset;
  }

  #checkAssignments({ experiment, sticky }: RolloutPolicy): void {
    if (this.#options.assignments !== undefined) return;
    if (experiment === undefined && sticky === undefined) return;
    throw new InvalidOptionsError({
      option: "assignments",
      problem:
        "is absent, and the policy keeps what keys were given; pass createAssignments() of @mlops/rollout/experiments",
    });
  }

  #versionOf({ version }: Route): Predictor<Input, Output> {
    const { versions, name } = this.#options;
    if (Object.hasOwn(versions, version)) return versions[version]!;
    throw new UnsupportedError({
      feature: `the version ${JSON.stringify(version)} of ${name}`,
      remedy: `this replica has ${listed(versions)}: open the version there, or abort the rollout`,
    });
  }

  /** Before the caller has its answer, as the input is the caller's again then. */
  #copy(input: Input): { readonly input: Input } | undefined {
    try {
      return { input: this.#copyInput(input) };
    } catch (cause) {
      this.#problem = `an input could not be copied for the shadow: ${messageOf(cause)}`;
      this.#shadow.release();
      return undefined;
    }
  }

  #runShadow(snapshot: RoutingSnapshot, input: Input, options: PredictOptions, live: Output): void {
    const { versions } = this.#options;
    const predictor = snapshot.candidate === undefined ? undefined : versions[snapshot.candidate];
    if (predictor === undefined) {
      this.#shadow.release();
      return;
    }
    // When everybody who waits for an answer has had it.
    this.#environment.defer(() => {
      void this.#shadow.run(predictor, input, options, (event) => {
        const { stageRevision } = snapshot;
        const { key } = options;
        this.#controller.observe({ ...event, live }, "candidate", stageRevision);
        if (key === undefined || !("output" in event)) return;
        if (this.#controller.evidence?.wantsTruth === true) {
          this.#pairs.add(key, { stageRevision, output: event.output, live });
        }
      });
    });
  }

  #status(state: RolloutState): RolloutStatus {
    const now = this.#environment.now();
    return {
      ...describeState(state, now),
      replica: { stalenessMs: now - this.#knownAt, problem: this.#problem },
    };
  }

  #tellListeners(before: RolloutState, state: RolloutState): void {
    if (this.#listeners.size === 0) return;
    const change = { type: typeOfChange(before, state), state, status: this.#status(state) };
    for (const listener of this.#listeners) {
      try {
        listener(change);
      } catch {
        // A listener's trouble is never the rollout's.
      }
    }
  }

  async #tick(): Promise<Rollout<Input, Output>["state"]> {
    try {
      const state = await this.#controller.tick();
      this.#knownAt = this.#environment.now();
      this.#clockOffset = (this.#controller.storeNow ?? this.#knownAt) - this.#knownAt;
      this.#problem = undefined;
      return state;
    } catch (cause) {
      this.#problem = messageOf(cause);
      throw cause;
    }
  }

  #poll(): void {
    const { pollMs = 1_000 } = this.#options;
    if (pollMs === 0 || this.#isClosed) return;
    this.#cancelPoll = this.#environment.setTimer(() => {
      // What went wrong is in the status, and the next time it may go right.
      this.#tick().then(
        () => this.#poll(),
        () => this.#poll(),
      );
    }, pollMs);
  }

  async #close(): Promise<void> {
    this.#isClosed = true;
    this.#cancelPoll();
    await this.#shadow.idle();
  }
}

/** Its square, and a sum of such, is still a number. */
const largestOutcome = 1e100;

const nothingKnown: Attributes = Object.freeze({});

/** A request's key, or what stands in for it. */
function keyOf(
  { run }: RoutingSnapshot,
  attributes: Attributes,
  { key }: PredictOptions,
): string | undefined {
  const fallback = run?.policy.sticky?.fallbackAttribute ?? undefined;
  return key === undefined && fallback !== undefined ? fallbackKey(fallback, attributes) : key;
}

function uncounted(version: string): Route {
  return { version, arm: undefined, isShadowed: false };
}

function listed(versions: Readonly<Record<string, unknown>>): string {
  return Object.keys(versions)
    .map((version) => JSON.stringify(version))
    .join(", ");
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
