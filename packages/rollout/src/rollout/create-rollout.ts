import {
  definePredictor,
  type Environment,
  InvalidOptionsError,
  UnsupportedError,
  type PredictOptions,
  type Predictor,
  systemEnvironment,
} from "@mlops/core";

import type { Attributes } from "../cohort/attributes.ts";
import { RolloutController } from "../controller/rollout-controller.ts";
import { isCallersFault } from "../guardrail/callers-fault.ts";
import { builtInGuardrails } from "../guardrail/built-in-guardrails.ts";
import type { RolloutState } from "../engine/state.ts";
import type { GuardrailEvent } from "../guardrail/guardrail.ts";
import { ChangeListeners } from "./change-listeners.ts";
import type { CreateRolloutOptions } from "./create-rollout-options.ts";
import { KeptVersions, keyOf, uncountedRoute } from "./kept-versions.ts";
import type { Rollout } from "./rollout.ts";
import { ShadowRunner, toCodedError } from "./shadow-runner.ts";
import { ShadowPairs } from "./shadow-pairs.ts";
import { type Route, RoutingSnapshot } from "./snapshot.ts";
import { describeState, type RolloutStatus } from "./status.ts";

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
  readonly #kept: KeptVersions;
  readonly #listeners = new ChangeListeners();
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
    this.#kept = new KeptVersions({
      rollout: name,
      assignments: options.assignments,
      now: () => this.#sharedNow(),
      onProblem: (what, cause) => this.#hasProblem(what, cause),
    });
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
        this.#listeners.tell(before, state, (newer) => this.#status(newer));
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
        this.#kept.check(policy);
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
      reportOutcome: (report) => this.#kept.report(this.#snapshot, report),
      tick: () => this.#tick(),
      status: () => this.#status(controller.state),
      subscribe: (listener) => this.#listeners.add(listener),
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
    const key = keyOf(snapshot, attributes, options);
    const hashed = this.#route(snapshot, attributes, key);
    const route = snapshot.isKept ? await this.#keep(snapshot, hashed, attributes, key) : hashed;
    const predictor = this.#versionOf(route);
    const environment = this.#environment;
    const { arm } = route;
    const shadowed = route.isShadowed && this.#shadow.reserve() ? this.#copy(input) : undefined;
    const startedAt = environment.now();
    try {
      const output = await predictor.predict(input, options);
      const endedAt = environment.now();
      const totalMs = endedAt - startedAt;
      this.#spend("success", totalMs, endedAt);
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
      if (!isCallersFault(event)) this.#spend("failure", totalMs, endedAt);
      if (arm !== undefined) this.#controller.observe(event, arm, snapshot.stageRevision, route.version);
      // What the live version did not answer cannot be compared.
      if (shadowed !== undefined) this.#shadow.release();
      throw cause;
    }
  }

  #spend(outcome: "success" | "failure", totalMs: number, at: number): void {
    try {
      this.#options.errorBudget?.observe(outcome, totalMs, at);
    } catch (cause) {
      // An answer is not lost for want of its count.
      this.#hasProblem("the error budget could not count a request", cause);
    }
  }

  #route(snapshot: RoutingSnapshot, attributes: Attributes, key: string | undefined): Route {
    const { stable } = this.#options;
    if (this.#isStableOnly()) {
      return uncountedRoute(this.#controller.state.stable ?? stable);
    }
    const route = snapshot.route(key, attributes, this.#random);
    if (route === "reject") {
      throw new InvalidOptionsError({
        option: "key",
        problem:
          "is absent, and the rollout under way takes no requests without one; pass the user's or the session's",
      });
    }
    return route ?? uncountedRoute(stable);
  }

  async #keep(
    snapshot: RoutingSnapshot,
    hashed: Route,
    attributes: Attributes,
    key: string | undefined,
  ): Promise<Route> {
    if (this.#isStableOnly()) return uncountedRoute(hashed.version);
    return this.#kept.keep(snapshot, hashed, attributes, key);
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
      this.#hasProblem("the attributes of a request could not be read", cause);
      return nothingKnown;
    }
  }

  /** What time it is for all who share the store. */
  #sharedNow(): number {
    return this.#environment.now() + this.#clockOffset;
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
      this.#hasProblem("an input could not be copied for the shadow", cause);
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

  #hasProblem(what: string, cause: unknown): void {
    this.#problem = `${what}: ${messageOf(cause)}`;
  }

  #status(state: RolloutState): RolloutStatus {
    const now = this.#environment.now();
    return {
      ...describeState(state, now),
      replica: { stalenessMs: now - this.#knownAt, problem: this.#problem },
    };
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

const nothingKnown: Attributes = Object.freeze({});

function listed(versions: Readonly<Record<string, unknown>>): string {
  return Object.keys(versions)
    .map((version) => JSON.stringify(version))
    .join(", ");
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
