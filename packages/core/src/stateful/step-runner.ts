import type { Environment } from "../environment.ts";
import { type ErrorCode } from "../errors/error-codes.ts";
import { MlopsError } from "../errors/mlops-error.ts";
import { OverloadedError } from "../errors/overloaded-error.ts";
import type { PredictOptions } from "../predictor/predictor.ts";
import type { TensorMap } from "../tensor/tensor.ts";
import type { StatefulSession } from "./session.ts";
import type { StateLayout } from "./state-layout.ts";
import type { StatefulLimits } from "./stateful-options.ts";
import type { Step } from "./step.ts";
import {
  canShareRun,
  DependentRowsError,
  joinSteps,
  type PreparedStep,
  prepareStep,
  splitOutputs,
} from "./step-batch.ts";

/** What a {@link StepRunner} is made of. */
export interface StepRunnerOptions extends Pick<
  StatefulLimits,
  "maxBatchSize" | "maxParallelRuns" | "maxQueueSize"
> {
  /** The name of the model, for errors. */
  readonly model: string;
  /** The name of the backend, for errors. */
  readonly backend: string;
  readonly layout: StateLayout;
  readonly environment: Environment;
  readonly predict: (inputs: TensorMap, options: PredictOptions) => Promise<TensorMap>;
  /** Is told of a session none of whose steps is left. */
  readonly onIdle: (session: StatefulSession) => void;
}

/**
 * Runs the steps of sessions: those of one in their order, one after the other, and those of
 * different ones together where they fit. While a run is under way steps gather.
 */
export class StepRunner {
  readonly #options: StepRunnerOptions;
  /** Sessions with a step that may begin, in the order in which they are served. */
  #ready: StatefulSession[] = [];
  /** Steps that wait, of all sessions. */
  #waiting = 0;
  #running = 0;
  #runs = 0;
  #sharesRuns: boolean;
  #isPlanned = false;
  /** How long the last run took, in milliseconds: about when there is room again. */
  #lastRunMs = 1;

  constructor(options: StepRunnerOptions) {
    this.#options = options;
    this.#sharesRuns = options.layout.obstacle === undefined && options.maxBatchSize > 1;
  }

  /** Steps that wait. */
  get queued(): number {
    return this.#waiting;
  }

  /** @throws OverloadedError `OVERLOADED` when too many steps wait. */
  checkRoom(): void {
    const { model, maxQueueSize } = this.#options;
    if (this.#waiting + this.#running < maxQueueSize) return;
    throw new OverloadedError({ model, reason: "queue-full", retryAfterMs: this.#lastRunMs });
  }

  submit(step: Step): Promise<TensorMap> {
    if (step.isSettled) return step.answer;
    const { session } = step;
    step.onGivenUp = () => this.#forget(step);
    session.waiting.push(step);
    this.#waiting += 1;
    if (session.waiting.length === 1 && !session.isRunning) this.#ready.push(session);
    this.#plan();
    return step.answer;
  }

  #forget(step: Step): void {
    const { session } = step;
    const place = session.waiting.indexOf(step);
    if (place === -1) return;
    session.waiting.splice(place, 1);
    this.#waiting -= 1;
    if (session.isIdle) {
      this.#ready = this.#ready.filter((other) => other !== session);
      this.#options.onIdle(session);
    }
  }

  /** Once all that this turn of the event loop wakes has asked, so that it can share a run. */
  #plan(): void {
    if (this.#isPlanned || this.#runs >= this.#options.maxParallelRuns) return;
    this.#isPlanned = true;
    this.#options.environment.endOfTurn(() => {
      this.#isPlanned = false;
      while (this.#runs < this.#options.maxParallelRuns && this.#ready.length > 0) {
        const batch = this.#takeBatch();
        if (batch.length > 0) void this.#run(batch);
      }
    });
  }

  /** The next step of the session that is first, and of others whose next step fits it. */
  #takeBatch(): PreparedStep[] {
    const { maxBatchSize, layout, model } = this.#options;
    const batch: PreparedStep[] = [];
    const left: StatefulSession[] = [];
    let rows = 0;
    for (const session of this.#ready) {
      const [step] = session.waiting;
      // A session that is ready has a step that waits.
      if (batch.length > 0 && (!this.#sharesRuns || rows + step!.rows > maxBatchSize)) {
        left.push(session);
        continue;
      }
      let prepared: PreparedStep;
      try {
        prepared = prepareStep(step!, layout, model);
      } catch (error) {
        this.#dropFirst(session);
        step!.fail(error);
        if (session.isIdle) this.#options.onIdle(session);
        else left.push(session);
        continue;
      }
      if (batch.length > 0 && !canShareRun(batch[0]!, prepared, layout)) {
        left.push(session);
        continue;
      }
      this.#dropFirst(session);
      session.isRunning = true;
      step!.begin();
      batch.push(prepared);
      rows += step!.rows;
    }
    this.#ready = left;
    return batch;
  }

  #dropFirst(session: StatefulSession): void {
    session.waiting.shift();
    this.#waiting -= 1;
  }

  async #run(batch: readonly PreparedStep[]): Promise<void> {
    const { environment, onIdle } = this.#options;
    const startedAt = environment.now();
    this.#runs += 1;
    this.#running += batch.length;
    await this.#attempt(batch);
    this.#runs -= 1;
    this.#running -= batch.length;
    this.#lastRunMs = Math.max(environment.now() - startedAt, 1);
    for (const { step } of batch) {
      const { session } = step;
      session.isRunning = false;
      if (session.waiting.length > 0) this.#ready.push(session);
      onIdle(session);
    }
    if (this.#ready.length > 0) this.#plan();
  }

  /** Answers every step of a batch. Of several that failed together, nobody knows whose fault it was: each half runs again. */
  async #attempt(batch: readonly PreparedStep[]): Promise<void> {
    const live = batch.filter(({ step }) => !step.isSettled);
    if (live.length === 0) return;
    const { layout, backend } = this.#options;
    try {
      const outputs = await this.#predict(live);
      const results = splitOutputs(outputs, live, layout, backend);
      live.forEach(({ step }, index) => step.succeed(results[index]!));
    } catch (error) {
      if (live.length === 1 || isForAll(error)) {
        for (const { step } of live) step.fail(error);
        return;
      }
      const middle = Math.ceil(live.length / 2);
      let parts = [live.slice(0, middle), live.slice(middle)];
      if (error instanceof DependentRowsError) {
        this.#sharesRuns = false;
        parts = live.map((prepared) => [prepared]);
      }
      for (const part of parts) await this.#attempt(part);
    }
  }

  /** Asks the predictor, for as long as one of the callers waits. */
  async #predict(batch: readonly PreparedStep[]): Promise<TensorMap> {
    const inputs = joinSteps(batch, this.#options.layout);
    const [{ step: first }] = batch as [PreparedStep];
    if (batch.length === 1) return this.#options.predict(inputs, first.options);
    const controller = new AbortController();
    const stop = (): void => {
      if (batch.every(({ step }) => step.isSettled)) controller.abort(first.options.signal?.reason);
    };
    for (const { step } of batch) step.onGivenUp = stop;
    const deadlines = batch.map(({ step }) => step.options.deadline ?? Infinity);
    const deadline = Math.max(...deadlines);
    return this.#options.predict(inputs, {
      signal: controller.signal,
      deadline: deadline === Infinity ? undefined : deadline,
      priority: first.options.priority,
    });
  }
}

/** Errors that say nothing against a step: what is run again has the same. */
const forAll: readonly ErrorCode[] = ["ABORTED", "CLOSED", "DEADLINE_EXCEEDED", "OVERLOADED"];

function isForAll(error: unknown): boolean {
  return MlopsError.isInstance(error) && forAll.some((code) => code === error.code);
}
