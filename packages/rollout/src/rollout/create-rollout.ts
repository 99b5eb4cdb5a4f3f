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
import type { GuardrailEvent, GuardrailKind } from "../guardrail/guardrail.ts";
import type { RolloutStore } from "../store/store.ts";
import type { RolloutState } from "../engine/state.ts";
import { type RolloutChange, typeOfChange } from "./change.ts";
import type { Rollout } from "./rollout.ts";
import { type ShadowLimits, ShadowRunner, toCodedError } from "./shadow-runner.ts";
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
  /** What is known of a request's user; asked only where a stage is for a cohort. Default nothing. */
  readonly attributes?: ((input: Input, options: PredictOptions) => Attributes) | undefined;
  /**
   * A copy of an input for the shadow, which may run when the caller has its answer and has changed
   * the input. Default `structuredClone`.
   */
  readonly copyInput?: ((input: Input) => Input) | undefined;
  readonly shadow?: ShadowLimits | undefined;
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
  readonly #copyInput: (input: Input) => Input;
  readonly #random: () => number;
  readonly #listeners: Set<(change: RolloutChange) => void> = new Set();
  #known: RolloutState;
  #snapshot: RoutingSnapshot;
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
    this.#controller = new RolloutController({
      rollout: name,
      replica: options.replica ?? crypto.randomUUID(),
      store,
      guardrails: [...builtInGuardrails, ...guardrails],
      stable,
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
      start: (candidate, policy, { actor }) => controller.start(candidate, policy, actor),
      approve: ({ actor }) =>
        command({ type: "approve", actor, stageRevision: controller.state.run?.stageRevision ?? -1 }),
      promote: ({ actor, reason, to = "next-stage" }) => command({ type: "promote", actor, reason, to }),
      pause: ({ actor, reason }) => command({ type: "pause", actor, reason }),
      resume: ({ actor }) => command({ type: "resume", actor }),
      abort: ({ actor, reason }) => command({ type: "abort", actor, reason }),
      reportQuality: ({ key, isCorrect }) => {
        const route = this.#snapshot.route(key, () => ({}), this.#random);
        const arm = route === "reject" ? undefined : route?.arm;
        if (arm !== undefined) controller.observeQuality(isCorrect, arm);
      },
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
    const route = this.#route(snapshot, input, options);
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
        this.#controller.observe({ outcome: "success", totalMs, output }, arm, snapshot.stageRevision);
      }
      if (shadowed !== undefined) this.#runShadow(snapshot, shadowed.input, options, output);
      return output;
    } catch (cause) {
      const endedAt = environment.now();
      const totalMs = endedAt - startedAt;
      const event: GuardrailEvent = { outcome: "failure", totalMs, error: toCodedError(cause) };
      if (!isCallersFault(event)) budget?.observe("failure", totalMs, endedAt);
      if (arm !== undefined) this.#controller.observe(event, arm, snapshot.stageRevision);
      // What the live version did not answer cannot be compared.
      if (shadowed !== undefined) this.#shadow.release();
      throw cause;
    }
  }

  #route(snapshot: RoutingSnapshot, input: Input, options: PredictOptions): Route {
    const { attributes, onStale = "keep", staleAfterMs = 60_000, stable } = this.#options;
    if (onStale === "stable" && this.#environment.now() - this.#knownAt > staleAfterMs) {
      return { version: this.#controller.state.stable ?? stable, arm: undefined, isShadowed: false };
    }
    const route = snapshot.route(options.key, () => attributes?.(input, options) ?? {}, this.#random);
    if (route === "reject") {
      throw new InvalidOptionsError({
        option: "key",
        problem:
          "is absent, and the rollout under way takes no requests without one; pass the user's or the session's",
      });
    }
    return route ?? { version: stable, arm: undefined, isShadowed: false };
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
        this.#controller.observe({ ...event, live }, "candidate", snapshot.stageRevision);
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

function listed(versions: Readonly<Record<string, unknown>>): string {
  return Object.keys(versions)
    .map((version) => JSON.stringify(version))
    .join(", ");
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
