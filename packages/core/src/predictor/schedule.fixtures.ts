import { z } from "zod";

import { MlopsError } from "../errors/mlops-error.ts";
import { defineModel } from "../model/define-model.ts";
import { createPredictor } from "./create-predictor.ts";
import { type FakeRun, FakeSession, fakeBackend, rows, valuesOfY } from "./fake-backend.fixtures.ts";
import { FakeEnvironment, settled } from "./fake-environment.fixtures.ts";
import type { PredictionEvent } from "./prediction-event.ts";
import type { Predictor } from "./predictor.ts";

/** One step of a schedule. `choice` picks one of the requests, or of the runs under way. */
export type Step =
  | { readonly type: "submit"; readonly isAborted: boolean; readonly deadlineMs: number | undefined }
  | { readonly type: "abort" | "finish" | "fail"; readonly choice: number }
  | { readonly type: "advance"; readonly byMs: number }
  | { readonly type: "settle" | "close" };

/** What there is to know of one request. */
export interface SubmittedRequest {
  /** Its only row, which no other request has. */
  readonly value: number;
  readonly controller: AbortController;
  readonly deadline: number;
  /** How it may end: more than one way only where several causes came before anyone could act on the first. */
  readonly possible: Set<string>;
  /** Whether an answer is certain to have been given. */
  isAnswered: boolean;
  /** Whether it has reached the queue: at once as tensors, after its encoding as a typed input. */
  isQueued: boolean;
  mayRun: boolean;
  readonly outcomes: string[];
}

const typedModel = defineModel({
  name: "doubling",
  version: "1",
  artifact: "model.fake",
  input: z.number().refine(async () => true),
  encode: async (value) => rows(value),
  decode: async (outputs) => valuesOfY(outputs)[0],
});

/** Plays a schedule on a predictor, and knows how each request may end. */
export class Schedule {
  readonly session: FakeSession;
  readonly environment: FakeEnvironment = new FakeEnvironment();
  readonly requests: SubmittedRequest[] = [];
  readonly events: PredictionEvent[] = [];
  readonly violations: string[] = [];
  readonly #isTyped: boolean;
  #predictor!: Predictor<number, unknown>;
  #isClosing = false;

  constructor(isTyped: boolean, supportsParallelRuns: boolean) {
    this.#isTyped = isTyped;
    this.session = new FakeSession({ hold: true, supportsParallelRuns });
  }

  async start(): Promise<void> {
    const { environment } = this;
    this.#predictor = await createPredictor({
      model: typedModel,
      backend: fakeBackend(this.session),
      environment,
    });
    this.#predictor.observe((event) => this.events.push(event));
  }

  async take(step: Step): Promise<void> {
    const { requests, session } = this;
    switch (step.type) {
      case "submit":
        return this.#submit(step.isAborted, step.deadlineMs);
      case "abort":
        return this.#abort(requests[step.choice % requests.length]);
      case "finish":
      case "fail":
        return this.#end(session.heldRuns[step.choice % session.heldRuns.length], step.type);
      case "advance":
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
    while (this.session.heldRuns.length > 0) {
      this.#end(this.session.heldRuns[0], "finish");
      await this.#settle();
    }
    await closing;
    this.environment.runDeferred();
    const { status, queued, running } = this.#predictor.health();
    this.#hold(status === "closed" && queued === 0 && running === 0, "is closed and empty");
  }

  #submit(isAborted: boolean, deadlineMs = Infinity): void {
    const { requests, environment } = this;
    const controller = new AbortController();
    const value = requests.length + 1;
    const deadline = environment.now() + deadlineMs;
    const request: SubmittedRequest = {
      value,
      controller,
      deadline,
      possible: new Set(),
      isAnswered: false,
      isQueued: !this.#isTyped,
      mayRun: true,
      outcomes: [],
    };
    requests.push(request);
    if (this.#isClosing) this.#answer(request, "CLOSED");
    else {
      if (isAborted) this.#giveUp(request, "ABORTED");
      if (deadlineMs <= 0) this.#giveUp(request, "DEADLINE_EXCEEDED");
    }
    if (isAborted) controller.abort();
    const options = { signal: controller.signal, deadline };
    const answer = this.#isTyped
      ? this.#predictor.predict(value, options)
      : this.#predictor.predictTensors!(rows(value), options).then((outputs) => valuesOfY(outputs)[0]);
    answer.then(
      (result) => request.outcomes.push(String(result)),
      (error: unknown) =>
        request.outcomes.push(MlopsError.isInstance(error) ? error.code : `untyped ${String(error)}`),
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
    const [value] = run.inputs["x"]!.data as Float32Array;
    const request = this.requests[value! - 1]!;
    if (!request.isAnswered) request.possible.add(how === "finish" ? String(2 * value!) : "BACKEND_FAILED");
    if (how === "finish") run.finish();
    else run.fail(new Error(`run ${value} failed`));
  }

  #giveUp(request: SubmittedRequest, code: string): void {
    if (!this.session.runs.some(({ inputs }) => inputs["x"]!.data[0] === request.value))
      request.mayRun = false;
    if (request.isAnswered) return;
    request.possible.add(code);
    request.isAnswered = request.isQueued;
  }

  #answer(request: SubmittedRequest, code: string): void {
    request.possible.add(code);
    request.isAnswered = true;
    request.mayRun = false;
  }

  /** Lets all that can happen happen; then nothing may be idle that could work. */
  async #settle(): Promise<void> {
    await settled();
    for (const request of this.requests) {
      request.isQueued = true;
      request.isAnswered ||= request.possible.size > 0;
      this.#hold(
        request.outcomes.length === (request.isAnswered ? 1 : 0),
        `request ${request.value} is answered in time`,
      );
    }
    const { queued, running } = this.#predictor.health();
    this.#hold(running === this.session.heldRuns.length, "counts what runs");
    this.#hold(
      queued === 0 || (running === 1 && !this.session.supportsParallelRuns),
      "is not idle while one waits",
    );
    const waiting = this.requests.filter(({ isAnswered }) => !isAnswered).length;
    this.#hold(queued + running >= waiting, "counts what waits");
  }

  #hold(holds: boolean, law: string): void {
    if (!holds) this.violations.push(law);
  }
}
