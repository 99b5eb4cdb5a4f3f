import { headStartMs } from "../scheduling/priority.ts";
import { createPredictor } from "./create-predictor.ts";
import { type FakeRun, FakeSession, fakeBackend, rows, valuesOfY } from "./fake-backend.fixtures.ts";
import { FakeEnvironment, settled } from "./fake-environment.fixtures.ts";
import type { PredictionEvent } from "./prediction-event.ts";
import type { Predictor } from "./predictor.ts";
import {
  type ScheduleOptions,
  type Step,
  type SubmitStep,
  type SubmittedRequest,
  typedModel,
  wordsOf,
} from "./submitted-request.fixtures.ts";

/** Plays a schedule on a predictor, and knows how each request may end. */
export class Schedule {
  readonly session: FakeSession;
  readonly environment: FakeEnvironment = new FakeEnvironment();
  readonly requests: SubmittedRequest[] = [];
  readonly events: PredictionEvent[] = [];
  readonly violations: string[] = [];
  readonly #options: ScheduleOptions;
  readonly #byValue = new Map<number, SubmittedRequest>();
  readonly #finishedValues = new Set<number>();
  #predictor!: Predictor<number[], unknown[]>;
  #isClosing = false;
  /** The most rows that may have waited together since everything had settled. */
  #mostWaiting = 0;

  constructor(options: ScheduleOptions) {
    this.#options = options;
    this.session = new FakeSession({ hold: true, supportsParallelRuns: options.supportsParallelRuns });
  }

  async start(): Promise<void> {
    const { maxBatchSize, maxDelayMs, maxQueueSize } = this.#options;
    this.#predictor = await createPredictor({
      model: typedModel,
      backend: fakeBackend(this.session),
      environment: this.environment,
      warmup: false,
      batching: maxBatchSize === 0 ? false : { maxBatchSize, maxDelayMs },
      queue: { maxSize: maxQueueSize },
    });
    this.#predictor.observe((event) => this.events.push(event));
  }

  async take(step: Step): Promise<void> {
    const { requests, session } = this;
    switch (step.type) {
      case "submit":
        return this.#submit(step);
      case "abort":
        return this.#abort(requests[step.choice % requests.length]);
      case "finish":
      case "fail":
        return this.#end(session.heldRuns[step.choice % session.heldRuns.length], step.type);
      case "advance":
        // No timer comes before the promises that the turn has settled have been heard.
        for (let microtask = 0; microtask < 30; microtask += 1) await Promise.resolve();
        return this.#advance(step.byMs);
      case "settle":
        return this.#settle();
      case "close":
        return void this.close();
    }
  }

  close(): Promise<void> {
    this.#isClosing = true;
    return this.#predictor.close();
  }

  /** Finishes all that is left, and closes. */
  async finish(): Promise<void> {
    const closing = this.close();
    await this.#settle();
    while (this.session.heldRuns.length > 0 || this.#predictor.health().queued > 0) {
      if (this.session.heldRuns.length === 0) this.#advance(this.#options.maxDelayMs);
      this.#end(this.session.heldRuns[0], "finish");
      await this.#settle();
    }
    await closing;
    // Those that came after the end were refused, which is told, too.
    this.environment.runDeferred();
    const { status, queued, running } = this.#predictor.health();
    this.#hold(status === "closed" && queued === 0 && running === 0, "is closed and empty");
  }

  #submit(step: SubmitStep): void {
    const { requests, environment, session } = this;
    const { isTyped, maxQueueSize } = this.#options;
    const controller = new AbortController();
    const first = 1 + this.#byValue.size;
    const { deadlineMs = Infinity, priority = "normal" } = step;
    const now = environment.now();
    const request: SubmittedRequest = {
      ...step,
      values: Array.from({ length: step.rowCount }, (_, index) => first + index),
      controller,
      deadline: now + deadlineMs,
      rank: now - headStartMs[priority],
      possible: new Set(),
      isAnswered: false,
      isQueued: !isTyped,
      queuedAt: now,
      runsBefore: session.runs.length,
      runsUntil: Infinity,
      outcomes: [],
    };
    const before = this.#predictor.health();
    const isOverfull = ({ length }: readonly number[]): boolean =>
      length > 0 && length + step.rowCount > maxQueueSize;
    const waiting = this.#waiting();
    const isFull = isOverfull(waiting);
    // The parts of one that has just failed are on their way out.
    const mayBeFull = isOverfull(this.#waiting(["BACKEND_FAILED"]));
    const mayBeLate = Number.isFinite(deadlineMs) && before.queued + before.running > 0;
    requests.push(request);
    for (const value of request.values) this.#byValue.set(value, request);
    if (this.#isClosing) this.#answer(request, "CLOSED");
    else if (step.isAborted) this.#giveUp(request, "ABORTED");
    else if (deadlineMs <= 0) this.#giveUp(request, "DEADLINE_EXCEEDED");
    if (step.isAborted) controller.abort();
    this.#predict(request, {
      signal: controller.signal,
      deadline: request.deadline,
      priority: step.priority,
    });
    const newRows = this.#newcomers().flatMap(({ values }) => values);
    this.#mostWaiting = Math.max(this.#mostWaiting, new Set([...waiting, ...newRows]).size);
    if (isTyped || request.possible.size > 0) return;
    const isRefused = this.#predictor.health().queued === before.queued;
    this.#hold(isRefused ? mayBeFull || mayBeLate : !isFull, "refuses whom it has to, and nobody else");
    if (isRefused && mayBeFull) this.#answer(request, "OVERLOADED queue-full");
    if (isRefused && mayBeLate && !isFull) this.#answer(request, "OVERLOADED deadline");
  }

  #newcomers(): SubmittedRequest[] {
    return this.requests.filter(({ isQueued }) => !isQueued);
  }

  #predict(request: SubmittedRequest, options: object): void {
    const { values, outcomes } = request;
    const answer = this.#options.isTyped
      ? this.#predictor.predict([...values], options)
      : this.#predictor.predictTensors!(rows(...values), options).then(valuesOfY);
    answer.then(
      (result) => outcomes.push(String(result)),
      (error: unknown) => outcomes.push(wordsOf(error)),
    );
  }

  #abort(request: SubmittedRequest | undefined): void {
    if (request === undefined || request.controller.signal.aborted) return;
    request.controller.abort();
    this.#giveUp(request, "ABORTED");
  }

  #advance(byMs: number): void {
    this.environment.advance(byMs);
    for (const request of this.requests) {
      if (request.deadline <= this.environment.now()) this.#giveUp(request, "DEADLINE_EXCEEDED");
    }
  }

  #end(run: FakeRun | undefined, how: "finish" | "fail"): void {
    if (run === undefined) return;
    const members = new Set(run.values.map((value) => this.#byValue.get(value)!));
    const isPoisoned = [...members].some(({ isPoison }) => isPoison);
    if (how === "fail" || isPoisoned) {
      // Of several, nobody fails by this; they run again.
      if (members.size === 1) for (const request of members) this.#settleBy(request, "BACKEND_FAILED");
      run.fail(new Error("run failed"));
      return;
    }
    for (const value of run.values) this.#finishedValues.add(value);
    for (const request of members) {
      if (request.values.every((value) => this.#finishedValues.has(value))) {
        this.#settleBy(request, String(request.values.map((value) => 2 * value)));
      }
    }
    run.finish();
  }

  /** The run's end is an answer, once the microtasks after it have run; until then another may come first. */
  #settleBy(request: SubmittedRequest, outcome: string): void {
    if (request.isAnswered) return;
    this.#answer(request, outcome);
    request.isAnswered = false;
  }

  #giveUp(request: SubmittedRequest, code: string): void {
    if (request.isAnswered) return;
    this.#settleBy(request, code);
    request.isAnswered = request.isQueued;
  }

  #answer(request: SubmittedRequest, outcome: string): void {
    request.possible.add(outcome);
    request.runsUntil = Math.min(request.runsUntil, this.session.runs.length);
    request.isAnswered = true;
  }

  /** The rows that wait for their first run; also those of requests that will end by one of `endings`. */
  #waiting(endings: readonly string[] = []): number[] {
    const begun = new Set(this.session.runs.flatMap(({ values }) => values));
    return this.requests
      .filter(
        ({ possible, isAnswered }) =>
          !isAnswered && [...possible].every((ending) => endings.includes(ending)),
      )
      .flatMap(({ values }) => values.filter((value) => !begun.has(value)));
  }

  /** Lets all that can happen happen; then nothing may be idle that could work. */
  async #settle(): Promise<void> {
    const { isTyped, maxQueueSize, supportsParallelRuns, maxDelayMs } = this.#options;
    const newcomers = this.#newcomers();
    await settled();
    this.#expectLateRefusals();
    for (const request of this.requests) {
      const [outcome] = request.outcomes;
      if (isTyped && newcomers.includes(request) && outcome?.startsWith("OVERLOADED")) {
        const hasCause = outcome.endsWith("full")
          ? this.#mostWaiting > maxQueueSize
          : request.deadline < Infinity;
        if (hasCause) request.possible.add(outcome);
      }
      if (!request.isQueued) request.queuedAt = this.environment.now();
      request.isQueued = true;
      request.isAnswered ||= request.possible.size > 0;
      const count = request.isAnswered ? 1 : 0;
      this.#hold(request.outcomes.length === count, `request ${request.values[0]} is answered in time`);
    }
    this.#mostWaiting = 0;
    const { queued, running } = this.#predictor.health();
    const { heldRuns } = this.session;
    const members = heldRuns.map(
      ({ values }) => new Set(values.map((value) => this.#byValue.get(value))).size,
    );
    this.#hold(running === members.reduce((sum, count) => sum + count, 0), "counts what runs");
    const waitingRows = this.#waiting();
    const cameAt = waitingRows.map((value) => this.#byValue.get(value)!.queuedAt);
    const isGathering = cameAt.length > 0 && Math.min(...cameAt) + maxDelayMs > this.environment.now();
    const isBusy = heldRuns.length > 0 && !supportsParallelRuns;
    this.#hold(queued === 0 || isBusy || isGathering, "is not idle while one waits");
    const waiting = this.requests.filter(({ isAnswered }) => !isAnswered).length;
    this.#hold(queued + running >= waiting, "counts what waits");
    // One that is larger than the queue may wait where nobody else does.
    const isLone = new Set(waitingRows.map((value) => this.#byValue.get(value))).size === 1;
    this.#hold(waitingRows.length <= maxQueueSize || isLone, "keeps the bound of its queue");
  }

  /** Once anybody was refused, who waits with a deadline may be, too, instead of a run. */
  #expectLateRefusals(): void {
    const isOverloaded = this.requests.some(({ outcomes: [outcome] }) => outcome?.startsWith("OVERLOADED"));
    for (const request of this.requests) {
      const isWaiting = request.isQueued && !request.isAnswered && request.deadline < Infinity;
      const isRefused = isWaiting && request.outcomes[0] === "OVERLOADED deadline";
      if (isOverloaded && isRefused) this.#answer(request, "OVERLOADED deadline");
    }
  }

  #hold(holds: boolean, law: string): void {
    if (!holds) this.violations.push(law);
  }
}
