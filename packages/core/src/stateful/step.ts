import { AbortedError } from "../errors/aborted-error.ts";
import type { PredictOptions } from "../predictor/predictor.ts";
import type { TensorMap } from "../tensor/tensor.ts";
import type { StatefulSession } from "./session.ts";

/** What a {@link Step} is made of. */
export interface StepParts {
  readonly session: StatefulSession;
  /** The caller's inputs, which fit the signature. */
  readonly tensors: TensorMap;
  /** The size of their first dimension, where it varies; else 1. */
  readonly rows: number;
  readonly options: PredictOptions;
}

/** What a run gave for one step. */
export interface StepResult {
  readonly outputs: TensorMap;
  readonly states: NonNullable<StatefulSession["states"]>;
  readonly history: StatefulSession["history"];
}

/** One step of a session, until it has its answer. */
export class Step {
  readonly session: StatefulSession;
  readonly tensors: TensorMap;
  readonly rows: number;
  readonly options: PredictOptions;
  readonly answer: Promise<TensorMap>;
  /** Is called when its caller gives it up. */
  onGivenUp: (() => void) | undefined;
  isSettled = false;
  #isRunning = false;
  #resolve!: (outputs: TensorMap) => void;
  #reject!: (error: unknown) => void;

  constructor({ session, tensors, rows, options }: StepParts) {
    this.session = session;
    this.tensors = tensors;
    this.rows = rows;
    this.options = options;
    this.answer = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    options.signal?.addEventListener("abort", this.#onAbort, { once: true });
    if (options.signal?.aborted) this.#onAbort();
  }

  begin(): void {
    this.#isRunning = true;
  }

  /** Moves the session on and answers, both or neither: a step that was given up changes nothing. */
  succeed({ outputs, states, history }: StepResult): void {
    if (!this.#settle()) return;
    this.session.states = states;
    this.session.history = history;
    this.#resolve(outputs);
  }

  fail(error: unknown): void {
    if (this.#settle()) this.#reject(error);
  }

  #settle(): boolean {
    if (this.isSettled) return false;
    this.isSettled = true;
    this.options.signal?.removeEventListener("abort", this.#onAbort);
    return true;
  }

  readonly #onAbort = (): void => {
    const stage = this.#isRunning ? "running" : "queued";
    this.fail(new AbortedError({ stage, cause: this.options.signal?.reason }));
    this.onGivenUp?.();
  };
}
